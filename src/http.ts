/**
 * What we ask and what we accept: pure, without I/O.
 *
 * Source: HTML standard, section 9.2.2, steps 8 to 15 of the constructor
 * https://html.spec.whatwg.org/multipage/server-sent-events.html#dom-eventsource
 */

import type {
  ByteStream,
  PlatformAbortSignal,
  PlatformBody,
  PlatformHeaders,
  PlatformHeadersInit,
} from './platform-types.ts';
import { fetchCacheMode, fetchEncodesHeaders, isWebKit } from './quirks.ts';

/** One request of an attempt. Redirects make more than one. */
export interface Hop {
  readonly url: URL;
  readonly method: string;
  readonly body: PlatformBody | undefined;
  /** The caller's headers. Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** What is the same in all requests of an attempt. */
export interface RequestOptions {
  readonly withCredentials: boolean;
  /** Sent as `Last-Event-ID`, unless empty. */
  readonly lastEventId: string;
  /** `manual`: redirects are followed by us. */
  readonly redirect: 'follow' | 'manual';
  readonly signal: AbortSignal;
}

/** The second argument of `fetch`, as a custom `fetch` receives it. */
export interface EventSourceFetchInit {
  mode: 'cors';
  credentials: 'include' | 'same-origin';
  cache?: 'no-store';
  redirect: 'follow' | 'manual';
  /** Left out for GET. */
  method?: string;
  body?: PlatformBody;
  /** Needed where the body is a stream. */
  duplex?: 'half';
  /** A plain object, so that a custom `fetch` can spread it. */
  headers: Record<string, string>;
  signal: PlatformAbortSignal;
}

/** The response of a custom `fetch`, as far as it is used. A `Response` is one. */
export interface FetchLikeResponse {
  readonly status: number;
  readonly headers: Pick<PlatformHeaders, 'get'>;
  readonly url?: string;
  readonly redirected?: boolean;
  readonly type?: string;
  readonly body: ByteStream | null;
  readonly bodyUsed?: boolean;
}

/** Whether `fetch` knows this scheme; some runtimes would load a `file:` url. */
export function isFetchable(url: URL): boolean {
  return ['http:', 'https:', 'data:', 'blob:'].includes(url.protocol);
}

/** Whether CORS decides if the response is shown to us: so in a page or a worker, for another origin. */
export function isJudgedByCors(url: URL, location: { origin: string } | undefined): boolean {
  return location !== undefined && url.protocol.startsWith('http') && url.origin !== location.origin;
}

/** A request that CORS does not judge, and that carries nothing: it only tells whether the server answers. */
export const probeInit = {
  method: 'HEAD',
  mode: 'no-cors',
  credentials: 'omit',
  cache: 'no-store',
} as const satisfies RequestInit;

/** The second argument of `fetch` for one request. */
export function requestInit({ method, body, headers }: Hop, options: RequestOptions): EventSourceFetchInit {
  // Step: mode "cors", credentials mode by withCredentials, cache mode "no-store", Accept, and when the last event
  // ID string is not empty, Last-Event-ID. What a function of the caller's returned wins.
  const cacheMode = fetchCacheMode();
  return {
    mode: 'cors',
    credentials: options.withCredentials ? 'include' : 'same-origin',
    ...(cacheMode !== 'refused' && { cache: 'no-store' }),
    redirect: options.redirect,
    ...(method !== 'GET' && { method }),
    ...(body !== undefined && { body }),
    ...(isStream(body) && { duplex: 'half' }),
    headers: {
      ...(!('accept' in headers) && { Accept: 'text/event-stream' }),
      ...(cacheMode !== 'obeyed' && !('cache-control' in headers) && { 'Cache-Control': 'no-cache' }),
      ...(!('last-event-id' in headers) && lastEventIdHeader(options.lastEventId)),
      ...headers,
    },
    signal: options.signal,
  };
}

/** Whether a body can be read only once. */
export function isStream(body: unknown): boolean {
  const isObject = typeof body === 'object' && body !== null;
  return isObject && ('getReader' in body || Symbol.asyncIterator in body);
}

/** The header of a last event ID; none for the empty string. */
function lastEventIdHeader(lastEventId: string): { 'Last-Event-ID'?: string } {
  if (lastEventId === '') return {};
  // D5: RFC 9110 allows no control character but the tab in a header value. Node refuses to send one, and the id
  // would make every later attempt fail.
  // oxlint-disable-next-line no-control-regex
  if (/[\x00-\x08\x0A-\x1F\x7F]/.test(lastEventId)) return {};
  if (isWebKit()) return /[\u0100-\uFFFF]/.test(lastEventId) ? {} : { 'Last-Event-ID': lastEventId };
  return { 'Last-Event-ID': headerValue(lastEventId) };
}

/** A text as `fetch` wants it in a header, to be sent as UTF-8. */
export function headerValue(text: string): string {
  return fetchEncodesHeaders() ? text : utf8Bytes(text);
}

/** UTF-8 encoded, each byte as one character U+0000 to U+00FF: how `fetch` wants the bytes of a header. */
function utf8Bytes(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join('');
}

/**
 * The caller's headers as a plain object. Names in lower case.
 *
 * @throws {TypeError} when a name or a value is not allowed in a header; it does not show them, as the runtime's own would
 */
export function plainHeaders(init: PlatformHeadersInit | null | undefined): Record<string, string> {
  let headers;
  try {
    headers = new Headers((init ?? undefined) as HeadersInit);
  } catch {
    throw new TypeError(
      'everysource: the option "headers" has to have names and values that a header can have',
    );
  }
  // happy-dom 21 (2026-11) keeps the case of names.
  return Object.fromEntries(Array.from(headers, ([name, value]) => [name.toLowerCase(), value]));
}

/** The url without what is said of user and password, which fetch refuses, and with the id if it goes there. */
export function requestUrl(url: URL, lastEventId: string, parameter: string | undefined): URL {
  const target = new URL(url);
  target.username = target.password = '';
  if (parameter === undefined || lastEventId === '') return target;
  // As text: `searchParams` would write the caller's own parameters anew, and a signed url would not hold.
  const isOther = (pair: string) => new URLSearchParams(pair).keys().next().value !== parameter;
  const others = target.search
    .slice(1)
    .split('&')
    .filter((pair) => pair !== '' && isOther(pair));
  target.search = [...others, new URLSearchParams([[parameter, lastEventId]])].join('&');
  return target;
}

/** The `Authorization` that `user:password@` in the url stands for; none where a page may not send it there. */
export function credentialsOf(
  { username, password, origin }: URL,
  withCredentials: boolean,
  location: { origin: string } | undefined,
): { authorization?: string } {
  const isAllowed = location === undefined || withCredentials || origin === location.origin;
  if ((username === '' && password === '') || !isAllowed) return {};
  return { authorization: `Basic ${btoa(utf8Bytes(`${decoded(username)}:${decoded(password)}`))}` };
}

/** Percent-decoded, as far as it is encoded: a url may hold a bare `%`. */
function decoded(text: string): string {
  return text.replaceAll(/(%[\dA-F]{2})+/gi, (encoded) => {
    try {
      return decodeURIComponent(encoded);
    } catch {
      return encoded; // bytes that are no UTF-8
    }
  });
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/**
 * The request that a redirect asks for, as in "HTTP-redirect fetch" of the Fetch standard; `undefined` for any other response,
 * and a sentence for a redirect that cannot be followed. The caller's headers are for the origin they were meant for: a change
 * of origin drops all of them.
 */
export function nextHop(hop: Hop, { status, headers }: FetchLikeResponse): Hop | string | undefined {
  const location = REDIRECTS.has(status) ? headers.get('location') : null;
  if (location === null) return undefined;
  const url = parse(utf8Text(location), hop.url);
  if (url === undefined || !url.protocol.startsWith('http'))
    return 'The redirect leads to no http or https url';
  if (url.username !== '' || url.password !== '')
    return 'The redirect leads to a url with a user or a password';
  const isGet = hop.method === 'GET' || hop.method === 'HEAD';
  const becomesGet = status === 303 ? !isGet : status < 303 && hop.method === 'POST';
  if (!becomesGet && isStream(hop.body))
    return 'The redirect wants the body again, which can be read only once';
  const own = Object.entries(hop.headers).filter(([name]) => !becomesGet || !name.startsWith('content-'));
  return {
    url,
    method: becomesGet ? 'GET' : hop.method,
    body: becomesGet ? undefined : hop.body,
    headers: url.origin === hop.url.origin ? Object.fromEntries(own) : {},
  };
}

/** A header that came as UTF-8, one character per byte, as text; `fetch` reads a `Location` so. */
function utf8Text(value: string): string {
  if (!/[\x80-\xFF]/.test(value) || /[^\0-\xFF]/.test(value)) return value; // oxlint-disable-line no-control-regex
  return new TextDecoder().decode(Uint8Array.from(value, (character) => character.charCodeAt(0)));
}

function parse(url: string, base: URL): URL | undefined {
  try {
    return new URL(url, base);
  } catch {
    return undefined; // said by the caller
  }
}

/** What `Retry-After` asks for, seconds or a date, in milliseconds; 0 when it asks for nothing. */
export function retryAfter(value: string | null, now: number): number {
  if (value === null) return 0;
  const time = /^\s*\d+\s*$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Math.max(0, time || 0);
}

/** What a response says about the connection, by its status and its `Content-Type`. */
export function verdictOn({
  status,
  headers,
}: Pick<FetchLikeResponse, 'status' | 'headers'>): 'accepted' | 'status' | 'content-type' {
  // Step: if the status is not 200, fail the connection. 204 is no exception.
  if (status !== 200) return 'status';
  // Step: if the MIME type's essence is not text/event-stream, fail the connection. Parameters do not matter.
  return essenceOf(headers.get('content-type')) === 'text/event-stream' ? 'accepted' : 'content-type';
}

const TOKEN = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+";
const MIME_TYPE = new RegExp(`^[\\t\\n\\r ]*(${TOKEN}/${TOKEN})[\\t\\n\\r ]*(?:;|$)`);
const BETWEEN_COMMAS = /(?:"(?:\\.|[^"\\])*"?|[^",])+/gs;

/** "Extract a MIME type" of the Fetch standard, down to the essence: of several values the last valid one wins. */
export function essenceOf(contentType: string | null): string | undefined {
  let essence: string | undefined;
  for (const value of contentType?.match(BETWEEN_COMMAS) ?? []) {
    const candidate = MIME_TYPE.exec(value)?.[1];
    if (candidate !== undefined && candidate !== '*/*') essence = candidate.toLowerCase();
  }
  return essence;
}
