/**
 * Over HTTP/2, many streams to one server in one connection. To install: `npm install undici@7`. By itself, the `fetch` of
 * Node 20 to 24 speaks HTTP/1.1, and that of Node 26 opens a connection for each stream. Browsers need none of this.
 */
import { EventSource } from 'everysource';
import { Agent } from 'undici';

const url = process.argv[2] ?? 'https://localhost:8443/feed';

// One connection for up to 100 streams; without these two numbers each stream gets its own. Only for a server that does offer
// HTTP/2: over HTTP/1.1 the second stream would wait for the end of the first.
const options = { dispatcher: new Agent({ allowH2: true, connections: 1, pipelining: 100, bodyTimeout: 0 }) };

for (const topic of ['news', 'weather']) {
  const source = new EventSource(`${url}?topic=${topic}`, {
    fetch: (address, init) => fetch(address, { ...init, ...options }),
  });

  source.onmessage = (event) => console.log(topic, event.lastEventId, event.data);
  source.onerror = (event) => 'message' in event && console.error(event.message);
}
