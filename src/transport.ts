/** Performs one attempt: requests, until a response can be judged. Whatever comes instead is thrown. */
import { cancel, isResponse, judge, type Admission, type JudgeOptions } from './admission.ts';
import { within } from './clock.ts';
import { refusedByCors, tooManyRedirects, trouble, type EventSourceErrorReason } from './errors.ts';
import * as http from './http.ts';
import type { PlatformAbortSignal, PlatformBody, PlatformHeadersInit } from './platform-types.ts';
import { pageLocation, silentStreamInit } from './quirks.ts';
import { isHttp } from './url.ts';

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
  readonly url: string;
  /** Whether there can be another attempt; where not, whatever ends the first one fails the connection. */
  readonly isRepeatable: boolean;
  /**
   * Performs one attempt. The request goes out at once where no function of the caller's has to be asked.
   *
   * @throws {Trouble} or whatever fetch rejects with: `lost` knows what it means
   */
  attempt(request: AttemptRequest): Promise<Admission>;
}

/** A replacement for `fetch`: anything that takes a url and the init, and gives a response whose body is a stream. */
export type FetchLike = (url: string, init: http.EventSourceFetchInit) => Promise<http.FetchLikeResponse>;

/** One request, and what else is needed to perform it. */
type TransportHop = http.Hop &
  JudgeOptions & { readonly fetch: FetchLike; readonly redirect: 'follow' | 'error' };

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
export function fetchTransport({ href: url }: URL, options: FetchTransportOptions): Transport {
  const isRepeatable = options.method === 'GET' || options.resend;
  return {
    kind: 'fetch',
    url,
    isRepeatable,
    attempt: (request) => fetchOnce(new URL(url), options, request),
  };
}

/**
 * The transport that has a body already.
 *
 * @throws {TypeError} when somebody reads the stream
 */
export function streamTransport(stream: ReadableStream<Uint8Array>): Transport {
  const reader = stream.getReader();
  return onceOnly((url) => ({ reader, status: 0, headers: new Headers(), url, redirected: false }));
}

/** The transport that has a response already, which is judged like one that was fetched. */
export function responseTransport(response: http.FetchLikeResponse): Transport {
  return onceOnly((url) => {
    // What has been read of it would be missing without a word.
    if (response.bodyUsed) throw trouble('unsupported', url);
    return judge(url, response, false, { isRetried: () => false });
  });
}

function onceOnly(admit: (url: URL) => Admission): Transport {
  const url = new URL('about:event-stream');
  const attempt: Transport['attempt'] = async () => {
    need(url, coders);
    return admit(url);
  };
  return { kind: 'stream', url: url.href, isRepeatable: false, attempt };
}

/** jsdom (30, 2026-11) has neither. */
const coders = ['TextDecoder', 'TextEncoder'];

function need(url: URL, names: readonly string[]): void {
  for (const name of names) {
    if (typeof (globalThis as Record<string, unknown>)[name] === 'function') continue;
    throw trouble('unsupported', url, {}, `This runtime has no ${name}: define it`);
  }
}

/** The global `fetch` of this moment, told to leave a silent stream open. */
const globalFetch: FetchLike = (url, init) =>
  globalThis.fetch(url, { ...(init as RequestInit), ...silentStreamInit() });

function requireFetch(url: URL, isGlobal: boolean): void {
  if (!http.isFetchable(url)) {
    throw trouble('unsupported', url, {}, `Expected an http or https url, got ${url.protocol}`);
  }
  need(url, isGlobal ? ['fetch', ...coders] : coders);
}

async function fetchOnce(
  url: URL,
  options: FetchTransportOptions,
  { onRequest, ...context }: AttemptRequest,
): Promise<Admission> {
  const { fetch = globalFetch, method, redirect, withCredentials, lastEventIdParameter } = options;
  const { lastEventId, signal } = context;
  const isGlobal = fetch === globalFetch;
  requireFetch(url, isGlobal);
  let headers: FetchTransportOptions['headers'] | PlatformHeadersInit | undefined = options.headers;
  let { body } = options;
  try {
    if (typeof headers === 'function') headers = await headers(context);
    // What has been given up meanwhile asks no further.
    if (typeof body === 'function') body = signal.aborted ? undefined : await (body as BodyFunction)();
  } catch (error) {
    throw trouble('headers', url, { error });
  }
  if (signal.aborted) throw trouble('aborted', url);
  const page = pageLocation();
  const own = { ...http.credentialsOf(url, withCredentials, page), ...http.plainHeaders(headers) };
  onRequest();
  // A browser's fetch keeps the targets of redirects to itself, and a custom one follows as it likes.
  const isOurs = isGlobal && page === undefined && Object.keys(own).length > 0;
  const hop: TransportHop = {
    ...options,
    ...context,
    fetch,
    url: http.requestUrl(url, lastEventId, lastEventIdParameter),
    body: body as PlatformBody | undefined,
    headers: own,
    lastEventId: lastEventIdParameter === undefined ? lastEventId : '',
    isManual: isOurs || redirect === 'error',
  };
  const perform = () => performHops(hop);
  const { location } = globalThis;
  const isJudgedByCors = isGlobal && isHttp(url) && location && url.origin !== location.origin;
  // A request with a body, perhaps a paid one, is not sent again to find out.
  return isJudgedByCors && method === 'GET' ? probe(hop, perform) : perform();
}

/** For how long the probe may take. Milliseconds. */
const PROBE_LIMIT = 10_000;

/**
 * D2: fetch reports a CORS refusal exactly as a lost network, which has to reconnect, while a refusal has to fail. So ask
 * whether anybody answers at all, by a request that CORS does not judge; if so, and the real request is refused once more,
 * it was CORS.
 */
async function probe(hop: http.Hop, perform: () => Promise<Admission>): Promise<Admission> {
  try {
    return await perform();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const { url, signal } = hop;
    const init = { method: 'HEAD', mode: 'no-cors', credentials: 'omit', cache: 'no-store', signal } as const;
    // Some servers never answer HEAD for a stream, and nothing may keep the source connecting for ever.
    await within(PROBE_LIMIT, globalThis.fetch(url, init)).catch(() => {
      throw error;
    });
    return perform().catch((again: unknown) => {
      if (!(again instanceof TypeError)) throw again;
      throw trouble('cors', url, { error }, refusedByCors(http.requestInit(hop).headers));
    });
  }
}

const MAX_REDIRECTS = 20;

/** Sends the request and follows its redirects, as far as they are ours to follow. */
async function performHops(first: TransportHop): Promise<Admission> {
  let hop = first;
  for (let redirects = 0; ; redirects++) {
    const { url, isManual, redirect } = hop;
    const response = await hop.fetch(url.href, http.requestInit(hop));
    if (!isResponse(response)) throw trouble('unsupported', url);
    let next = http.nextHop(hop, response);
    // A custom fetch may have followed it, whatever it was told; a browser's does not tell where it leads.
    const isBeyond = (redirect === 'error' && response.redirected) || response.type === 'opaqueredirect';
    if (!isManual || (!next && !isBeyond)) return judge(url, response, redirects > 0, hop);
    cancel(response.body);
    if (isBeyond || redirect === 'error') throw trouble('redirect', url);
    if (redirects === MAX_REDIRECTS) next = tooManyRedirects;
    if (typeof next === 'string') throw trouble('redirect', url, {}, next);
    hop = next!;
  }
}
