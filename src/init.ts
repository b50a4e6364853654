/** The options of the constructor: their types, and how they are checked and converted. */
import type { ConnectionOptions } from './connection.ts';
import { DEFAULT_MAX_BUFFER_SIZE } from './event-stream.ts';
import { isStream, plainHeaders } from './http.ts';
import type { PlatformAbortSignal, PlatformBody, PlatformHeadersInit } from './platform-types.ts';
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

/** Options of other clients that `fetch` has no place for, and the recipe that takes their place. */
const removed = {
  https: 'own-ca.js or client-certificate.js',
  rejectUnauthorized: 'own-ca.js',
  proxy: 'proxy.js',
  agent: 'proxy.js or unix-socket.js',
};

/**
 * Checks the options, and sorts them by who needs them.
 *
 * @throws {TypeError} that names the invalid option
 */
export function convertInit(init: EventSourceInit): {
  request: FetchTransportOptions;
  connection: ConnectionOptions;
} {
  if (typeof init !== 'object' && typeof init !== 'function') {
    throw new TypeError(`everysource: expected an object of options, got ${typeof init}`);
  }
  refuseRemoved(init as Record<string, unknown>);
  const policy = reconnectionPolicy(convertReconnection(init.reconnection ?? {}));
  return { request: convertRequest(init, policy), connection: convertConnection(init, policy) };
}

type Policy = ReturnType<typeof reconnectionPolicy>;

function convertRequest(init: EventSourceInit, policy: Policy): FetchTransportOptions {
  const { fetch, body, lastEventIdParameter, redirect = 'follow' } = init;
  const { headers } = splitHeaders(init);
  const method = init.method === undefined ? 'GET' : upperCase(`${init.method}`);
  check(isNone(fetch) || typeof fetch === 'function', 'fetch', 'a function');
  const isMethod = /^[!#$%&'*+\-.^`|~\w]+$/.test(method) && !/^(connect|head|trace|track)$/i.test(method);
  check(isMethod, 'method', 'a method that fetch allows, and that is answered with a body');
  check(isNone(body) || method !== 'GET', 'body', 'left out, or to come with a "method" other than GET');
  check(
    !(policy.resend && isStream(body)),
    'body',
    'a function, to be sent again: a stream can be read only once',
  );
  const isName =
    isNone(lastEventIdParameter) || (typeof lastEventIdParameter === 'string' && lastEventIdParameter !== '');
  check(isName, 'lastEventIdParameter', 'the name of a query parameter');
  check(redirect === 'follow' || redirect === 'error', 'redirect', '"follow" or "error"');
  const { isRetried, resend } = policy;
  const withCredentials = Boolean(init.withCredentials);
  return { withCredentials, headers, method, body, fetch, lastEventIdParameter, redirect, isRetried, resend };
}

function convertConnection(init: EventSourceInit, policy: Policy): ConnectionOptions {
  const { maxBufferSize = DEFAULT_MAX_BUFFER_SIZE, reconnectionTime = DEFAULT_RECONNECTION_TIME } = init;
  const { idleTimeout = 0, connectTimeout = 0, onComment } = init;
  const lastEventId = init.lastEventId ?? splitHeaders(init).lastEventId ?? '';
  const signal = init.signal ?? undefined;
  check(isNone(signal) || isSignal(signal), 'signal', 'an AbortSignal');
  // oxlint-disable-next-line no-control-regex
  const isId = typeof lastEventId === 'string' && !/[\0\r\n]/.test(lastEventId);
  check(isId, 'lastEventId', 'a string without NUL, CR and LF');
  for (const [name, value] of Object.entries({ reconnectionTime, idleTimeout, connectTimeout })) {
    check(isNumber(value), name, 'milliseconds, 0 or more');
  }
  check(isNumber(maxBufferSize) && maxBufferSize > 0, 'maxBufferSize', 'a number of characters above 0');
  check(isNone(onComment) || typeof onComment === 'function', 'onComment', 'a function');
  const isUnref = Boolean(init.unref);
  const silence = { idleTimeout, connectTimeout, isUnref };
  return {
    lastEventId,
    reconnectionTime,
    maxBufferSize,
    signal,
    policy,
    silence,
    onComment: onComment && callback(onComment),
  };
}

function convertReconnection(init: false | ReconnectionInit): false | ReconnectionInit {
  const isValid = init === false || (typeof init === 'object' && init !== null);
  check(isValid, 'reconnection', 'false or an object');
  if (init === false) return false;
  const { statuses, maxAttempts = Infinity, maxDelay = 0, spread = 0 } = init;
  const isList = Array.isArray(statuses) && statuses.every((status) => Number.isInteger(status));
  const isKnown = isNone(statuses) || statuses === 'transient' || typeof statuses === 'function' || isList;
  check(isKnown, 'reconnection.statuses', 'status codes, a function, or "transient"');
  check(isNumber(maxAttempts) && maxAttempts >= 1, 'reconnection.maxAttempts', 'a number, 1 or more');
  check(isNumber(maxDelay), 'reconnection.maxDelay', 'milliseconds, 0 or more');
  check(isNumber(spread), 'reconnection.spread', 'milliseconds, 0 or more');
  return init;
}

/** Fixed headers, and an initial last event ID among them. */
function splitHeaders({ headers: init }: EventSourceInit) {
  if (typeof init === 'function') return { headers: init, lastEventId: undefined };
  const { 'last-event-id': lastEventId, ...headers } = plainHeaders(init);
  return { headers, lastEventId };
}

function refuseRemoved(init: Record<string, unknown>): void {
  for (const [name, recipe] of Object.entries(removed)) {
    if (init[name] === undefined) continue;
    throw new TypeError(
      `everysource: there is no option "${name}", give a "fetch" that knows it: see demo/recipes/${recipe} in the repository`,
    );
  }
}

/** As fetch does, which leaves other methods as they are. */
function upperCase(method: string): string {
  return /^(delete|get|head|options|post|put)$/i.test(method) ? method.toUpperCase() : method;
}

function isSignal({ aborted, addEventListener, removeEventListener }: PlatformAbortSignal): boolean {
  const isTarget = typeof addEventListener === 'function' && typeof removeEventListener === 'function';
  return typeof aborted === 'boolean' && isTarget;
}

const isNone = (value: unknown): value is undefined => value === undefined;

const isNumber = (value: unknown): value is number => typeof value === 'number' && value >= 0;

function check(isValid: boolean, option: string, expected: string): void {
  if (!isValid) throw new TypeError(`everysource: the option "${option}" has to be ${expected}`);
}
