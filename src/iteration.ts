/** The sink for `for await`: it holds what one chunk brought, and nothing is read until somebody waits for more. */
import { Connection, type ConnectionOptions, type Sink } from './connection.ts';
import { trouble, type ErrorDetails, type OpenDetails } from './errors.ts';
import type { Message } from './event-stream.ts';
import { EventSourceError } from './stream-error.ts';
import type { Selection, StreamEvent } from './stream-init.ts';
import type { Transport } from './transport.ts';

/** Somebody who waits for an answer. */
interface Waiter {
  /** What is there for this one, if anything is. */
  take(): unknown;
  resolve(result: IteratorResult<unknown, undefined>): void;
  reject(error: unknown): void;
}

/** The events of one connection, each of which is taken once. */
export class Iteration<Data> implements Sink {
  readonly #transport: Transport;
  readonly #options: ConnectionOptions;
  readonly #selection: Selection;
  #connection: Connection | undefined;
  #isStarted = false;
  #isOver = false;
  /** What is thrown at the end, once. */
  #failure: { readonly error: unknown } | undefined;
  /** Messages of one chunk, and the place of the next. */
  #messages: Message[] = [];
  #at = 0;
  #attempt = 1;
  readonly #waiting: Waiter[] = [];
  #resume: (() => void) | undefined;

  constructor(transport: Transport, options: ConnectionOptions, selection: Selection) {
    this.#transport = transport;
    this.#options = options;
    this.#selection = selection;
    // A body that was given is there already, and has to be freed even before somebody asks.
    if (transport.kind === 'stream') this.#listen();
  }

  /** Gives what `take` finds, now or when more has come. The first call makes the connection. */
  ask<Value>(take: () => Value | undefined): Promise<IteratorResult<Value, undefined>> {
    this.#start();
    // One promise for each answer, as the language asks for, and nothing else.
    const value = this.#waiting.length > 0 ? undefined : take();
    if (value !== undefined) return Promise.resolve({ done: false, value });
    return new Promise((resolve, reject) => {
      this.#waiting.push({ take, resolve: resolve as Waiter['resolve'], reject });
      this.#serve();
    });
  }

  /** The next event, if one is there. */
  readonly event = (): StreamEvent<Data> | undefined => {
    const message = this.#messages[this.#at];
    if (message === undefined) return undefined;
    this.#at++;
    if (this.#at === this.#messages.length) this.#forget();
    return this.#select(message);
  };

  /** All events that are there, if any is. */
  readonly batch = (): StreamEvent<Data>[] | undefined => {
    const messages = this.#messages.slice(this.#at);
    this.#forget();
    const { parse, until } = this.#selection;
    const events = (parse ?? until) === undefined ? messages : this.#selectAll(messages);
    return events.length === 0 ? undefined : (events as StreamEvent<Data>[]);
  };

  /** Closes, with an error to throw or without. What has not been taken is forgotten. */
  end(failure?: { readonly error: unknown }): void {
    this.#stop(failure);
    this.#serve();
  }

  #start(): void {
    if (this.#isStarted || this.#isOver) return;
    this.#isStarted = true;
    if (this.#transport.kind === 'fetch') this.#listen();
    if (!this.#isOver) this.#connect();
  }

  #listen(): void {
    const { signal } = this.#options;
    if (signal?.aborted) this.#onAbort();
    else signal?.addEventListener('abort', this.#onAbort);
  }

  #connect(): void {
    // An abort throws its reason, so it is not left to the connection, which closes silently.
    const connection = new Connection(this.#transport, this, { ...this.#options, signal: undefined });
    this.#connection = connection;
    if (this.#isOver) connection.close();
  }

  open({ attempt }: OpenDetails): void {
    this.#attempt = attempt;
  }

  message(message: Message): undefined {
    this.#messages.push(message);
  }

  error(details: ErrorDetails): void {
    if (!details.reconnecting) this.end(failureOf(details));
  }

  readonly #onAbort = (): void => this.end({ error: this.#options.signal?.reason });

  /** Answers those who wait; holds back the next chunk while nobody does. */
  chunkEnd(): Promise<void> | undefined {
    this.#serve();
    if (this.#waiting.length > 0 || this.#isOver) return undefined;
    return new Promise((resolve) => {
      this.#resume = resolve;
    });
  }

  #serve(): void {
    while (this.#waiting.length > 0 && (this.#isOver || this.#messages.length > 0)) {
      // Taken out first, since `take` calls the caller's functions.
      const first = this.#waiting.shift()!;
      const value = first.take();
      if (value === undefined) this.#finish(first);
      else first.resolve({ done: false, value });
    }
    if (this.#waiting.length > 0) this.#resume?.();
  }

  #finish({ resolve, reject }: Waiter): void {
    if (this.#failure) reject(this.#failure.error);
    else resolve({ done: true, value: undefined });
    this.#failure = undefined;
  }

  #selectAll(messages: Message[]): StreamEvent<Data>[] {
    const events: StreamEvent<Data>[] = [];
    for (const message of messages) {
      const event = this.#select(message);
      if (event !== undefined) events.push(event);
      if (this.#isOver) break;
    }
    return events;
  }

  #select(message: Message): StreamEvent<Data> | undefined {
    const { type, data, lastEventId, origin } = message;
    const { parse, until } = this.#selection;
    if (data === until) return this.#stop();
    let step: 'parse' | 'until' = 'until';
    try {
      const isLast = typeof until === 'function' && until(data, message);
      step = 'parse';
      const event = parse === undefined ? message : { type, data: parse(data), lastEventId, origin };
      // The caller's functions may have ended it.
      if (this.#isOver) return undefined;
      if (isLast) this.#stop();
      return event as StreamEvent<Data>;
    } catch (error) {
      return this.#stop({ error: this.#refusal(step, error) });
    }
  }

  /** The error of an event that the caller's function could not handle. */
  #refusal(step: 'parse' | 'until', error: unknown): EventSourceError {
    const sentence = `"${step}" failed on the data of an event: look at "error"`;
    const { message } = trouble('option', this.#transport.url, {}, sentence);
    const reason = step === 'parse' ? step : 'option';
    return new EventSourceError({ reason, message, error, reconnecting: false, attempt: this.#attempt });
  }

  #stop(failure?: { readonly error: unknown }): undefined {
    // Who ends it himself is not told of a failure any more, and the first failure is the one that is told.
    this.#failure = this.#isOver ? failure && this.#failure : failure;
    if (this.#isOver) return;
    this.#isOver = true;
    this.#forget();
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
    // A body that was given has to be freed, even if nobody has asked for an event.
    if (this.#transport.kind === 'stream' && this.#connection === undefined) this.#connect();
    this.#connection?.close();
    this.#resume?.();
  }

  #forget(): void {
    this.#messages = [];
    this.#at = 0;
  }
}

/** What to throw; nothing at the end of a body that is the last. */
function failureOf(details: ErrorDetails): { error: EventSourceError } | undefined {
  return details.reason === 'end-of-body' ? undefined : { error: new EventSourceError(details) };
}
