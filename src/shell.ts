/**
 * The Web IDL shell of `EventSource`: conversions, constants, attributes. No behaviour lives here.
 *
 * Source: HTML standard, section 9.2.2 "The EventSource interface"
 * https://html.spec.whatwg.org/multipage/server-sent-events.html#the-eventsource-interface
 */
import { Connection } from './connection.ts';
import { Dispatcher } from './dispatcher.ts';
import { convertInit, type EventSourceInit } from './init.ts';
import { readyStateOf } from './state.ts';
import { fetchTransport, streamTransport, type Transport } from './transport.ts';
import { parseUrl } from './url.ts';

/** The key of what stands for a url in the constructor; only `fromReadableStream` knows it. */
const given = Symbol();

interface GivenStream {
  readonly [given]: Transport;
}

/** The class at run time. */
export class EventSourceShell extends EventTarget {
  readonly #url: string;
  readonly #withCredentials: boolean;
  readonly #dispatcher: Dispatcher;
  readonly #connection: Connection;

  // The default keeps `length` at 1.
  constructor(url: string | URL | GivenStream, init: EventSourceInit | null = null) {
    if (arguments.length === 0) throw new TypeError('everysource: a url is required');
    super();
    const input = `${url}`;
    const options = convertInit(init);
    // Step: encoding-parse the url relative to the settings object; failure is a SyntaxError.
    const transport =
      (url as Partial<GivenStream> | null)?.[given] ?? fetchTransport(parseUrl(input), options);
    this.#url = transport.url;
    this.#withCredentials = Boolean(options.withCredentials);
    this.#dispatcher = new Dispatcher(this);
    this.#connection = new Connection(transport, this.#dispatcher, options);
  }

  static fromReadableStream(stream: ReadableStream<Uint8Array>): EventSourceShell {
    return new EventSourceShell({ [given]: streamTransport(stream) });
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
    args[0] = `${args[0]}`;
    super.addEventListener(...args);
    if (#dispatcher in this) this.#dispatcher.noteChange(args[0]);
  }

  override removeEventListener(...args: Parameters<EventTarget['removeEventListener']>): void {
    args[0] = `${args[0]}`;
    super.removeEventListener(...args);
    if (#dispatcher in this) this.#dispatcher.noteChange(args[0]);
  }
}

// What Web IDL asks of an interface, and a class does not give: enumerable members, constants on both objects, the
// name, and the tag.
const { prototype } = EventSourceShell;
const { defineProperty } = Object;
for (const name of Object.getOwnPropertyNames(prototype)) {
  defineProperty(prototype, name, { enumerable: name !== 'constructor' });
}
defineProperty(EventSourceShell, 'fromReadableStream', { enumerable: true });
for (const [name, value] of Object.entries({ CONNECTING: 0, OPEN: 1, CLOSED: 2 })) {
  for (const object of [EventSourceShell, prototype])
    defineProperty(object, name, { value, enumerable: true });
}
const name = { value: 'EventSource', configurable: true };
defineProperty(EventSourceShell, 'name', name);
defineProperty(prototype, Symbol.toStringTag, name);
defineProperty(EventSourceShell, Symbol.for('eventsource.supports-fetch-override'), { value: true });
if (Symbol.dispose) {
  defineProperty(prototype, Symbol.dispose, { value: prototype.close, writable: true, configurable: true });
}
