import { EventSource, EventSourceErrorEvent, type EventSourceInit } from 'everysource';

const init: EventSourceInit = {
  headers: { Authorization: 'Bearer 1' },
  fetch,
  signal: AbortSignal.timeout(1),
};
const source = new EventSource<{ price: 'up' | 'down' }>('http://localhost/', init);
source.addEventListener('price', (event) => {
  const data: 'up' | 'down' = event.data;
  console.log(data);
});
source.addEventListener('error', (event) => {
  if (event instanceof EventSourceErrorEvent) console.log(event.reason, event.delay?.toFixed());
});
export const native: globalThis.EventSource = source;
// @ts-expect-error an unknown option
export const wrong: EventSourceInit = { header: {} };
