/**
 * Subscribes to topics of a Mercure hub. A hub also takes the last event ID as a query parameter, which in a browser saves the
 * CORS preflight that the header costs; there, leave out `headers` too, and let `withCredentials` send the hub's cookie.
 */
import { EventSource } from 'everysource';

const url = new URL(process.argv[2] ?? 'http://127.0.0.1:8080/.well-known/mercure');

// The names of Mercure 1.0. A hub before that wants `topic` for both, and below `lastEventID`.
url.searchParams.append('match', 'https://example.com/news');
url.searchParams.append('match_urlpattern', 'https://example.com/books/:id');

const source = new EventSource(url, {
  lastEventIdParameter: 'last_event_id',
  headers: { Authorization: `Bearer ${process.env.MERCURE_TOKEN ?? 'no-token'}` },
});

source.onmessage = (event) => console.log(event.lastEventId, event.data);
source.onerror = (event) => 'message' in event && console.error(event.message);
