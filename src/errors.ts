/** Why a connection was lost or refused: the reasons, what follows from each, and their sentences. */
import type { PlatformHeaders } from './platform-types.ts';
import { isHttp } from './url.ts';

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

const check = 'check the url and the server';

/** After these another attempt follows, unless the option `reconnection` says otherwise. Each with its usual sentence. */
const passing = {
  network: 'The connection failed',
  'end-of-body': 'The stream ended',
  idle: 'Silent for "idleTimeout": let the server send comments',
  'connect-timeout': `No response within "connectTimeout": ${check}`,
  // Not the message of what was thrown, which may hold a secret.
  headers: 'The function "headers" or "body" failed: look at "error"',
};

/** After these none does, nor after those that have no usual sentence. */
const sentences: Partial<Record<EventSourceErrorReason, string>> = {
  ...passing,
  redirect: 'Redirected, against "redirect": use the final url',
  aborted: 'Aborted, but not by close() or "signal"',
  unsupported: 'Expected an unread Response or stream of bytes',
  'too-large': 'An event is larger than "maxBufferSize": raise it',
  option: 'The option "headers" has to be valid headers',
};

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

/** Makes a trouble whose message is a sentence, its reason's own unless given, and the place where it happened. */
export function trouble(
  reason: EventSourceErrorReason,
  url: URL | string,
  facts: TroubleFacts = {},
  sentence = sentences[reason],
): Trouble {
  // Never the query, a fragment or userinfo, nor what is no place of a server: these can hold secrets.
  const { origin, pathname, protocol } = new URL(url);
  const place = isHttp({ protocol }) ? origin + pathname : protocol;
  return Object.assign(new Trouble(), {
    signal: reason in passing ? 'reestablish' : 'fail',
    reason,
    message: `${sentence} (${place})`,
    ...facts,
  } as const);
}

/** The trouble that a rejected fetch or body read means: one of ours, an abort by somebody else, or a network error. */
export function lost(error: unknown, url: URL | string): Trouble {
  if (error instanceof Trouble) return error;
  const traits = traitsOf(error);
  if (/^AbortError\b/.test(traits)) return trouble('aborted', url, { error });
  // What cannot be a header; undici refuses to send some others too, such as `Expect`. It would be refused again.
  if (/INVALID_ARG|NOT_SUPPORTED/.test(traits)) return trouble('option', url, { error });
  // The runtime's own limit: Bun has a name for it, Node a code.
  const isSilence = /TimeoutError|BODY_TIMEOUT/.test(traits);
  const advice = isSilence ? 'let the server send comments' : check;
  const code = /\b[A-Z][A-Z0-9_]+\b/.exec(traits);
  return trouble('network', url, { error }, `${passing.network}${code ? ` (${code})` : ''}: ${advice}`);
}

/** The name of anything that can be thrown, and its code or its cause's, such as ECONNREFUSED. No text: it may hold a whole url. */
function traitsOf(error: unknown): string {
  try {
    const { name, code, cause } = error as Record<string, unknown> & { cause?: Record<string, unknown> };
    // undici has no code for this one.
    const isCircle = cause?.message === 'redirect count exceeded';
    return [name, code, cause?.code, isCircle && 'TOO_MANY_REDIRECTS'].join(' ');
  } catch {
    return ''; // nothing to read, or a getter that throws
  }
}

/** Gives an object properties that can be read, but do not show where it is printed or made JSON: they may hold secrets. */
export function hide(object: object, properties: Readonly<Record<string, unknown>>): void {
  for (const name of Object.keys(properties)) {
    // A getter, since Bun (1.4, 2026-11) prints what is not enumerable too.
    Object.defineProperty(object, name, { get: () => properties[name] });
  }
}

/** The sentence for a response that CORS withholds. A header of the caller's, or an ID, takes a preflight. */
export function refusedByCors(sent: Readonly<Record<string, string>>): string {
  const headers = Object.keys(sent)
    .filter((name) => !/^accept$/i.test(name))
    .join(', ');
  const allow = headers && ` and Access-Control-Allow-Headers: ${headers}`;
  const instead = 'Last-Event-ID' in sent ? ', or use "lastEventIdParameter"' : '';
  return `Refused by CORS: let the server send Access-Control-Allow-Origin${allow}${instead}`;
}

/** The sentence for a body that ended, where another could follow. */
export const repeatable = 'The stream ended: let the server keep it open, or send 204';

export const tooManyRedirects = 'More than 20 redirects: use the final url';

/** The trouble of having failed too often. */
export function exhausted(attempts: number, last: Trouble): Trouble {
  const message = `"maxAttempts" of ${attempts} reached: ${last.message}`;
  return { ...last, signal: 'fail', reason: 'attempts', message };
}

/** The sentence for a status other than 200. */
export function wrongStatus(status: number): string {
  let advice = check;
  if (status === 204) advice = 'the server asks to stop';
  if (status === 401 || status === 403) advice = 'send credentials with "headers" or "withCredentials"';
  return `Expected status 200, got ${status}: ${advice}`;
}

/** The sentence for a response that is no event stream. */
export function wrongContentType(contentType: string | null): string {
  // A header of any length may come; its beginning is enough to recognize it. What is not printable ASCII could command a
  // terminal, or begin a new line in a log.
  const got = `${contentType}`.slice(0, 100).replace(/[^ -~]/g, '?');
  return `Expected Content-Type text/event-stream, got ${got}: ${check}`;
}
