import everysource = require('everysource');
import polyfill = require('everysource/polyfill');

const init: everysource.EventSourceInit = { headers: { Authorization: 'Bearer 1' } };
const source: everysource.EventSource = new everysource.EventSource('http://localhost/', init);
const constructors: everysource.EventSourceConstructor[] = [everysource.default, polyfill.EventSource];
source.addEventListener('error', (event) => {
  if (event instanceof everysource.EventSourceErrorEvent) event.reason.trim();
});
void constructors;
