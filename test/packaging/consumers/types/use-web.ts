/** Names types of the web, which come from the DOM library, or from the runtime's own types. */
import { EventSource, type EventSourceInit, type FetchLike } from 'everysource';
import { eventStream, type EventStream } from 'everysource/stream';

export const globalFetch: FetchLike = fetch;
export const init: EventSourceInit = {
  fetch: (url, options) => fetch(url, { ...options, headers: { ...options.headers, a: '1' } }),
  headers: new Headers({ a: '1' }),
  signal: AbortSignal.timeout(1),
};
const source = new EventSource(new URL('http://localhost/'), init);
export const target: EventTarget = source;

const onMessage = (event: MessageEvent) => event.data;
const onEvent = { handleEvent: (event: Event) => event.type };
source.addEventListener('message', onMessage, { once: true, signal: AbortSignal.timeout(1) });
source.addEventListener('message', onEvent);
source.removeEventListener('message', onMessage);
source.removeEventListener('message', onEvent);
source.onmessage = onMessage;
source.dispatchEvent(new Event('message'));

declare const stream: ReadableStream<Uint8Array>;
declare const response: Response;
EventSource.fromReadableStream(stream);
if (response.body !== null) EventSource.fromReadableStream<{ price: string }>(response.body);

export const streams: EventStream[] = [
  eventStream(stream),
  eventStream(response),
  eventStream(new URL('http://localhost/'), init),
];
