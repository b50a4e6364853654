/** Every line with a comment at its end has to be an error. */
import { EventSource, EventSourceErrorEvent } from 'everysource';
import 'everysource/polyfill';
import { eventStream } from 'everysource/stream';

const source = new EventSource<{ price: 'up' | 'down' }>('http://localhost/');
void new EventSource('http://localhost/', { reconnectionTime: '3s' }); // a number
void new EventSource('http://localhost/', { fetch: () => 1 }); // a promise of a response
void new EventSource('http://localhost/', { header: {} }); // no such option
void new EventSource('http://localhost/', { signal: {} }); // no signal
source.addEventListener('price', (event) => event.data === 'sideways'); // not among the values
source.addEventListener('message', (event) => event.data.toFixed()); // `data` is no any
source.addEventListener('error', (event) => event.reason); // it may be a message
source.addEventListener('error', (event) => event instanceof EventSourceErrorEvent && event.data); // it has no `data`
source.readyState = 2; // read-only
EventSource.fromReadableStream('bytes'); // a stream
void eventStream(3); // a source
void eventStream('http://localhost/', { parse: 'xml' }); // JSON or a function
void eventStream('http://localhost/', { until: 3 }); // text or a function
void eventStream('http://localhost/', { parse: 'json' })
  .next()
  .then(({ value }) => value?.data.price); // `data` is unknown
void eventStream('http://localhost/')
  .next()
  .then(({ value }) => value.data); // it may be done
void globalThis.EventSource; // nothing declares a global
