/** Performs one attempt: requests, until a response can be judged, or the trouble that came instead. */
import { cancel, isResponse, judge, type Admission, type JudgeOptions } from './admission.ts';
import { within } from './clock.ts';
import * as http from './http.ts';
import {
  failedFunction,
  invalidHeaders,
  lost,
  refusedByCors,
  refusedRedirect,
  takenBody,
  tooManyRedirects,
  trouble,
  type EventSourceErrorReason,
  type Trouble,
} from './errors.ts';
import type { PlatformAbortSignal, PlatformBody, PlatformHeadersInit } from './platform-types.ts';
import { pageLocation, silentStreamInit } from './quirks.ts';

/** What a function of headers is told: of the attempt to be made, and of the one that ended. */
export interface AttemptContext {
  /** Number of the attempt over the life of the source, from 1. */
  readonly attempt: number;
  readonly lastEventId: string;
  /** Aborts when the attempt is given up. */
  readonly signal: PlatformAbortSignal;
  /** Why the one before ended; `undefined` if there was none, or `reconnect()` ended it. */
  readonly reason: EventSourceErrorReason | undefined;
  /** Status with which it was refused, if it was. */
  readonly status: number | undefined;
}

/** Gives the headers of one attempt. */
export type HeadersFunction = (
  context: AttemptContext,
) => PlatformHeadersInit | undefined | Promise<PlatformHeadersInit | undefined>;

/** Gives the body of one attempt. */
export type BodyFunction = () => PlatformBody | Promise<PlatformBody>;

/** What one attempt starts from. */
export interface AttemptRequest extends AttemptContext {
  readonly signal: AbortSignal;
  /** Called when the functions of the caller have answered, and the request goes out. */
  readonly onRequest: () => void;
}

/** Gives one body per attempt. */
export interface Transport {
  /** A given stream, or one fetch after another. */
  readonly kind: 'fetch' | 'stream';
  /** Where it asks, or what stands for that. */
  readonly url: URL;
  /** Whether there can be another attempt; where not, whatever ends the first one fails the connection. */
  readonly isRepeatable: boolean;
  /** Performs one attempt. Never rejects. */
  attempt(request: AttemptRequest): Promise<Admission | Trouble>;
}

/** A replacement for `fetch`: anything that takes a url and the init, and gives a response whose body is a stream. */
export type FetchLike = (url: string, init: http.EventSourceFetchInit) => Promise<http.FetchLikeResponse>;

/** What a fetching transport is made of. */
export interface FetchTransportOptions extends JudgeOptions {
  readonly withCredentials: boolean;
  /** The caller's headers, without `Last-Event-ID` and with names in lower case; or a function that gives any. */
  readonly headers: Readonly<Record<string, string>> | HeadersFunction;
  readonly method: string;
  readonly body: PlatformBody | BodyFunction | undefined;
  /** Default: the global `fetch`, looked up at each attempt. */
  readonly fetch: FetchLike | undefined;
  readonly lastEventIdParameter: string | undefined;
  readonly redirect: 'follow' | 'error';
  /** Whether a method other than GET may be sent again. */
  readonly resend: boolean;
}

/** The transport that fetches a url. */
export function fetchTransport(url: URL, options: FetchTransportOptions): Transport {
  const isRepeatable = options.method === 'GET' || options.resend;
  return { kind: 'fetch', url, isRepeatable, attempt: (request) => fetchOnce(url, options, request) };
}

/**
 * The transport that has a body already.
 *
 * @throws {TypeError} when somebody reads the stream
 */
export function streamTransport(stream: ReadableStream<Uint8Array>): Transport {
  const reader = stream.getReader();
  return onceOnly((url) => {
    const headers = new Headers();
    return {
      kind: 'admission',
      reader,
      status: 0,
      headers,
      url: url.href,
      origin: 'null',
      redirected: false,
    };
  });
}

/** The transport that has a response already, which is judged like one that was fetched. */
export function responseTransport(response: http.FetchLikeResponse): Transport {
  return onceOnly((url) => {
    // What has been read of it would be missing without a word.
    if (response.bodyUsed) return trouble('unsupported', takenBody, url.href);
    return judge(url, response, false, { isRetried: () => false });
  });
}

function onceOnly(admit: (url: URL) => Admission | Trouble): Transport {
  const url = new URL('about:event-stream');
  const attempt: Transport['attempt'] = async () =>
    canDecode() ? admit(url) : trouble('unsupported', cannotDecode, url.href);
  return { kind: 'stream', url, isRepeatable: false, attempt };
}

/** jsdom (30, 2026-11) has neither. */
const canDecode = () => typeof TextDecoder === 'function' && typeof TextEncoder === 'function';
const cannotDecode = 'This runtime has no TextDecoder and TextEncoder: define them on the global object';

/** The global `fetch` of this moment, told to leave a silent stream open. */
function globalFetch(): FetchLike | undefined {
  const { fetch } = globalThis;
  if (typeof fetch !== 'function') return undefined;
  return (url, init) => fetch(url, { ...(init as RequestInit), ...silentStreamInit() });
}

async function fetchOnce(
  url: URL,
  options: FetchTransportOptions,
  request: AttemptRequest,
): Promise<Admission | Trouble> {
  if (!http.isFetchable(url)) {
    return trouble('unsupported', `Expected an http or https url, got the scheme ${url.protocol}`, url.href);
  }
  const fetch = options.fetch ?? globalFetch();
  if (fetch === undefined) {
    return trouble('unsupported', 'This runtime has no fetch: give the option "fetch"', url.href);
  }
  if (!canDecode()) return trouble('unsupported', cannotDecode, url.href);
  const own = given(url, options, request);
  const answer = 'then' in own ? await own : own;
  if ('kind' in answer) return answer;
  if (request.signal.aborted) return trouble('aborted', 'The attempt was given up', url.href);
  const hop = firstHop(url, options, request.lastEventId, answer);
  if ('kind' in hop) return hop;
  request.onRequest();
  const perform = () => performHops(hop, fetch, options, request);
  try {
    return await perform();
  } catch (error) {
    const mayBeCors = options.fetch === undefined && http.isJudgedByCors(url, globalThis.location);
    // A request with a body, perhaps a paid one, is not sent again to find out.
    if (!mayBeCors || !(error instanceof TypeError) || hop.method !== 'GET')
      return lost('fetch', error, url.href);
    const sent = http.requestInit(hop, requestOptions(hop, options, request)).headers;
    const names = Object.keys(sent).map((name) => name.toLowerCase());
    const refusal = trouble('cors', refusedByCors(names.filter((name) => name !== 'accept')), url.href, {
      error,
    });
    return repeatIfAnswered(hop.url, perform, request.signal, refusal);
  }
}

/** What the caller gives for one attempt. */
interface Given {
  readonly headers: PlatformHeadersInit | undefined;
  readonly body: PlatformBody | undefined;
}

/** Asks the caller's functions. Without any, the request goes out at once, in the constructor. */
function given(
  url: URL,
  options: FetchTransportOptions,
  request: AttemptRequest,
): Given | Promise<Given | Trouble> {
  const { headers, body } = options;
  if (typeof headers !== 'function' && typeof body !== 'function') return { headers, body };
  return ask(url, options, request);
}

async function ask(
  url: URL,
  { headers, body }: FetchTransportOptions,
  request: AttemptRequest,
): Promise<Given | Trouble> {
  try {
    const { onRequest: _, ...context } = request;
    const own = typeof headers === 'function' ? await headers(context) : headers;
    if (typeof body !== 'function') return { headers: own, body };
    // What has been given up meanwhile asks no further.
    return { headers: own, body: request.signal.aborted ? undefined : await (body as BodyFunction)() };
  } catch (error) {
    return trouble('headers', failedFunction, url.href, { error });
  }
}

/** The first request of an attempt. */
function firstHop(
  url: URL,
  options: FetchTransportOptions,
  lastEventId: string,
  { headers, body }: Given,
): http.Hop | Trouble {
  const { method, lastEventIdParameter, withCredentials } = options;
  try {
    const credentials = http.credentialsOf(url, withCredentials, pageLocation());
    const own = { ...credentials, ...http.plainHeaders(headers) };
    return { url: http.requestUrl(url, lastEventId, lastEventIdParameter), method, body, headers: own };
  } catch (error) {
    return trouble('option', invalidHeaders, url.href, { error });
  }
}

function requestOptions(
  hop: http.Hop,
  options: FetchTransportOptions,
  { lastEventId, signal }: AttemptRequest,
): http.RequestOptions {
  const { withCredentials, lastEventIdParameter } = options;
  // A browser's fetch keeps the targets of redirects to itself, and a custom one follows as it likes.
  const isOurs =
    options.redirect === 'error' ||
    (options.fetch === undefined && pageLocation() === undefined && Object.keys(hop.headers).length > 0);
  return {
    withCredentials,
    lastEventId: lastEventIdParameter === undefined ? lastEventId : '',
    redirect: isOurs ? 'manual' : 'follow',
    signal,
  };
}

/** For how long the probe may take. Milliseconds. */
const PROBE_LIMIT = 10_000;

const MAX_REDIRECTS = 20;

/** Sends the request and follows its redirects, as far as they are ours to follow. Rejects when fetch does. */
async function performHops(
  first: http.Hop,
  fetch: FetchLike,
  options: FetchTransportOptions,
  request: AttemptRequest,
): Promise<Admission | Trouble> {
  const fixed = requestOptions(first, options, request);
  let hop = first;
  for (let redirects = 0; ; redirects++) {
    const response = await fetch(hop.url.href, http.requestInit(hop, fixed));
    const next = fixed.redirect === 'manual' ? follow(hop, response, redirects, options) : undefined;
    if (next === undefined) return judge(hop.url, response, redirects > 0, options);
    cancel(response.body);
    if ('kind' in next) return next;
    hop = next;
  }
}

/** The next request, or why there is none; `undefined` when the response is no redirect. */
function follow(
  hop: http.Hop,
  response: http.FetchLikeResponse,
  redirects: number,
  { redirect }: FetchTransportOptions,
): http.Hop | Trouble | undefined {
  let next = isResponse(response) ? http.nextHop(hop, response) : undefined;
  // A custom fetch may have followed it, whatever it was told; a browser's does not tell where it leads.
  const isBeyond = (response?.redirected && redirect === 'error') || response?.type === 'opaqueredirect';
  if (next === undefined && !isBeyond) return undefined;
  if (isBeyond || redirect === 'error') next = refusedRedirect;
  else if (redirects === MAX_REDIRECTS) next = tooManyRedirects;
  return typeof next === 'string' ? trouble('redirect', next, hop.url.href) : next;
}

/**
 * D2: fetch reports a CORS refusal exactly as a lost network, which has to reconnect, while a refusal has to fail. So ask
 * whether anybody answers at all, by a request that CORS does not judge; if so, and the real request is refused once more,
 * it was CORS.
 */
async function repeatIfAnswered(
  url: URL,
  perform: () => Promise<Admission | Trouble>,
  signal: AbortSignal,
  refusal: Trouble,
): Promise<Admission | Trouble> {
  try {
    // Some servers never answer HEAD for a stream, and nothing may keep the source connecting for ever.
    await within(PROBE_LIMIT, globalThis.fetch(url, { ...http.probeInit, signal }));
  } catch {
    return lost('fetch', refusal.error, url.href);
  }
  try {
    return await perform();
  } catch (error) {
    return error instanceof TypeError ? refusal : lost('fetch', error, url.href);
  }
}
