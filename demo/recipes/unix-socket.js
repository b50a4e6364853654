/**
 * A server that listens on a unix socket, such as the engine of Docker. To install: `npm install undici@7`.
 * Arguments: the path of the socket, and the url, whose host is only sent as the `Host` header.
 */
import { EventSource } from 'everysource';
import { Agent } from 'undici';

const [socketPath = '/run/feed.sock', url = 'http://localhost/feed'] = process.argv.slice(2);

const options = { dispatcher: new Agent({ connect: { socketPath }, bodyTimeout: 0 }) };

const source = new EventSource(url, {
  fetch: (address, init) => fetch(address, { ...init, ...options }),
});

source.onmessage = (event) => console.log(event.lastEventId, event.data);
source.onerror = (event) => 'message' in event && console.error(event.message);
