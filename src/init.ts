/** The options of the constructor: their types, and how they are checked and converted. */
import type { ConnectionOptions } from './connection.ts';
import { DEFAULT_MAX_BUFFER_SIZE } from './event-stream.ts';
import { isStream, plainHeaders } from './http.ts';
import type { PlatformAbortSignal, PlatformBody, PlatformHeadersInit } from './platform-types.ts';
import { check, convert, isFunction, number, optionalFunction, type Rule } from './options.ts';
import { callback } from './report.ts';
import { DEFAULT_RECONNECTION_TIME, reconnectionPolicy, type ReconnectionInit } from './reconnection.ts';
import type { BodyFunction, FetchLike, FetchTransportOptions, HeadersFunction } from './transport.ts';

/** Options of `new EventSource(url, init)`. All but `withCredentials` are extensions, not in the standard. */
export interface EventSourceInit {
  /**
   * Send cookies and other credentials to other origins too. Default `false`.
   *
   * @example
   * new EventSource(url, { withCredentials: true });
   */
  withCredentials?: boolean | undefined;
  /**
   * Headers, merged with ours, or a function that is asked for them before every attempt. Of fixed ones, a `Last-Event-ID` is
   * only the initial `lastEventId`; what a function returns wins for its attempt. When it fails, so does the attempt. Default none.
   *
   * @example
   * new EventSource(url, { headers: { Authorization: 'Bearer 1234' } });
   * @example
   * new EventSource(url, {
   *   headers: async ({ status }) => ({ Authorization: status === 401 ? 'Bearer new' : 'Bearer old' }),
   *   reconnection: { statuses: [401] },
   * });
   */
  headers?: PlatformHeadersInit | HeadersFunction | undefined;
  /**
   * Method of the request. Any but GET is sent again only with `reconnection: { resend: true }`. Default `'GET'`.
   *
   * @example
   * new EventSource(url, { method: 'POST', body: JSON.stringify({ prompt: 'Hello' }) });
   */
  method?: string | undefined;
  /**
   * Body of the request, or a function that is asked for it before every attempt. Needs a `method`. Default none.
   *
   * @example
   * new EventSource(url, { method: 'POST', body: () => new Blob(['a']).stream(), reconnection: { resend: true } });
   */
  body?: PlatformBody | BodyFunction | undefined;
  /**
   * Used instead of the global `fetch`. Its `init.headers` is a plain object. Default the global one, looked up at each attempt.
   *
   * @example
   * new EventSource(url, { fetch: (url, init) => fetch(url, { ...init, headers: { ...init.headers, 'X-Trace': '1' } }) });
   */
  fetch?: FetchLike | undefined;
  /**
   * Aborting it is `close()`, silently; if it is aborted already, nothing is requested. Default none.
   *
   * @example
   * new EventSource(url, { signal: AbortSignal.timeout(60_000) });
   */
  signal?: PlatformAbortSignal | undefined;
  /**
   * Sent as `Last-Event-ID` with the first request too. NUL, CR and LF are not allowed. Default `''`.
   *
   * @example
   * new EventSource(url, { lastEventId: '1234' });
   */
  lastEventId?: string | undefined;
  /**
   * Name of a query parameter that carries the last event ID instead of the header: no CORS preflight. Default none.
   *
   * @example
   * new EventSource(url, { lastEventIdParameter: 'last_event_id' });
   */
  lastEventIdParameter?: string | undefined;
  /**
   * Milliseconds before a reconnection, until the server sends `retry`. Default 3000.
   *
   * @example
   * new EventSource(url, { reconnectionTime: 1000 });
   */
  reconnectionTime?: number | undefined;
  /**
   * When to try again, and how patiently; `false` for one attempt only. Default `{}`.
   *
   * @example
   * new EventSource(url, { reconnection: { statuses: 'transient', maxAttempts: 10 } });
   */
  reconnection?: false | ReconnectionInit | undefined;
  /**
   * Reconnect when no byte has come for so many milliseconds; comments count. 0 is off. Default 0.
   *
   * @example
   * new EventSource(url, { idleTimeout: 45_000 }); // for a server that sends a comment every 15 s
   */
  idleTimeout?: number | undefined;
  /**
   * Reconnect when no response has come for so many milliseconds. 0 is off. Default 0.
   *
   * @example
   * new EventSource(url, { connectTimeout: 10_000 });
   */
  connectTimeout?: number | undefined;
  /**
   * What one event may cost, in characters: its own plus 64 for each `data` line. More fails the connection. Default 64 Mi.
   *
   * @example
   * new EventSource(url, { maxBufferSize: 1024 * 1024 });
   */
  maxBufferSize?: number | undefined;
  /**
   * `'error'` fails the connection at a redirect. Default `'follow'`.
   *
   * @example
   * new EventSource(url, { redirect: 'error' });
   */
  redirect?: 'follow' | 'error' | undefined;
  /**
   * Called with the text of each comment, the usual sign of life, as soon as its line is complete. Default none.
   *
   * @example
   * new EventSource(url, { onComment: (comment) => console.log(comment) });
   */
  onComment?: ((comment: string) => void) | undefined;
  /**
   * In Node, Deno and Bun: whether the process may end while the source waits to reconnect. Default `false`.
   *
   * @example
   * new EventSource(url, { unref: true });
   */
  unref?: boolean | undefined;
}

/** All options, checked, with their defaults. */
export interface Options extends ConnectionOptions, FetchTransportOptions {}

/** An option of other clients that `fetch` has no place for, and the recipe that takes its place. */
const removed = (recipe: string): Rule => [undefined, () => false, `left out: see demo/recipes/${recipe}.js`];

/** What fetch allows, and is answered with a body. */
const METHOD = /^(?!(connect|head|trace|track)$)[!#$%&'*+\-.^`|~\w]+$/i;

/** What would end a header, and NUL, which the standard forbids. */
// oxlint-disable-next-line no-control-regex
const LINE_END = /[\0\r\n]/;

const rules: Readonly<
  Record<keyof EventSourceInit | 'https' | 'rejectUnauthorized' | 'proxy' | 'agent', Rule>
> = {
  withCredentials: [false],
  headers: [],
  method: ['GET', (method) => METHOD.test(method), 'a method that fetch allows, other than HEAD'],
  body: [],
  fetch: optionalFunction,
  signal: [undefined, isSignal, 'an AbortSignal'],
  lastEventId: [
    undefined,
    (id) => typeof (id ?? '') === 'string' && !LINE_END.test(id),
    'a string without NUL, CR and LF',
  ],
  lastEventIdParameter: [
    undefined,
    (name) => typeof name === 'string' && name !== '',
    'the name of a query parameter',
  ],
  reconnectionTime: number(DEFAULT_RECONNECTION_TIME),
  reconnection: [undefined, (value) => value === false || typeof value === 'object', 'false or an object'],
  idleTimeout: number(0),
  connectTimeout: number(0),
  maxBufferSize: number(DEFAULT_MAX_BUFFER_SIZE, 'characters', 1),
  redirect: ['follow', (mode) => mode === 'follow' || mode === 'error', '"follow" or "error"'],
  onComment: optionalFunction,
  unref: [false],
  https: removed('own-ca'),
  rejectUnauthorized: removed('own-ca'),
  proxy: removed('proxy'),
  agent: removed('proxy'),
};

let defaults: Options | undefined;

/**
 * Checks the options, and fills in the defaults. All who give none share them.
 *
 * @throws {TypeError} that names the invalid option
 */
export function convertInit(init: EventSourceInit | null | undefined): Options {
  if (init === undefined || init === null) return (defaults ??= checked(undefined));
  if (Object(init) !== init) {
    throw new TypeError(`everysource: expected an object of options, got ${typeof init}`);
  }
  return checked(init);
}

function checked(init: EventSourceInit | undefined): Options {
  const options = convert<Options & Pick<EventSourceInit, 'reconnection'>>(init, rules);
  const policy = reconnectionPolicy(options.reconnection);
  const { body, onComment } = options;
  const method = upperCase(options.method);
  check(body === undefined || method !== 'GET', 'body', 'left out with GET');
  check(!(policy.resend && isStream(body)), 'body', 'a function, since a stream cannot be sent again');
  return {
    ...options,
    ...policy,
    ...splitHeaders(options),
    method,
    onComment: onComment && callback(onComment),
  };
}

/** Fixed headers, and the initial last event ID, which may be among them. */
function splitHeaders({ headers, lastEventId }: Options): Pick<Options, 'headers' | 'lastEventId'> {
  if (typeof headers === 'function') return { headers, lastEventId: lastEventId ?? '' };
  const { 'last-event-id': first = '', ...fixed } = plainHeaders(headers);
  return { headers: fixed, lastEventId: lastEventId ?? first };
}

/** As fetch does, which leaves other methods as they are. */
function upperCase(method: string): string {
  return `${method}`.replace(/^(delete|get|options|post|put)$/i, (known) => known.toUpperCase());
}

function isSignal(signal: PlatformAbortSignal | null): boolean {
  return signal === null || (typeof signal.aborted === 'boolean' && isFunction(signal.addEventListener));
}
