/** `everysource/stream`: the events of a url, a response or a stream of bytes, for `for await`. */
import { isResponse } from './admission.ts';
import type { FetchLikeResponse } from './http.ts';
import { convertInit } from './init.ts';
import { Iteration } from './iteration.ts';
import {
  convertSelection,
  refuseRequestOptions,
  type EventStreamInit,
  type EventStreamSource,
  type StreamEvent,
} from './stream-init.ts';
import { fetchTransport, responseTransport, streamTransport, type Transport } from './transport.ts';
import { parseUrl } from './url.ts';

export type { EventSourceErrorReason } from './errors.ts';
export type { EventSourceFetchInit, FetchLikeResponse } from './http.ts';
export type { EventSourceInit } from './init.ts';
export type { ReconnectionInit } from './reconnection.ts';
export { EventSourceError, type EventSourceErrorDetails } from './stream-error.ts';
export type { EventStreamInit, EventStreamSource, StreamEvent, Until } from './stream-init.ts';
export type { AttemptContext, FetchLike, HeadersFunction } from './transport.ts';

/** Iterates over each item once. `break`, `return()` and the end of an `await using` block close the connection. */
export interface ClosingIterator<Item> {
  /** The next one, as soon as there is one; calls that overlap are answered in their order. */
  next(): Promise<IteratorResult<Item, undefined>>;
  /** Closes, quietly and for good: calls of `next()` that are still waiting are told that it is done. */
  return(): Promise<IteratorResult<Item, undefined>>;
  /** Closes, and throws the error: what `yield*` does with one that is thrown into its generator. */
  throw(error?: unknown): Promise<IteratorResult<Item, undefined>>;
  [Symbol.asyncIterator](): ClosingIterator<Item>;
  /** `return()`, for `await using`. Only where the runtime has the symbol. */
  /** @ts-ignore */
  [Symbol.asyncDispose](): PromiseLike<void>;
}

/** The events of one connection. */
export interface EventStream<Data = string> extends ClosingIterator<StreamEvent<Data>> {
  /**
   * The same events in arrays, one for each chunk that brought any: for rates at which a promise per event is too much.
   * An event is taken once, here or there.
   *
   * @example
   * for await (const events of eventStream(url).batches()) console.log(events.length);
   */
  batches(): ClosingIterator<StreamEvent<Data>[]>;
}

/**
 * The events of a source, whatever their names, for `for await`. Extension, not in the standard.
 *
 * A url is requested when the first event is asked for; it reconnects and resumes as an `EventSource` does. A response, a stream,
 * and a request with another method than GET end with their body. While nobody waits for an event, nothing is read.
 *
 * @param source - a url, absolute, or relative to the page or worker; a `Response`; or a `ReadableStream` of bytes
 * @param init - options of `EventSource`, and `parse` and `until`. With a response or a stream, none that is about requests
 * @returns iterates over `{ type, data, lastEventId, origin }`. It throws an `EventSourceError` when the stream fails, and
 *   the reason of `signal` when that is aborted
 * @throws {TypeError} when an option is invalid, or the stream is being read by somebody else
 * @throws {DOMException} named `SyntaxError` when the url cannot be parsed
 * @example
 * for await (const { type, data } of eventStream('https://example.com/events')) console.log(type, data);
 */
export function eventStream<Data = unknown>(
  source: EventStreamSource,
  init: EventStreamInit & { parse: 'json' },
): EventStream<Data>;
export function eventStream<Data>(
  source: EventStreamSource,
  init: EventStreamInit & { parse: (data: string) => Data },
): EventStream<Data>;
export function eventStream(
  source: EventStreamSource,
  init?: EventStreamInit & { parse?: undefined },
): EventStream;
export function eventStream(source: EventStreamSource, init?: EventStreamInit): EventStream<unknown>;
export function eventStream(source: EventStreamSource, init?: EventStreamInit | null): EventStream<unknown> {
  const options = convertInit(init);
  const selection = convertSelection(init ?? undefined);
  const transport =
    given(source, init ?? undefined) ?? fetchTransport(parseUrl(`${source as string}`), options);
  const iteration = new Iteration<unknown>(transport, options, selection);
  const batches = () => iterator(iteration, iteration.batch);
  return Object.assign(iterator(iteration, iteration.event), { batches });
}

/** The transport of what is there already; `undefined` for a url. */
function given(source: EventStreamSource, init: EventStreamInit | undefined): Transport | undefined {
  if (typeof source === 'string' || typeof (source as URL | undefined)?.href === 'string') return undefined;
  refuseRequestOptions(init);
  if (isResponse(source as FetchLikeResponse)) return responseTransport(source as FetchLikeResponse);
  const stream = source as ReadableStream<Uint8Array>;
  if (typeof stream?.getReader === 'function') return streamTransport(stream);
  throw new TypeError('everysource: expected a url, a Response, or a ReadableStream of bytes');
}

function iterator<Item>(iteration: Iteration<unknown>, take: () => Item | undefined): ClosingIterator<Item> {
  const iterable = {
    next: () => iteration.ask(take),
    async return() {
      iteration.end();
      return { done: true, value: undefined } as const;
    },
    async throw(error: unknown) {
      iteration.end();
      throw error;
    },
    [Symbol.asyncIterator]: () => iterable as unknown as ClosingIterator<Item>,
  };
  if (Symbol.asyncDispose !== undefined) {
    Object.assign(iterable, { [Symbol.asyncDispose]: async () => iteration.end() });
  }
  return iterable as unknown as ClosingIterator<Item>;
}
