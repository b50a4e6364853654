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
import { isHttp, parse } from './url.ts';

/** One request of an attempt. Redirects make more than one. */
export interface Hop {
  readonly url: URL;
  readonly method: string;
  readonly body: PlatformBody | undefined;
  /** The caller's headers. Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly withCredentials: boolean;
  /** Sent as `Last-Event-ID`, unless empty. */
  readonly lastEventId: string;
  /** Whether redirects are followed by us. */
  readonly isManual: boolean;
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
export function isFetchable({ protocol }: URL): boolean {
  return /^(https?|data|blob):$/.test(protocol);
}

/** The second argument of `fetch` for one request. */
export function requestInit(hop: Hop): EventSourceFetchInit {
  const { method, body, headers, lastEventId } = hop;
  // Step: mode "cors", credentials mode by withCredentials, cache mode "no-store", Accept, and when the last event
  // ID string is not empty, Last-Event-ID. What a function of the caller's returned wins.
  const cacheMode = fetchCacheMode();
  return {
    mode: 'cors',
    credentials: hop.withCredentials ? 'include' : 'same-origin',
    ...(cacheMode !== 'refused' && { cache: 'no-store' }),
    redirect: hop.isManual ? 'manual' : 'follow',
    ...(method !== 'GET' && { method }),
    ...(body !== undefined && { body }),
    ...(isStream(body) && { duplex: 'half' }),
    headers: {
      ...(!('accept' in headers) && { Accept: 'text/event-stream' }),
      ...(cacheMode !== 'obeyed' && !('cache-control' in headers) && { 'Cache-Control': 'no-cache' }),
      ...(!('last-event-id' in headers) &&
        canSend(lastEventId) && { 'Last-Event-ID': headerValue(lastEventId) }),
      ...headers,
    },
    signal: hop.signal,
  };
}

/** Whether a body can be read only once. */
export function isStream(body: unknown): boolean {
  const stream = body as Readonly<Record<string | symbol, unknown>> | null | undefined;
  return Boolean(stream?.['getReader'] ?? stream?.[Symbol.asyncIterator]);
}

/** Whether there is a last event ID, and a header can carry it. */
function canSend(lastEventId: string): boolean {
  // D5: RFC 9110 allows no control character but the tab in a header value. Node refuses to send one, and the id
  // would make every later attempt fail.
  return (isWebKit() ? /^[\t -~\x80-\xFF]+$/ : /^[\t -~\x80-\uFFFF]+$/).test(lastEventId);
}

/** A text as `fetch` wants it in a header, to be sent as UTF-8. */
export function headerValue(text: string): string {
  return fetchEncodesHeaders() ? text : utf8Bytes(text);
}

/** UTF-8 encoded, each byte as one character U+0000 to U+00FF: how `fetch` wants the bytes of a header. */
function utf8Bytes(text: string): string {
  // In parts: an id may have millions of characters, and a call takes some 120,000 arguments (Node 20, 2026-11).
  return text.replaceAll(/[^ -~]{1,999}/gu, (part) => String.fromCharCode(...new TextEncoder().encode(part)));
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
    const sentence = 'everysource: the option "headers" has to be valid headers';
    throw Object.assign(new TypeError(sentence), { code: 'INVALID_ARG' }); // as undici says it, for `lost`
  }
  // happy-dom 21 (2026-11) keeps the case of names.
  return Object.fromEntries(Array.from(headers, ([name, value]) => [name.toLowerCase(), value]));
}

/** The url without what is said of user and password, which fetch refuses, and with the id if it goes there. */
export function requestUrl(url: URL, lastEventId: string, parameter: string | undefined): URL {
  const hasId = parameter !== undefined && lastEventId !== '';
  if (!hasId && !url.username && !url.password) return url;
  const target = new URL(url);
  target.username = target.password = '';
  if (!hasId) return target;
  // As text: `searchParams` would write the caller's own parameters anew, and a signed url would not hold.
  const pairs = target.search.slice(1).split('&');
  const others = pairs.filter((pair) => pair !== '' && !new URLSearchParams(`?${pair}`).has(parameter));
  // With the mark, since else it would be taken from a query that begins with one.
  target.search = `?${[...others, new URLSearchParams([[parameter, lastEventId]])].join('&')}`;
  return target;
}

/** The `Authorization` that `user:password@` in the url stands for; none where a page may not send it there. */
export function credentialsOf(
  { username, password, origin }: URL,
  withCredentials: boolean,
  location: { origin: string } | undefined,
): { authorization?: string } {
  const isAllowed = location === undefined || withCredentials || origin === location.origin;
  if (username + password === '' || !isAllowed) return {};
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

/**
 * The request that a redirect asks for, as in "HTTP-redirect fetch" of the Fetch standard; `undefined` for any other
 * response, and a sentence for a redirect that cannot be followed. The caller's headers are for the origin they were
 * meant for: a change of origin drops all of them.
 */
export function nextHop<Any extends Hop>(hop: Any, response: FetchLikeResponse): Any | string | undefined {
  const { status, headers } = response;
  const location = [301, 302, 303, 307, 308].includes(status) ? headers.get('location') : null;
  if (location === null) return undefined;
  const url = parse(utf8Text(location), hop.url);
  const isFetched = url && isHttp(url) && url.username + url.password === '';
  if (!isFetched) return 'Redirected to a url that fetch refuses';
  const becomesGet = status === 303 ? hop.method !== 'GET' : status < 303 && hop.method === 'POST';
  if (!becomesGet && isStream(hop.body)) return 'Redirected with a body that can be read only once';
  const kept = Object.entries(hop.headers).filter(
    ([name]) => url.origin === hop.url.origin && !(becomesGet && name.startsWith('content-')),
  );
  return {
    ...hop,
    url,
    headers: Object.fromEntries(kept),
    ...(becomesGet && { method: 'GET', body: undefined }),
  };
}

/** A header that came as UTF-8, one character per byte, as text; `fetch` reads a `Location` so. */
function utf8Text(value: string): string {
  if (/[^\0-\xFF]/.test(value)) return value; // oxlint-disable-line no-control-regex
  return new TextDecoder().decode(Uint8Array.from(value, (character) => character.charCodeAt(0)));
}

/** What `Retry-After` asks for, seconds or a date, in milliseconds; 0 when it asks for nothing. */
export function retryAfter(value: string | null, now: number): number {
  return Math.max(0, Number(value) * 1000 || Date.parse(value!) - now || 0);
}

// The last of several values that has a type and a subtype, both tokens, and not `*/*`.
const MIME_TYPE = /^(?:.*,)?[\t ]*(?!\*\/\*)([!#$%&'*+\-.^`|~\w]+\/[!#$%&'*+\-.^`|~\w]+)[\t ]*(?:[;,]|$)/;

/** "Extract a MIME type" of the Fetch standard, down to the essence: of several values the last valid one wins. */
export function essenceOf(contentType: string | null): string | undefined {
  // What is quoted may hold a comma; a lone quote is left in its place, and is no part of a type.
  const unquoted = contentType?.replaceAll(/"(\\.|[^"\\])*"?/g, '"') ?? '';
  return MIME_TYPE.exec(unquoted)?.[1]?.toLowerCase();
}
