/** From what fetch gave to a stream to read, or to the trouble that it is. */
import { Trouble, trouble, wrongContentType, wrongStatus, type TroubleFacts } from './errors.ts';
import { essenceOf, retryAfter, type FetchLikeResponse } from './http.ts';
import { parse } from './url.ts';

/** A response that is an event stream. */
export interface Admission {
  /** Reads the body; `undefined` for a response without one, which is an empty stream. */
  readonly reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  readonly status: number;
  readonly headers: Headers;
  /** The final url, after redirects. */
  readonly url: URL;
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

/**
 * Judges what fetch gave.
 *
 * @throws {Trouble} when it is refused; a custom fetch may have made anything up, and what cannot be used fails
 */
export function judge(
  requested: URL,
  response: FetchLikeResponse,
  hasRedirected: boolean,
  { isRetried }: JudgeOptions,
): Admission {
  let body;
  try {
    body = response.body as ReadableStream<Uint8Array> | null | undefined;
    const { status, url: given, redirected = false } = response;
    const headers = response.headers as Headers;
    // One that was made up has no url, or not an absolute one.
    const url = (given && parse(given, requested)) || requested;
    // Step: if the status is not 200, fail the connection. 204 is no exception.
    if (status !== 200) throw refusal(url, response, isRetried);
    // Step: if the MIME type's essence is not text/event-stream, fail the connection. Parameters do not matter.
    const type = headers.get('content-type');
    if (essenceOf(type) !== 'text/event-stream')
      throw trouble('content-type', url, { status, headers }, wrongContentType(type));
    return { reader: body?.getReader(), status, headers, url, redirected: hasRedirected || redirected };
  } catch (error) {
    cancel(body);
    throw error instanceof Trouble ? error : trouble('unsupported', requested, { error });
  }
}

/** The trouble of a status other than 200. */
function refusal(url: URL, response: FetchLikeResponse, isRetried: JudgeOptions['isRetried']): Trouble {
  const { status } = response;
  const headers = response.headers as Headers;
  try {
    const facts: TroubleFacts = {
      status,
      headers,
      signal: isRetried(status, response) ? 'reestablish' : 'fail',
      retryAfter: retryAfter(headers.get('retry-after'), Date.now()),
    };
    return trouble('status', url, facts, wrongStatus(status));
  } catch (error) {
    const sentence = 'The function "statuses" failed: look at "error"';
    return trouble('option', url, { status, headers, error }, sentence);
  }
}

/** Frees the connection of a body that is not read, or not read any further. */
export function cancel(body: { cancel?: () => Promise<void> } | null | undefined): void {
  // A stream that broke before, or that somebody else reads, rejects: there is nothing left to free then.
  new Promise((resolve) => resolve(body?.cancel?.())).catch(() => {});
}
