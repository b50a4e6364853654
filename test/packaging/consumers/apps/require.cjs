const everysource = require('everysource');
const receive = require('../receive.cjs');

async function main() {
  const seen = await receive(everysource.EventSource, globalThis.streamUrl);
  console.log(JSON.stringify({ seen, isOneClass: everysource.default === everysource.EventSource }));
}
main();
