/** Names no type that only some libraries declare, so it compiles with every one, and with none. */
import Default, {
  ErrorEvent,
  EventSource,
  EventSourceErrorEvent,
  EventSourceOpenEvent,
  install,
} from 'everysource';
import type {
  EventSourceConstructor,
  EventSourceEventMap,
  EventSourceFetchInit,
  EventSourceInit,
  FetchLike,
  FetchLikeResponse,
} from 'everysource';
import 'everysource/polyfill';
import { EventSourceError, eventStream } from 'everysource/stream';
import type { EventStream } from 'everysource/stream';
import { EventSource as Polyfilled } from 'everysource/polyfill';

const fetchNothing: FetchLike = (url, { headers }: EventSourceFetchInit) =>
  Promise.reject<FetchLikeResponse>(new Error(`${url} ${headers['Accept']}`));
const init: EventSourceInit = {
  headers: { Authorization: 'Bearer 1' },
  fetch: fetchNothing,
  lastEventId: '7',
};

export const source = new EventSource('http://localhost/', init);
export const prices = new EventSource<{ price: 'up' | 'down' }>('http://localhost/', {
  headers: [['a', '1']],
});
export const constructors: EventSourceConstructor[] = [Default, EventSource, Polyfilled];
export const errorClass: typeof EventSourceErrorEvent = ErrorEvent;
export const installed: void = install({ force: true });

prices.addEventListener('price', (event) => {
  const data: 'up' | 'down' = event.data;
  void data;
});
source.addEventListener('other', (event) => {
  const texts: string[] = [event.data, event.lastEventId, event.origin, event.type];
  void texts;
});
source.addEventListener('open', (event) => {
  if (event instanceof EventSourceOpenEvent) event.status.toFixed();
});
source.addEventListener('error', (event) => {
  if (event instanceof EventSourceErrorEvent) {
    const texts: (string | null | undefined)[] = [
      event.reason,
      event.type,
      event.headers?.get('retry-after'),
    ];
    void texts;
  } else event.data.trim();
});
source.onerror = (event) => {
  if (event instanceof ErrorEvent) event.delay?.toFixed();
};
source.onmessage = function (event: EventSourceEventMap['message']) {
  event.data.trim();
  this.close();
};

export const events: EventStream<{ price: number }> = eventStream<{ price: number }>('http://localhost/', {
  parse: 'json',
  until: (text, event) => text === '' || event.type === 'end',
});
export async function iterate(): Promise<void> {
  for await (const { type, data, lastEventId, origin } of events) {
    const texts: string[] = [type, lastEventId, origin, data.price.toFixed()];
    void texts;
  }
  for await (const batch of eventStream('http://localhost/').batches()) batch[0]?.data.trim();
  for await (const { data } of eventStream('http://localhost/', { parse: Number, ...init })) data.toFixed();
  try {
    await events.return();
  } catch (error) {
    if (error instanceof EventSourceError && error.reason === 'parse') error.message.trim();
  }
}
