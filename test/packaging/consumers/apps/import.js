import Default, { EventSource } from 'everysource';

const source = new EventSource(globalThis.streamUrl);
const seen = [];
source.onmessage = ({ data }) => {
  seen.push(data);
  if (seen.length < 2) return;
  source.close();
  console.log(JSON.stringify({ seen, isOneClass: Default === EventSource }));
};
