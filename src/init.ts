/** The options of the constructor: their types, and how they are checked and converted. */
import { DEFAULT_MAX_BUFFER_SIZE } from './event-stream.ts';
import { takeHeaders } from './http.ts';
import type { PlatformAbortSignal, PlatformHeadersInit } from './platform-types.ts';
import { DEFAULT_RECONNECTION_TIME } from './reconnection.ts';
import type { FetchLike } from './transport.ts';

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

/**
 * Checks the options, and sorts them by who needs them.
 *
 * @throws {TypeError} that names the invalid option
 */
export function convertInit(init: EventSourceInit) {
  if (typeof init !== 'object' && typeof init !== 'function') {
    throw new TypeError(`EventSource: expected an object of options, got ${typeof init}`);
  }
  const { fetch, maxBufferSize = DEFAULT_MAX_BUFFER_SIZE } = init;
  const { reconnectionTime = DEFAULT_RECONNECTION_TIME } = init;
  const { headers, lastEventId: headerId } = takeHeaders(init.headers);
  const lastEventId = init.lastEventId ?? headerId ?? '';
  const signal = init.signal ?? undefined;
  check(fetch === undefined || typeof fetch === 'function', 'fetch', 'a function');
  check(signal === undefined || typeof signal.aborted === 'boolean', 'signal', 'an AbortSignal');
  // oxlint-disable-next-line no-control-regex
  const isId = typeof lastEventId === 'string' && !/[\0\r\n]/.test(lastEventId);
  check(isId, 'lastEventId', 'a string without NUL, CR and LF');
  const isTime = typeof reconnectionTime === 'number' && reconnectionTime >= 0;
  check(isTime, 'reconnectionTime', 'milliseconds, 0 or more');
  const isSize = typeof maxBufferSize === 'number' && maxBufferSize > 0;
  check(isSize, 'maxBufferSize', 'a number of characters above 0');
  return {
    request: { withCredentials: Boolean(init.withCredentials), headers, fetch },
    connection: { lastEventId, reconnectionTime, maxBufferSize, signal },
  };
}

function check(isValid: boolean, option: string, expected: string): void {
  if (!isValid) throw new TypeError(`EventSource: the option "${option}" has to be ${expected}`);
}
