/**
 * The Web IDL shell of `EventSource`: conversions, constants, attributes. No behaviour lives here.
 *
 * Source: HTML standard, section 9.2.2 "The EventSource interface"
 * https://html.spec.whatwg.org/multipage/server-sent-events.html#the-eventsource-interface
 */
import { Connection } from './connection.ts';
import { Dispatcher } from './dispatcher.ts';
import type { EventSourceErrorEvent, EventSourceOpenEvent } from './errors.ts';
import { DEFAULT_MAX_BUFFER_SIZE } from './event-stream.ts';
import { takeHeaders } from './http.ts';
import type {
  ByteStream,
  MessageEventOf,
  PlatformAbortSignal,
  PlatformEventTarget,
  PlatformHeadersInit,
  PlatformListener,
  PlatformURL,
} from './platform-types.ts';
import { DEFAULT_RECONNECTION_TIME } from './reconnection.ts';
import { readyStateOf } from './state.ts';
import { fetchTransport, streamTransport, type FetchLike, type Transport } from './transport.ts';

/** Options of `new EventSource(url, init)`. All but `withCredentials` are extensions, not in the standard. */
export interface EventSourceInit {
  /** Send cookies and other credentials to other origins too. Default `false`. */
  withCredentials?: boolean | undefined;
  /**
   * Headers of every attempt, merged with ours; a `Last-Event-ID` among them is the initial `lastEventId`. Default none.
   *
   * @example
   * new EventSource(url, { headers: { Authorization: `Bearer ${token}` } });
   */
  headers?: PlatformHeadersInit | undefined;
  /** Used instead of the global `fetch`, which is looked up at each attempt. Its `init.headers` is a plain object. */
  fetch?: FetchLike | undefined;
  /** Aborting it is `close()`, silently; if it is aborted already, nothing is requested. Default none. */
  signal?: PlatformAbortSignal | undefined;
  /** Sent as `Last-Event-ID` with the first request too. NUL, CR and LF are not allowed. Default `''`. */
  lastEventId?: string | undefined;
  /** Milliseconds before a reconnection, until the server sends `retry`. Default 3000. */
  reconnectionTime?: number | undefined;
  /** What one event may cost: its characters plus 64 for each `data` line. More fails the connection. Default 64 Mi. */
  maxBufferSize?: number | undefined;
}

/** The events of a source. A server may name an event `open` or `error`: tell them apart by `instanceof`. */
export interface EventSourceEventMap {
  open: EventSourceOpenEvent | MessageEventOf<string>;
  message: MessageEventOf<string>;
  error: EventSourceErrorEvent | MessageEventOf<string>;
}

type Handler<Source, E> = ((this: Source, event: E) => unknown) | null;

/** What a handler attribute reads as: wide enough to be assignable to the DOM library's type. */
// oxlint-disable-next-line typescript/no-explicit-any
type ReadHandler = ((this: any, event: any) => any) | null;

type NamedEvents<Events> = { [Name in keyof Events]: MessageEventOf<Events[Name]> };

type EventsOf<Events> = NamedEvents<Omit<Events, keyof EventSourceEventMap>> & EventSourceEventMap;

interface ListenerOptions {
  capture?: boolean | undefined;
  once?: boolean | undefined;
  passive?: boolean | undefined;
  signal?: PlatformAbortSignal | undefined;
}

/**
 * A source of server-sent events.
 *
 * @example
 * const source = new EventSource<{ price: string }>('https://example.com/prices');
 * source.addEventListener('price', (event) => console.log(event.data));
 */
export interface EventSource<Events extends object = {}> extends PlatformEventTarget {
  readonly CONNECTING: 0;
  readonly OPEN: 1;
  readonly CLOSED: 2;
  /** The absolute url that was asked for; redirects do not change it. */
  readonly url: string;
  readonly withCredentials: boolean;
  /** 0 CONNECTING (also while it waits), 1 OPEN, 2 CLOSED. */
  readonly readyState: number;
  /** The last event ID string: that of the last block delivered, `''` at first. Experimental: whatwg/html 12272. */
  readonly lastEventId: string;
  /** Milliseconds before a reconnection, as the server gave them last. Experimental: whatwg/html 12272. */
  readonly reconnectionTime: number;
  get onopen(): ReadHandler;
  set onopen(handler: Handler<EventSource<Events>, EventSourceEventMap['open']>);
  get onmessage(): ReadHandler;
  set onmessage(handler: Handler<EventSource<Events>, EventSourceEventMap['message']>);
  get onerror(): ReadHandler;
  set onerror(handler: Handler<EventSource<Events>, EventSourceEventMap['error']>);
  /** Ends the connection for good. No event of any kind follows, not even one that has arrived already. */
  close(): void;
  /**
   * Drops the connection or the wait and makes the next attempt now, with the last event ID kept. Fires no event;
   * what arrived but was not delivered is discarded. A closed source stays closed. Extension, not in the standard.
   */
  reconnect(): void;
  /**
   * Forgets the unfinished event of a source made by `fromReadableStream`, so that another body can be piped into its
   * stream; keeps `lastEventId` and `reconnectionTime`. Does nothing on other sources. Experimental: whatwg/html 12272.
   */
  reset(): void;

  addEventListener<Name extends keyof EventsOf<Events>>(
    type: Name,
    listener: (this: EventSource<Events>, event: EventsOf<Events>[Name]) => unknown,
    options?: boolean | ListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: (this: EventSource<Events>, event: MessageEventOf<string>) => unknown,
    options?: boolean | ListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: PlatformListener | null,
    options?: boolean | ListenerOptions,
  ): void;
  removeEventListener<Name extends keyof EventsOf<Events>>(
    type: Name,
    listener: (this: EventSource<Events>, event: EventsOf<Events>[Name]) => unknown,
    options?: boolean | { capture?: boolean | undefined },
  ): void;
  removeEventListener(
    type: string,
    listener: (this: EventSource<Events>, event: MessageEventOf<string>) => unknown,
    options?: boolean | { capture?: boolean | undefined },
  ): void;
  removeEventListener(
    type: string,
    listener: PlatformListener | null,
    options?: boolean | { capture?: boolean | undefined },
  ): void;
}

/** The constructor, and the constants. */
export interface EventSourceConstructor {
  /**
   * Connects to a url.
   *
   * @param url - absolute, or relative to the page or worker
   * @throws {DOMException} named `SyntaxError` when the url cannot be parsed
   * @throws {TypeError} when an option is invalid
   */
  new <Events extends object = {}>(url: string | PlatformURL, init?: EventSourceInit): EventSource<Events>;
  /**
   * A source of the events in a stream of bytes: CONNECTING, then `open`, the events, and one `error` and CLOSED when the
   * stream ends or fails. There is no reconnection; `close()` cancels the stream. Experimental: whatwg/html 12272.
   *
   * @throws {TypeError} when the stream is locked, or is none
   * @example
   * const { body } = await fetch('https://example.com/chat', { method: 'POST', body: 'Hello' });
   * EventSource.fromReadableStream(body).onmessage = (event) => console.log(event.data);
   */
  fromReadableStream<Events extends object = {}>(stream: ByteStream): EventSource<Events>;
  readonly prototype: EventSource;
  readonly CONNECTING: 0;
  readonly OPEN: 1;
  readonly CLOSED: 2;
}

/** Stands for a url in the constructor; only `fromReadableStream` can make one. */
class GivenStream {
  readonly href = 'about:event-stream';
  readonly transport: Transport;

  constructor(stream: ReadableStream<Uint8Array>) {
    this.transport = streamTransport(stream);
  }
}

class EventSourceShell extends EventTarget {
  readonly #url: string;
  readonly #withCredentials: boolean;
  readonly #dispatcher: Dispatcher;
  readonly #connection: Connection;

  // The default keeps `length` at 1.
  constructor(url: string | URL | GivenStream, init: EventSourceInit | null = {}) {
    if (arguments.length === 0)
      throw new TypeError('EventSource: 1 argument required, the url, but none given');
    super();
    // Step: encoding-parse the url relative to the settings object; failure is a SyntaxError.
    const parsed = url instanceof GivenStream ? url : parseUrl(`${url}`);
    const { request, connection } = convertInit(init ?? {});
    const transport = parsed instanceof GivenStream ? parsed.transport : fetchTransport(parsed, request);
    this.#url = parsed.href;
    this.#withCredentials = request.withCredentials;
    this.#dispatcher = new Dispatcher(this);
    this.#connection = new Connection(transport, this.#dispatcher, connection);
  }

  static fromReadableStream(stream: ReadableStream<Uint8Array>): EventSourceShell {
    return new EventSourceShell(new GivenStream(stream));
  }

  get url(): string {
    return this.#url;
  }

  get withCredentials(): boolean {
    return this.#withCredentials;
  }

  get readyState(): number {
    return readyStateOf(this.#connection.phase);
  }

  get lastEventId(): string {
    return this.#connection.lastEventId;
  }

  get reconnectionTime(): number {
    return this.#connection.reconnectionTime;
  }

  get onopen(): object | null {
    return this.#dispatcher.handler('open');
  }
  set onopen(value: unknown) {
    this.#dispatcher.setHandler('open', value);
  }

  get onmessage(): object | null {
    return this.#dispatcher.handler('message');
  }
  set onmessage(value: unknown) {
    this.#dispatcher.setHandler('message', value);
  }

  get onerror(): object | null {
    return this.#dispatcher.handler('error');
  }
  set onerror(value: unknown) {
    this.#dispatcher.setHandler('error', value);
  }

  close(): void {
    this.#connection.close();
  }

  reconnect(): void {
    this.#connection.reconnect();
  }

  reset(): void {
    this.#connection.reset();
  }

  // Both only tell the dispatcher of a change, for D7; the platform keeps the listeners.
  override addEventListener(...args: Parameters<EventTarget['addEventListener']>): void {
    super.addEventListener(...args);
    this.#dispatcher.noteChange(`${args[0]}`);
  }

  override removeEventListener(...args: Parameters<EventTarget['removeEventListener']>): void {
    super.removeEventListener(...args);
    this.#dispatcher.noteChange(`${args[0]}`);
  }
}

// What Web IDL asks of an interface, and a class does not give: enumerable members, constants on both objects, the
// name, and the tag.
const members = Object.getOwnPropertyNames(EventSourceShell.prototype).filter(
  (name) => name !== 'constructor',
);
for (const name of members) Object.defineProperty(EventSourceShell.prototype, name, { enumerable: true });
Object.defineProperty(EventSourceShell, 'fromReadableStream', { enumerable: true });
for (const [name, value] of Object.entries({ CONNECTING: 0, OPEN: 1, CLOSED: 2 })) {
  Object.defineProperty(EventSourceShell, name, { value, enumerable: true });
  Object.defineProperty(EventSourceShell.prototype, name, { value, enumerable: true });
}
Object.defineProperty(EventSourceShell, 'name', { value: 'EventSource', configurable: true });
Object.defineProperty(EventSourceShell.prototype, Symbol.toStringTag, {
  value: 'EventSource',
  configurable: true,
});

/**
 * The EventSource class of the standard, on `fetch`.
 *
 * @example
 * const source = new EventSource('https://example.com/events', { headers: { Authorization: 'Bearer 1234' } });
 * source.onmessage = (event) => console.log(event.lastEventId, event.data);
 */
export const EventSource = EventSourceShell as unknown as EventSourceConstructor;

/** The base url: the document's in a page, the worker's location in a worker, otherwise none. */
function baseUrl(): string | undefined {
  const { document, location } = globalThis as {
    document?: { baseURI?: string };
    location?: { href?: string };
  };
  return document?.baseURI ?? location?.href;
}

function parseUrl(input: string): URL {
  const base = baseUrl();
  let url: URL | undefined;
  try {
    url = new URL(input, base);
  } catch {
    // Reported below. The input is not repeated: it may hold a secret.
  }
  // Chromium (156, 2026-11) percent-encodes what the standard forbids in a host, such as a space.
  if (url !== undefined && !(url.protocol.startsWith('http') && url.hostname.includes('%'))) return url;
  const hint =
    base === undefined ? ' Without a page or worker it has to be absolute: https://host/path.' : '';
  throw new DOMException(`EventSource: the url cannot be parsed.${hint}`, 'SyntaxError');
}

function convertInit(init: EventSourceInit) {
  if (typeof init !== 'object' && typeof init !== 'function') {
    throw new TypeError(`EventSource: expected an object of options, got ${typeof init}`);
  }
  const { fetch, maxBufferSize = DEFAULT_MAX_BUFFER_SIZE } = init;
  const { reconnectionTime = DEFAULT_RECONNECTION_TIME } = init;
  const { headers, lastEventId: headerId } = takeHeaders(init.headers);
  const lastEventId = init.lastEventId ?? headerId ?? '';
  const signal = init.signal ?? undefined;
  check(fetch === undefined || typeof fetch === 'function', 'fetch', 'a function');
  check(signal === undefined || typeof signal.addEventListener === 'function', 'signal', 'an AbortSignal');
  // oxlint-disable-next-line no-control-regex
  const isId = typeof lastEventId === 'string' && !/[\0\r\n]/.test(lastEventId);
  check(isId, 'lastEventId', 'a string without NUL, CR and LF');
  check(reconnectionTime >= 0, 'reconnectionTime', 'milliseconds, 0 or more');
  check(maxBufferSize > 0, 'maxBufferSize', 'a number of characters above 0');
  return {
    request: { withCredentials: Boolean(init.withCredentials), headers, fetch },
    connection: { lastEventId, reconnectionTime, maxBufferSize, signal },
  };
}

function check(isValid: boolean, option: string, expected: string): void {
  if (!isValid) throw new TypeError(`EventSource: the option "${option}" has to be ${expected}`);
}
