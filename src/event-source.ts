/** The class as its users see it: types over the shell. */
import type { EventSourceErrorEvent, EventSourceOpenEvent } from './events.ts';
import type { EventSourceInit } from './init.ts';
import { EventSourceShell } from './shell.ts';
import type {
  ByteStream,
  MessageEventOf,
  PlatformAbortSignal,
  PlatformEventTarget,
  PlatformListener,
  PlatformURL,
} from './platform-types.ts';

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
  /** `close()`, for `using`. Only where the runtime has the symbol. Extension, not in the standard. */
  /** @ts-ignore */
  [Symbol.dispose](): void;

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

/**
 * The EventSource class of the standard, on `fetch`.
 *
 * @example
 * const source = new EventSource('https://example.com/events', { headers: { Authorization: 'Bearer 1234' } });
 * source.onmessage = (event) => console.log(event.lastEventId, event.data);
 */
export const EventSource = EventSourceShell as unknown as EventSourceConstructor;
