/** From what fetch gave to a stream to read, or to the trouble that it is. */
import {
  failedPredicate,
  takenBody,
  trouble,
  wrongContentType,
  wrongStatus,
  type Trouble,
} from './errors.ts';
import { retryAfter, verdictOn, type FetchLikeResponse } from './http.ts';

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

/** What decides about a refused response. */
export interface JudgeOptions {
  /** Whether it is followed by another attempt. */
  readonly isRetried: (status: number, response: FetchLikeResponse) => boolean;
}

/** Whether it is a response at all; a custom fetch may give anything. */
export function isResponse(response: FetchLikeResponse | undefined): boolean {
  return typeof response?.status === 'number' && typeof response.headers?.get === 'function';
}

/** Judges what fetch gave. A custom fetch may have made anything up; what cannot be used as a response fails. */
export function judge(
  requested: URL,
  response: FetchLikeResponse,
  hasRedirected: boolean,
  options: JudgeOptions,
): Admission | Trouble {
  const sentence = 'The option "fetch" did not give a Response';
  try {
    if (!isResponse(response)) return trouble('unsupported', sentence, requested.href);
    return admit(requested, response, hasRedirected, options);
  } catch (error) {
    return trouble('unsupported', sentence, requested.href, { error });
  }
}

function admit(
  requested: URL,
  response: FetchLikeResponse,
  hasRedirected: boolean,
  options: JudgeOptions,
): Admission | Trouble {
  const { status } = response;
  const headers = response.headers as Headers;
  const { href: url, origin } = finalUrl(requested, response);
  const verdict = verdictOn(response);
  if (verdict === 'status') return refuse(url, response, options);
  if (verdict === 'content-type') {
    cancel(response.body);
    const sentence = wrongContentType(headers.get('content-type'));
    return trouble('content-type', sentence, url, { status, headers });
  }
  let reader: Admission['reader'];
  try {
    reader = (response.body as ReadableStream<Uint8Array> | null | undefined)?.getReader();
  } catch (error) {
    return trouble('unsupported', takenBody, url, { error });
  }
  const redirected = hasRedirected || (response.redirected ?? false);
  return { kind: 'admission', reader, status, headers, url, origin, redirected };
}

/** The trouble of a status other than 200. */
function refuse(url: string, response: FetchLikeResponse, options: JudgeOptions): Trouble {
  const { status } = response;
  const facts = { status, headers: response.headers as Headers };
  try {
    if (!options.isRetried(status, response)) return trouble('status', wrongStatus(status), url, facts);
    const delay = retryAfter(response.headers.get('retry-after'), Date.now());
    return trouble('status', wrongStatus(status), url, {
      ...facts,
      signal: 'reestablish',
      retryAfter: delay,
    });
  } catch (error) {
    return trouble('option', failedPredicate, url, { ...facts, error });
  } finally {
    cancel(response.body);
  }
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
