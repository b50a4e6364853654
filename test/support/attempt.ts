import { convertInit, type EventSourceInit } from '../../src/init.ts';
import type { Admission } from '../../src/admission.ts';
import { lost, type Trouble } from '../../src/errors.ts';
import { fetchTransport, type AttemptRequest, type FetchLike, type Transport } from '../../src/transport.ts';

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

/** One attempt of a fetching transport: what it gives, or the trouble that it ends with. */
export function attempt(
  fetch: FetchLike | undefined,
  { href = url, lastEventId = '', init = {} as EventSourceInit } = {},
) {
  const transport = fetchTransport(new URL(href), convertInit({ ...init, fetch }));
  return outcomeOf(transport, requestWith({ lastEventId }));
}

/** What a transport gives, or the trouble that a connection makes of what it throws. */
export function outcomeOf(transport: Transport, request = requestWith()): Promise<Admission | Trouble> {
  return transport.attempt(request).catch((error: unknown) => lost(error, transport.url));
}
