/** What `eventStream` takes and gives: types, checks, conversion. */
import type { FetchLikeResponse } from './http.ts';
import type { EventSourceInit } from './init.ts';
import { check, convert, isFunction, type Rule } from './options.ts';
import type { ByteStream, PlatformURL } from './platform-types.ts';

/** Where events come from: a url, a response, or a stream of bytes. */
export type EventStreamSource = string | PlatformURL | FetchLikeResponse | ByteStream;

/** One event, whatever its name. Extension, not in the standard. */
export interface StreamEvent<Data = string> {
  /** The event type: what the server named it, or `message`. */
  readonly type: string;
  /** What `parse` made of the data; without it, the data as a string. */
  readonly data: Data;
  /** The last event ID string with this event. */
  readonly lastEventId: string;
  /** Origin of the final url; `'null'` for a stream of bytes. */
  readonly origin: string;
}

/** Ends the events: the data of an event that is not yielded any more, or a predicate of the last one. */
export type Until = string | ((data: string, event: StreamEvent) => boolean);

/** Options of `eventStream`, besides those of `EventSource`. All are extensions, not in the standard. */
export interface EventStreamInit extends EventSourceInit {
  /**
   * What to make of the data of each event: `'json'`, or a function. When it throws, the stream ends with the
   * reason `parse`. Default: the data stays a string.
   *
   * @example
   * eventStream(url, { parse: 'json' });
   * @example
   * eventStream(url, { parse: Number });
   */
  parse?: 'json' | ((data: string) => unknown) | undefined;
  /**
   * Where to end, tested on the data before it is parsed. A string ends the stream at an event with just this data, which is not
   * yielded; an event for which a function of data and event gives `true` is yielded as the last one. Default none.
   *
   * @example
   * eventStream(url, { until: '[DONE]' });
   * @example
   * eventStream(url, { until: (data, { type }) => type === 'message_stop' });
   */
  until?: Until | undefined;
}

/** What is done with each message. */
export interface Selection {
  readonly parse: ((data: string) => unknown) | undefined;
  readonly until: Until | undefined;
}

const rules: Readonly<Record<'parse' | 'until', Rule>> = {
  parse: [undefined, (parse) => parse === 'json' || isFunction(parse), '"json" or a function of the data'],
  until: [
    undefined,
    (until) => typeof until === 'string' || isFunction(until),
    'a string or a function of the data',
  ],
};

/**
 * Checks the options that only `eventStream` has.
 *
 * @throws {TypeError} that names the invalid option
 */
export function convertSelection(init: EventStreamInit | undefined): Selection {
  const { parse, until } = convert<Pick<EventStreamInit, 'parse' | 'until'>>(init, rules);
  return { parse: parse === 'json' ? (data) => JSON.parse(data) : parse, until };
}

/** Options that say how to ask, and how to ask again. */
const ofRequests = [
  'withCredentials',
  'headers',
  'method',
  'body',
  'fetch',
  'lastEventIdParameter',
  'reconnectionTime',
  'reconnection',
  'connectTimeout',
  'redirect',
] as const;

/**
 * Refuses what has no meaning for a body that is there already.
 *
 * @throws {TypeError} that names the option
 */
export function refuseRequestOptions(init: EventStreamInit | undefined): void {
  for (const name of ofRequests)
    check(init?.[name] === undefined, name, 'left out with a response or a stream');
}
