/** Why a connection was lost or refused: the reasons, what follows from each, and their sentences. */
import type { PlatformHeaders } from './platform-types.ts';

/** A stable word for what went wrong. The README lists each with what to do about it. */
export type EventSourceErrorReason =
  | 'network'
  | 'end-of-body'
  | 'idle'
  | 'connect-timeout'
  | 'status'
  | 'headers'
  | 'content-type'
  | 'cors'
  | 'redirect'
  | 'aborted'
  | 'unsupported'
  | 'too-large'
  | 'option'
  | 'attempts';

/** After these another attempt follows, unless the option `reconnection` says otherwise; after the others none does. */
const passing = new Set<EventSourceErrorReason>([
  'network',
  'end-of-body',
  'idle',
  'connect-timeout',
  'headers',
]);

/** The end of an attempt, as data: what happened, and the signal that it raises. */
export interface Trouble {
  readonly kind: 'trouble';
  readonly signal: 'reestablish' | 'fail';
  readonly reason: EventSourceErrorReason;
  readonly message: string;
  readonly status?: number;
  readonly headers?: Headers;
  readonly error?: unknown;
  /** What `Retry-After` of the response asked for. Milliseconds. */
  readonly retryAfter?: number;
}

/** What a sink is told when the connection is announced. */
export interface OpenDetails {
  /** Status of the response; 0 for a given stream. */
  status: number;
  headers: PlatformHeaders;
  /** The final url, after redirects. */
  url: string;
  redirected: boolean;
  /** Number of the attempt, from 1. */
  attempt: number;
}

/** What a sink is told when the connection is lost or refused. */
export interface ErrorDetails {
  reason: EventSourceErrorReason;
  /** One sentence, with what to do about it. Never a query string, a credential or a header value. */
  message: string;
  /** Status and headers of the refused response. */
  status?: number | undefined;
  headers?: PlatformHeaders | undefined;
  /** What `fetch` or the body was rejected with, as it came. */
  error?: unknown;
  /** Whether another attempt follows by itself, and after how many milliseconds. */
  reconnecting: boolean;
  delay?: number | undefined;
  /** Number of the attempt that ended, from 1. */
  attempt: number;
}

/** What is known of a trouble besides its reason. A `signal` takes the place of the reason's own. */
export type TroubleFacts = Partial<Pick<Trouble, 'signal' | 'status' | 'headers' | 'error' | 'retryAfter'>>;

/** Makes a trouble whose message is a sentence and the place where it happened. */
export function trouble(
  reason: EventSourceErrorReason,
  sentence: string,
  url: string,
  facts: TroubleFacts = {},
): Trouble {
  return {
    kind: 'trouble',
    signal: passing.has(reason) ? 'reestablish' : 'fail',
    reason,
    message: `${sentence} (${placeOf(url)})`,
    ...facts,
  };
}

/** Origin and path: never the query, a fragment or userinfo, since these can hold secrets. */
function placeOf(url: string): string {
  const [, scheme = '', host, path = ''] =
    /^([a-z-]+:)(?:\/\/(?:[^/?#]*@)?([^/?#]*)([^?#]*))?/.exec(url) ?? [];
  return host === undefined ? scheme : `${scheme}//${host}${path}`;
}

/** The trouble that a rejected fetch or body read means: an abort by somebody else, or a network error. */
export function lost(during: 'fetch' | 'body', error: unknown, url: string): Trouble {
  if (propertyOf(error, 'name') === 'AbortError') {
    return trouble('aborted', 'Aborted by something other than close() and the signal', url, { error });
  }
  const code = codeOf(error);
  // undici refuses to send some headers, such as `Expect`; it would refuse again.
  if (/INVALID_ARG|NOT_SUPPORTED/.test(code)) return trouble('option', invalidHeaders, url, { error });
  return trouble('network', lostSentence(during, code, propertyOf(error, 'name')), url, { error });
}

/** The sentence for a network error: by its code, or by the name of what was thrown. */
function lostSentence(during: 'fetch' | 'body', code: string, name: unknown): string {
  if (code === ' (redirect count exceeded)') return `${tooManyRedirects}${code}`;
  if (during === 'fetch') return `No response${code}: check that the server is running and can be reached`;
  if (code.includes('BODY_TIMEOUT') || name === 'TimeoutError') {
    return `The runtime ended the stream, since nothing came for too long${code}: let the server send a comment now and then`;
  }
  return `The connection broke while the stream was read${code}`;
}

/** The sentence for a response that CORS withholds. A header of the caller's, or an ID, takes a preflight. */
export function refusedByCors(headers: readonly string[]): string {
  const allow = headers.length === 0 ? '' : ` and Access-Control-Allow-Headers: ${headers.join(', ')}`;
  const instead = headers.includes('last-event-id') ? ', or use the option "lastEventIdParameter"' : '';
  return `The server answers, but does not admit this origin: let it send Access-Control-Allow-Origin${allow}${instead}`;
}

/** The sentence for a body that ended. */
export function endOfBody(isRepeatable: boolean): string {
  if (!isRepeatable) return 'The stream ended';
  return 'The server ended the stream: to keep the connection, leave the response open; to stop the client, answer 204';
}

/** The sentence for an event over the limit. */
export const tooLarge = 'An event is larger than "maxBufferSize": raise it, or send smaller events';

/** The sentence for a body that somebody else reads, or has read. */
export const takenBody = 'The body cannot be read: expected a ReadableStream that nobody else reads';

/** The sentence for a body of strings or objects. */
export const notBytes = 'The body cannot be read: expected a stream of bytes';

/** The sentences for silence. */
export const silent = {
  idle: 'Nothing came for as long as "idleTimeout" allows: let the server send a comment now and then',
  'connect-timeout':
    'No response came within "connectTimeout": check that the server can be reached, or allow more time',
};

/** The sentence for a `headers` or `body` function that threw. Not its own message, which may hold a secret. */
export const failedFunction = 'The function given as "headers" or "body" failed: look at "error"';

/** The sentence for headers that cannot be sent. */
export const invalidHeaders = 'The option "headers" gave a name or a value that no header can have';

/** The sentence for a predicate that threw. */
export const failedPredicate = 'The function given as "statuses" failed: look at "error"';

/** The sentences for redirects. */
export const refusedRedirect =
  'The server redirects, and the option "redirect" forbids that: use the final url';
export const tooManyRedirects = 'More than 20 redirects: the server sends its clients around in circles';

/** The trouble of having failed too often. */
export function exhausted(attempts: number, last: Trouble): Trouble {
  const which = attempts === 1 ? 'The only attempt' : `${attempts} attempts in a row`;
  const message = `${which} that "maxAttempts" allows failed: ${last.message}`;
  return { ...last, signal: 'fail', reason: 'attempts', message };
}

/** The sentence for a status other than 200. */
export function wrongStatus(status: number): string {
  const expected = `Expected status 200, got ${status}`;
  if (status === 204) return `${expected}: the server asks its clients to stop`;
  if (status === 401 || status === 403)
    return `${expected}: send credentials with the option "headers" or "withCredentials"`;
  if (status === 404) return `${expected}: check the url`;
  return `${expected}: only a response with status 200 can be a stream`;
}

/** The sentence for a response that is no event stream. */
export function wrongContentType(contentType: string | null): string {
  const expected = 'Expected Content-Type text/event-stream';
  if (contentType === null) return `${expected}, got none: let the server name it`;
  // A header of any length may come; its beginning is enough to recognize it.
  const got = contentType.length > 100 ? `${contentType.slice(0, 100)}…` : contentType;
  const isPage = /^\s*text\/html\b/i.test(contentType);
  return `${expected}, got ${got}${isPage ? ': this is a page, perhaps a login or the fallback of a web app' : ''}`;
}

/** The runtime's code for an error, such as ` (ECONNREFUSED)`; its message may hold a whole url, so it is not used. */
function codeOf(error: unknown): string {
  for (const candidate of [error, propertyOf(error, 'cause')]) {
    const code = propertyOf(candidate, 'code');
    if (typeof code === 'string' && /^[A-Z][A-Z0-9_]+$/.test(code)) return ` (${code})`;
  }
  // undici has no code for this one.
  const reason = propertyOf(propertyOf(error, 'cause'), 'message');
  return reason === 'redirect count exceeded' ? ` (${reason})` : '';
}

/** A property of anything that can be thrown, hostile objects included. */
function propertyOf(value: unknown, name: string): unknown {
  try {
    return (value as Record<string, unknown> | null | undefined)?.[name];
  } catch {
    return undefined; // a getter that throws has no answer
  }
}
