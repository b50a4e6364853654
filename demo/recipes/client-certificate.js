/**
 * A server that wants to see a certificate of the client (mutual TLS). To install: `npm install undici@7`.
 * Arguments: the url, and the files of the certificate, its key and the authority that issued the server's.
 */
import { readFileSync } from 'node:fs';
import { EventSource } from 'everysource';
import { Agent } from 'undici';

const [url = 'https://127.0.0.1:8443/feed', ...files] = process.argv.slice(2);
const [certFile = 'client.pem', keyFile = 'client.key', caFile = 'ca.pem'] = files;

const connect = { cert: readFileSync(certFile), key: readFileSync(keyFile), ca: readFileSync(caFile) };
const options = { dispatcher: new Agent({ connect, bodyTimeout: 0 }) };

const source = new EventSource(url, {
  fetch: (address, init) => fetch(address, { ...init, ...options }),
});

source.onmessage = (event) => console.log(event.lastEventId, event.data);
source.onerror = (event) => 'message' in event && console.error(event.message);
