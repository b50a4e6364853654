/**
 * A server whose certificate was issued by a certificate authority of your own. To install: `npm install undici@7`.
 * Without any code, for the whole process: `NODE_EXTRA_CA_CERTS=ca.pem node …`. With a certificate of the client too:
 * `client-certificate.js`.
 */
import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import { EventSource } from 'everysource';
import { Agent } from 'undici';

const [url = 'https://127.0.0.1:8443/feed', file = 'ca.pem'] = process.argv.slice(2);

// `ca` replaces the well-known authorities, so name them too if you want both.
const ca = [...rootCertificates, readFileSync(file, 'utf8')];
const options = { dispatcher: new Agent({ connect: { ca }, bodyTimeout: 0 }) };

const source = new EventSource(url, {
  fetch: (address, init) => fetch(address, { ...init, ...options }),
});

source.onmessage = (event) => console.log(event.lastEventId, event.data);
source.onerror = (event) => 'message' in event && console.error(event.message);
