import { convertInit, type EventSourceInit } from '../../src/init.ts';
import { fetchTransport, type AttemptRequest, type FetchLike } from '../../src/transport.ts';

export const url = 'http://example.com/events?token=1';

/** What an attempt starts from. */
export function requestWith(init: Partial<AttemptRequest> = {}): AttemptRequest {
  const { signal } = new AbortController();
  return {
    attempt: 1,
    lastEventId: '',
    signal,
    reason: undefined,
    status: undefined,
    onRequest() {},
    ...init,
  };
}

/** One attempt of a fetching transport. */
export function attempt(
  fetch: FetchLike | undefined,
  { href = url, lastEventId = '', init = {} as EventSourceInit } = {},
) {
  const transport = fetchTransport(new URL(href), convertInit({ ...init, fetch }));
  return transport.attempt(requestWith({ lastEventId }));
}
