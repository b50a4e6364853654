import { assertType, describe, expectTypeOf, it } from 'vitest';
import DefaultEventSource, {
  ErrorEvent,
  EventSource,
  EventSourceErrorEvent,
  EventSourceOpenEvent,
  type EventSourceErrorReason,
  type EventSourceInit,
  type FetchLike,
} from 'everysource';

type NativeEventSource = InstanceType<typeof globalThis.EventSource>;

declare const source: EventSource;

describe('our types', () => {
  it('fit where the DOM library wants an EventSource', () => {
    assertType<NativeEventSource>(source);
    assertType<NativeEventSource>(new EventSource<{ price: string }>('http://a/'));
    assertType<typeof globalThis.EventSource>(EventSource);
    assertType<typeof globalThis.EventSource>(DefaultEventSource);
    // @ts-expect-error the DOM library's class lacks what ours adds
    assertType<EventSource>(new globalThis.EventSource('http://a/'));
  });

  it('take a fetch, ours and the global one', () => {
    assertType<FetchLike>(fetch);
    assertType<EventSourceInit>({ fetch });
    assertType<EventSourceInit>({
      fetch: (url, init) => fetch(url, { ...init, headers: { ...init.headers, a: '1' } }),
    });
    // @ts-expect-error a fetch gives a promise
    assertType<EventSourceInit>({ fetch: () => new Response() });
    // @ts-expect-error a number is no function
    assertType<EventSourceInit>({ fetch: 1 });
  });

  it('know the options', () => {
    assertType<EventSourceInit>({
      withCredentials: true,
      headers: { Authorization: 'Bearer 1' },
      lastEventId: '7',
      reconnectionTime: 1000,
      maxBufferSize: 1000,
      signal: AbortSignal.timeout(1),
    });
    assertType<EventSourceInit>({ headers: new Headers() });
    assertType<EventSourceInit>({ headers: [['a', '1']] });
    assertType<EventSourceInit>({ headers: undefined, signal: undefined, lastEventId: undefined });
    // @ts-expect-error an unknown option
    assertType<EventSourceInit>({ header: {} });
    // @ts-expect-error milliseconds are a number
    assertType<EventSourceInit>({ reconnectionTime: '3s' });
    assertType(new EventSource(new URL('http://a/')));
    // @ts-expect-error no url
    assertType(new EventSource());
    // @ts-expect-error needs new
    EventSource('http://a/');
  });

  it('know the options beyond the standard', () => {
    assertType<EventSourceInit>({
      headers: async ({ attempt, lastEventId, signal, reason, status }) => {
        expectTypeOf(attempt).toBeNumber();
        expectTypeOf(lastEventId).toBeString();
        expectTypeOf(signal).toExtend<AbortSignal>();
        expectTypeOf(reason).toEqualTypeOf<EventSourceErrorReason | undefined>();
        return { Authorization: status === 401 ? 'Bearer 2' : 'Bearer 1' };
      },
      method: 'POST',
      body: () => new FormData(),
      lastEventIdParameter: 'lastEventID',
      reconnection: { statuses: (status, response) => status > 500 && response.headers.get('a') === 'b' },
      idleTimeout: 1000,
      connectTimeout: 1000,
      redirect: 'error',
      onComment: (comment) => expectTypeOf(comment).toBeString(),
      unref: true,
    });
    assertType<EventSourceInit>({ reconnection: false, body: new ReadableStream(), method: 'PUT' });
    assertType<EventSourceInit>({
      reconnection: {
        statuses: 'transient',
        maxAttempts: 3,
        maxDelay: 1,
        spread: 1,
        afterEnd: false,
        resend: true,
      },
    });
    // @ts-expect-error true says nothing
    assertType<EventSourceInit>({ reconnection: true });
    // @ts-expect-error a word that is not known
    assertType<EventSourceInit>({ reconnection: { statuses: 'all' } });
    // @ts-expect-error redirects are followed or an error
    assertType<EventSourceInit>({ redirect: 'manual' });
    // @ts-expect-error removed
    assertType<EventSourceInit>({ proxy: 'http://a/' });
    source[Symbol.dispose]();
  });

  it('give each listener its event', () => {
    source.addEventListener('message', (event) => {
      expectTypeOf(event).toEqualTypeOf<MessageEvent<string>>();
    });
    source.addEventListener('open', (event) => {
      expectTypeOf(event).toEqualTypeOf<EventSourceOpenEvent | MessageEvent<string>>();
      if (event instanceof EventSourceOpenEvent) expectTypeOf(event.status).toBeNumber();
    });
    source.addEventListener('error', (event) => {
      // @ts-expect-error a server may name an event `error`
      void event.reason;
      if (event instanceof EventSourceErrorEvent) expectTypeOf(event.reason).toExtend<string>();
    });
    source.addEventListener('anything', (event) => {
      expectTypeOf(event).toEqualTypeOf<MessageEvent<string>>();
    });
    source.addEventListener('message', { handleEvent: (event: Event) => event });
    source.addEventListener('message', null);
    source.addEventListener('message', () => {}, { once: true, signal: AbortSignal.timeout(1) });
    // @ts-expect-error a listener is a function or an object
    source.addEventListener('message', 1);
  });

  it('give each handler attribute its event, and this', () => {
    expectTypeOf(source).toHaveProperty('onmessage');
    source.onmessage = function (event) {
      expectTypeOf(event).toEqualTypeOf<MessageEvent<string>>();
      expectTypeOf(this).toEqualTypeOf<EventSource>();
    };
    source.onerror = (event) => {
      if (event instanceof EventSourceErrorEvent)
        expectTypeOf(event.delay).toEqualTypeOf<number | undefined>();
    };
    source.onopen = null;
    // @ts-expect-error a string is no handler
    source.onopen = 'x';
  });

  it('know the events that are named', () => {
    const prices = new EventSource<{ price: 'up' | 'down' }>('http://a/');
    prices.addEventListener('price', (event) => {
      expectTypeOf(event.data).toEqualTypeOf<'up' | 'down'>();
    });
    prices.addEventListener('message', (event) => {
      expectTypeOf(event.data).toBeString();
    });
    prices.onmessage = function () {
      expectTypeOf(this).toEqualTypeOf<EventSource<{ price: 'up' | 'down' }>>();
    };
  });

  it('have read-only attributes and constants', () => {
    expectTypeOf(source.readyState).toBeNumber();
    expectTypeOf(EventSource.CLOSED).toEqualTypeOf<2>();
    expectTypeOf(source.CLOSED).toEqualTypeOf<2>();
    // @ts-expect-error read-only
    source.readyState = 2;
    // @ts-expect-error read-only
    source.url = '';
    // @ts-expect-error read-only
    source.lastEventId = '';
  });

  it('export the error event under its short name too', () => {
    expectTypeOf(ErrorEvent).toEqualTypeOf<typeof EventSourceErrorEvent>();
  });
});
