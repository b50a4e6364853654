/**
 * What we ask and what we accept: pure, without I/O.
 *
 * Source: HTML standard, section 9.2.2, steps 8 to 15 of the constructor
 * https://html.spec.whatwg.org/multipage/server-sent-events.html#dom-eventsource
 */

import type { PlatformAbortSignal } from './platform-types.ts';
import { fetchCacheMode, fetchEncodesHeaders, isWebKit } from './quirks.ts';

/** What shapes the request of every attempt. */
export interface RequestOptions {
  readonly withCredentials: boolean;
  /** The caller's headers, without `Last-Event-ID`. Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The second argument of `fetch`, as a custom `fetch` receives it. */
export interface EventSourceFetchInit {
  mode: 'cors';
  credentials: 'include' | 'same-origin';
  cache?: 'no-store';
  redirect: 'follow';
  /** A plain object, so that a custom `fetch` can spread it. */
  headers: Record<string, string>;
  signal: PlatformAbortSignal;
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

/** The request of one attempt. */
export function requestInit(
  options: RequestOptions,
  lastEventId: string,
  signal: AbortSignal,
): EventSourceFetchInit {
  // Step: mode "cors", credentials mode by withCredentials, cache mode "no-store", Accept, and when the last event
  // ID string is not empty, Last-Event-ID.
  const cacheMode = fetchCacheMode();
  return {
    mode: 'cors',
    credentials: options.withCredentials ? 'include' : 'same-origin',
    ...(cacheMode !== 'refused' && { cache: 'no-store' }),
    redirect: 'follow',
    headers: {
      ...(!('accept' in options.headers) && { Accept: 'text/event-stream' }),
      ...(cacheMode !== 'obeyed' && !('cache-control' in options.headers) && { 'Cache-Control': 'no-cache' }),
      ...options.headers,
      ...lastEventIdHeader(lastEventId),
    },
    signal,
  };
}

/** The header of a last event ID; none for the empty string. */
function lastEventIdHeader(lastEventId: string): { 'Last-Event-ID'?: string } {
  if (lastEventId === '') return {};
  // D5: RFC 9110 allows no control character but the tab in a header value. Node refuses to send one, and the id
  // would make every later attempt fail.
  // oxlint-disable-next-line no-control-regex
  if (/[\x00-\x08\x0A-\x1F\x7F]/.test(lastEventId)) return {};
  if (isWebKit()) return /[\u0100-\uFFFF]/.test(lastEventId) ? {} : { 'Last-Event-ID': lastEventId };
  return { 'Last-Event-ID': fetchEncodesHeaders() ? lastEventId : utf8Bytes(lastEventId) };
}

/** UTF-8 encoded, each byte as one character U+0000 to U+00FF: how `fetch` wants the bytes of a header. */
function utf8Bytes(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join('');
}

/**
 * Splits the caller's headers from an initial last event ID among them.
 *
 * @throws {TypeError} when a name or a value is not allowed in a header
 */
export function takeHeaders(init: HeadersInit | undefined): {
  headers: Record<string, string>;
  lastEventId: string | undefined;
} {
  // happy-dom 21 (2026-11) keeps the case of names.
  const entries = Array.from(new Headers(init), ([name, value]) => [name.toLowerCase(), value]);
  const { 'last-event-id': lastEventId, ...headers } = Object.fromEntries(entries);
  return { headers, lastEventId };
}

/** What a response says about the connection. */
export type Verdict =
  | { readonly verdict: 'accepted' }
  | { readonly verdict: 'status' }
  | { readonly verdict: 'content-type'; readonly contentType: string | null };

/** Judges a response by its status and its `Content-Type`. */
export function judge(response: { status: number; headers: Pick<Headers, 'get'> }): Verdict {
  // Step: if the status is not 200, fail the connection. 204 is no exception.
  if (response.status !== 200) return { verdict: 'status' };
  // Step: if the MIME type's essence is not text/event-stream, fail the connection. Parameters do not matter.
  const contentType = response.headers.get('content-type');
  return essenceOf(contentType) === 'text/event-stream'
    ? { verdict: 'accepted' }
    : { verdict: 'content-type', contentType };
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
