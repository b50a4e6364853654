/**
 * A bearer token that expires: when the server answers 401, the same source comes back with a new one and goes on
 * where it was. Arguments: the url of the stream, and the one that gives tokens.
 */
import { EventSource } from 'everysource';

const [url = 'http://127.0.0.1:8080/private', tokens = 'http://127.0.0.1:8080/token'] = process.argv.slice(2);

async function newToken() {
  const response = await fetch(tokens, { method: 'POST' });
  if (!response.ok) throw new Error(`Expected a token, got status ${response.status}`);
  return response.text();
}

/** @type {string | undefined} */
let token;

const source = new EventSource(url, {
  // Asked before every attempt, and told how the one before ended. When it throws, it is asked again later.
  headers: async ({ status }) => {
    if (token === undefined || status === 401) token = await newToken();
    return { Authorization: `Bearer ${token}` };
  },
  // Only these statuses lead to another attempt. Who is never admitted gives up after five in a row.
  reconnection: { statuses: [401], maxAttempts: 5 },
});

source.onmessage = (event) => console.log(event.lastEventId, event.data);
source.onerror = (event) => 'message' in event && console.error(event.message);
