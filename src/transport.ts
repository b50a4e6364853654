/** Performs one attempt: a fetch, judged. All it returns is a response to read, or the trouble that came instead. */
import * as http from './http.ts';
import {
  lost,
  refusedByCors,
  trouble,
  wrongContentType,
  wrongStatus,
  type Trouble,
  type TroubleFacts,
} from './errors.ts';
import type { ByteStream, PlatformHeaders } from './platform-types.ts';
import { silentStreamInit } from './quirks.ts';

/** What one attempt starts from. */
export interface AttemptRequest {
  /** Sent as `Last-Event-ID`, unless empty. */
  readonly lastEventId: string;
  /** Aborts when the attempt is released. */
  readonly signal: AbortSignal;
}

/** A response that is an event stream. */
export interface Admission {
  readonly kind: 'admission';
  /** Reads the body; `undefined` for a response without one, which is an empty stream. */
  readonly reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  readonly status: number;
  readonly headers: Headers;
  /** The final url, after redirects. */
  readonly url: string;
  /** The origin of that url. */
  readonly origin: string;
  readonly redirected: boolean;
}

/** Gives one body per attempt. */
export interface Transport {
  /** Whether there can be another attempt; where not, whatever ends the first one fails the connection. */
  readonly isRepeatable: boolean;
  /** Performs one attempt. Never rejects. */
  attempt(request: AttemptRequest): Promise<Admission | Trouble>;
}

/** The response of a custom `fetch`, as far as it is used. A `Response` is one. */
export interface FetchLikeResponse {
  readonly status: number;
  readonly headers: Pick<PlatformHeaders, 'get'>;
  readonly url?: string;
  readonly redirected?: boolean;
  readonly body: ByteStream | null;
}

/** A replacement for `fetch`: anything that takes a url and the init, and gives a response whose body is a stream. */
export type FetchLike = (url: string, init: http.EventSourceFetchInit) => Promise<FetchLikeResponse>;

/** What a fetching transport is made of. */
export interface FetchTransportOptions extends http.RequestOptions {
  /** Default: the global `fetch`, looked up at each attempt. */
  readonly fetch: FetchLike | undefined;
}

/** The transport that fetches a url. */
export function fetchTransport(url: URL, options: FetchTransportOptions): Transport {
  return { isRepeatable: true, attempt: (request) => fetchOnce(url, options, request) };
}

/**
 * The transport that has a body already.
 *
 * @throws {TypeError} when somebody reads the stream
 */
export function streamTransport(stream: ReadableStream<Uint8Array>): Transport {
  const reader = stream.getReader();
  const url = 'about:event-stream';
  const attempt: Transport['attempt'] = async () => {
    if (!canDecode()) return trouble('unsupported', cannotDecode, url);
    const headers = new Headers();
    return { kind: 'admission', reader, status: 0, headers, url, origin: 'null', redirected: false };
  };
  return { isRepeatable: false, attempt };
}

/** jsdom (30, 2026-11) has neither. */
const canDecode = () => typeof TextDecoder === 'function' && typeof TextEncoder === 'function';
const cannotDecode = 'This runtime has no TextDecoder and TextEncoder: define them on the global object';

/** The global `fetch` of this moment, told to leave a silent stream open. */
function globalFetch(): FetchLike | undefined {
  const { fetch } = globalThis;
  return typeof fetch === 'function'
    ? (url, init) => fetch(url, { ...init, ...silentStreamInit() })
    : undefined;
}

async function fetchOnce(
  url: URL,
  options: FetchTransportOptions,
  { lastEventId, signal }: AttemptRequest,
): Promise<Admission | Trouble> {
  if (!http.isFetchable(url)) {
    return trouble('unsupported', `Expected an http or https url, got the scheme ${url.protocol}`, url.href);
  }
  const fetch = options.fetch ?? globalFetch();
  if (fetch === undefined) {
    return trouble('unsupported', 'This runtime has no fetch: give the option "fetch"', url.href);
  }
  if (!canDecode()) return trouble('unsupported', cannotDecode, url.href);
  const request = () => fetch(url.href, http.requestInit(options, lastEventId, signal));
  try {
    return judge(url, await request());
  } catch (error) {
    const mayBeCors = options.fetch === undefined && http.isJudgedByCors(url, globalThis.location);
    if (!mayBeCors || !(error instanceof TypeError)) return lost('fetch', error, url.href);
    const sent = lastEventId === '' ? options.headers : { ...options.headers, 'last-event-id': lastEventId };
    const refusal = trouble('cors', refusedByCors(Object.keys(sent)), url.href, { error });
    return repeatIfAnswered(url, request, signal, refusal);
  }
}

/**
 * D2: fetch reports a CORS refusal exactly as a lost network, which has to reconnect, while a refusal has to fail. So ask
 * whether anybody answers at all, by a request that CORS does not judge; if so, and the real request is refused once more,
 * it was CORS.
 */
async function repeatIfAnswered(
  url: URL,
  request: () => Promise<FetchLikeResponse>,
  signal: AbortSignal,
  refusal: Trouble,
): Promise<Admission | Trouble> {
  let isAnswered = false;
  try {
    await globalThis.fetch(url, { ...http.probeInit, signal });
    isAnswered = true;
    return judge(url, await request());
  } catch (error) {
    return isAnswered && error instanceof TypeError ? refusal : lost('fetch', error, url.href);
  }
}

/** Judges what fetch gave. A custom fetch may have made anything up; what cannot be used as a response fails. */
function judge(requested: URL, response: FetchLikeResponse): Admission | Trouble {
  const sentence = 'The option "fetch" did not give a Response';
  try {
    if (typeof response?.status === 'number' && typeof response.headers?.get === 'function')
      return admit(requested, response);
    return trouble('unsupported', sentence, requested.href);
  } catch (error) {
    return trouble('unsupported', sentence, requested.href, { error });
  }
}

function admit(requested: URL, response: FetchLikeResponse): Admission | Trouble {
  const { status } = response;
  const headers = response.headers as Headers;
  const { href: url, origin } = finalUrl(requested, response);
  const judgement = http.judge(response);
  if (judgement.verdict !== 'accepted') {
    cancel(response.body);
    const facts: TroubleFacts = { status, headers };
    return judgement.verdict === 'status'
      ? trouble('status', wrongStatus(status), url, facts)
      : trouble('content-type', wrongContentType(judgement.contentType), url, facts);
  }
  let reader: Admission['reader'];
  try {
    reader = (response.body as ReadableStream<Uint8Array> | null | undefined)?.getReader();
  } catch (error) {
    const sentence = 'The body cannot be read: expected a ReadableStream that nobody else reads';
    return trouble('unsupported', sentence, url, { error });
  }
  return {
    kind: 'admission',
    reader,
    status,
    headers,
    url,
    origin,
    redirected: response.redirected ?? false,
  };
}

/** The url of a response. One that was made up has none, or not an absolute one. */
function finalUrl(requested: URL, { url }: FetchLikeResponse): URL {
  if (!url) return requested;
  try {
    return new URL(url, requested);
  } catch {
    return requested; // the best that is known
  }
}

/** Frees the connection of a body that is not read, or not read any further. */
export function cancel(body: { cancel?: () => Promise<void> } | null | undefined): void {
  // A stream that broke before, or that somebody else reads, rejects: there is nothing left to free then.
  new Promise((resolve) => resolve(body?.cancel?.())).catch(() => {});
}
