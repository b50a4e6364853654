/**
 * A stream may be silent for longer than the 300 s after which Node's `fetch` ends one. To install: `npm install undici@7`.
 * Without the option `fetch` there is nothing to do: the source tells the built-in one to wait. A `fetch` of your own
 * hears nothing of that, so its dispatcher needs `bodyTimeout: 0`.
 */
import { EventSource } from 'everysource';
import { Agent } from 'undici';

const url = process.argv[2] ?? 'http://127.0.0.1:8080/feed';

const options = { dispatcher: new Agent({ bodyTimeout: 0 }) };

const source = new EventSource(url, {
  fetch: (address, init) => fetch(address, { ...init, ...options }),
  // If the server sends a comment every 15 s, this is how to find out that it has gone: after three that did not come.
  idleTimeout: 45_000,
});

source.onmessage = (event) => console.log(event.lastEventId, event.data);
source.onerror = (event) => 'message' in event && console.error(event.message);
