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
const passing = new Set(['network', 'end-of-body', 'idle', 'connect-timeout', 'headers']);

/** The end of an attempt: what happened, and the signal that it raises. Thrown by whatever finds it out. */
export class Trouble {
  declare readonly signal: 'reestablish' | 'fail';
  declare readonly reason: EventSourceErrorReason;
  declare readonly message: string;
  declare readonly status?: number;
  declare readonly headers?: Headers;
  declare readonly error?: unknown;
  /** What `Retry-After` of the response asked for. Milliseconds. */
  declare readonly retryAfter?: number;
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
  url: URL | string,
  facts: TroubleFacts = {},
): Trouble {
  const { protocol, host, pathname } = new URL(url);
  // Origin and path: never the query, a fragment or userinfo, since these can hold secrets.
  const place = host === '' ? protocol : `${protocol}//${host}${pathname}`;
  return Object.assign(new Trouble(), {
    signal: passing.has(reason) ? 'reestablish' : 'fail',
    reason,
    message: `${sentence} (${place})`,
    ...facts,
  } as const);
}

/** The trouble that a rejected fetch or body read means: one of ours, an abort by somebody else, or a network error. */
export function lost(during: 'fetch' | 'body', error: unknown, url: URL | string): Trouble {
  if (error instanceof Trouble) return error;
  const { name, code } = traitsOf(error);
  if (name === 'AbortError') {
    return trouble('aborted', 'Aborted by something other than close() and "signal"', url, { error });
  }
  // undici refuses to send some headers, such as `Expect`; it would refuse again.
  if (/INVALID_ARG|NOT_SUPPORTED/.test(code)) return trouble('option', invalidHeaders, url, { error });
  return trouble('network', lostSentence(during, code, name), url, { error });
}

/** The sentence for a network error: by its code, or by the name of what was thrown. */
function lostSentence(during: 'fetch' | 'body', code: string, name: unknown): string {
  if (code === circles) return tooManyRedirects;
  const which = code && ` (${code})`;
  if (during === 'fetch') return `No response${which}: check that the server can be reached`;
  if (code.includes('BODY_TIMEOUT') || name === 'TimeoutError') {
    return `The runtime ended the stream${which}: let the server send comments`;
  }
  return `The connection broke${which}`;
}

/** What undici says instead of a code. */
const circles = 'redirect count exceeded';

/** The name and the code, such as ECONNREFUSED, of anything that can be thrown; its message may hold a whole url. */
function traitsOf(error: unknown): { name?: unknown; code: string } {
  try {
    const { name, code, cause } = error as Record<'name' | 'code', unknown> & {
      cause?: Record<string, unknown>;
    };
    if (cause?.message === circles) return { name, code: circles };
    const codes = [code, cause?.code].map(String);
    return { name, code: codes.find((text) => /^[A-Z][A-Z0-9_]+$/.test(text)) ?? '' };
  } catch {
    return { code: '' }; // nothing to read, or a getter that throws
  }
}

/** The sentence for a response that CORS withholds. A header of the caller's, or an ID, takes a preflight. */
export function refusedByCors(sent: Readonly<Record<string, string>>): string {
  const names = Object.keys(sent).map((name) => name.toLowerCase());
  const headers = names.filter((name) => name !== 'accept');
  const allow = headers.length === 0 ? '' : ` and Access-Control-Allow-Headers: ${headers.join(', ')}`;
  const instead = headers.includes('last-event-id') ? ', or use "lastEventIdParameter"' : '';
  return `The server does not admit this origin: let it send Access-Control-Allow-Origin${allow}${instead}`;
}

/** The sentence for a body that ended. */
export function endOfBody(isRepeatable: boolean): string {
  return isRepeatable
    ? 'The server ended the stream: let it stay open, or send 204 to stop'
    : 'The stream ended';
}

/** The sentence for an event over the limit. */
export const tooLarge = 'An event is larger than "maxBufferSize": raise it';

/** The sentence for what is no stream, or one that somebody else reads or has read. */
export const takenBody = 'Expected a stream of bytes that nobody else reads';

/** The sentences for silence. */
export const silent = {
  idle: 'Nothing came within "idleTimeout": let the server send comments',
  'connect-timeout': 'No response within "connectTimeout": check that the server can be reached',
};

/** The sentence for a function of the caller's that threw. Not its own message, which may hold a secret. */
export function failed(name: string): string {
  return `The function ${name} failed: look at "error"`;
}

/** The sentence for headers that cannot be sent. */
export const invalidHeaders = 'The option "headers" has a name or a value that no header can have';

/** The sentences for redirects. */
export const refusedRedirect = 'The server redirects, which "redirect" forbids: use the final url';
export const tooManyRedirects = 'More than 20 redirects: use the final url';

/** The trouble of having failed too often. */
export function exhausted(attempts: number, last: Trouble): Trouble {
  const message = `"maxAttempts" of ${attempts} reached: ${last.message}`;
  return { ...last, signal: 'fail', reason: 'attempts', message };
}

const credentials = 'send credentials with "headers" or "withCredentials"';
const advice: Readonly<Record<number, string>> = {
  204: 'the server asks to stop',
  401: credentials,
  403: credentials,
  404: 'check the url',
};

/** The sentence for a status other than 200. */
export function wrongStatus(status: number): string {
  return `Expected status 200, got ${status}: ${advice[status] ?? 'check the server'}`;
}

/** The sentence for a response that is no event stream. */
export function wrongContentType(contentType: string | null): string {
  // A header of any length may come; its beginning is enough to recognize it.
  const got = contentType?.slice(0, 100) ?? 'none';
  return `Expected Content-Type text/event-stream, got ${got}: check the url and the server`;
}
