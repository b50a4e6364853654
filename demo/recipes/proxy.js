/**
 * Through a proxy, this source alone. To install: `npm install undici@7`, which works with the `fetch` of Node 20 and
 * later. Arguments: the urls of the stream and of the proxy, which may contain `user:password@`.
 * An agent for a unix socket: `unix-socket.js`.
 */
import { EventSource } from 'everysource';
import { ProxyAgent } from 'undici';

const url = process.argv[2] ?? 'http://127.0.0.1:8080/feed';
const proxy = process.argv[3] ?? process.env.HTTPS_PROXY ?? 'http://127.0.0.1:3128';

// One for all attempts. Without `bodyTimeout: 0` it would end a stream on which nothing came for 300 s.
const options = { dispatcher: new ProxyAgent({ uri: proxy, bodyTimeout: 0 }) };

const source = new EventSource(url, {
  fetch: (address, init) => fetch(address, { ...init, ...options }),
});

source.onmessage = (event) => console.log(event.lastEventId, event.data);
source.onerror = (event) => 'message' in event && console.error(event.message);
