import { describe, expect, it } from 'vitest';
import { isResponse, judge } from '../src/admission.ts';
import type { FetchLikeResponse } from '../src/http.ts';
import { reconnectionPolicy, type ReconnectionInit } from '../src/reconnection.ts';
import { Body } from './support/body.ts';

const url = new URL('http://example.com/events');

/** What a response is refused with; `undefined` for one that is admitted. */
function refusalOf(response: FetchLikeResponse, statuses?: ReconnectionInit['statuses']): unknown {
  try {
    judge(url, response, false, reconnectionPolicy({ statuses }));
    return undefined;
  } catch (error) {
    return error;
  }
}

function refused(
  status: number,
  statuses: ReconnectionInit['statuses'],
  headers: Record<string, string> = {},
) {
  const body = new Body();
  const response = { status, headers: new Headers(headers), body: body.stream };
  return { body, news: refusalOf(response, statuses) };
}

describe('a response', () => {
  it('is what has a status, and headers that can be read', () => {
    const headers = new Headers();
    const made = [
      { status: 200, headers },
      { status: '200', headers },
      { status: 200, headers: {} },
      undefined,
    ];
    expect(made.map((each) => isResponse(each as FetchLikeResponse))).toEqual([true, false, false, false]);
    expect(isResponse({ status: 200 } as FetchLikeResponse)).toBe(false);
  });
});

describe('the verdict', () => {
  const judged = (status: number, type?: string) => {
    const headers = new Headers(type === undefined ? {} : { 'content-type': type });
    const refusal = refusalOf({ status, headers, body: null });
    return refusal === undefined ? 'accepted' : (refusal as { reason: string }).reason;
  };

  it('accepts status 200 with an event stream, whatever the case and the parameters', () => {
    for (const type of [
      'text/event-stream',
      'Text/Event-Stream; charset=x',
      'text/event-stream;',
      'text/event-stream;charset=windows-1252',
      ' text/event-stream ; a="b,c"',
    ]) {
      expect(judged(200, type), type).toBe('accepted');
    }
  });

  it('refuses every other status, 204 included', () => {
    for (const status of [201, 202, 204, 205, 206, 301, 400, 401, 404, 500, 502, 503, 504]) {
      expect(judged(status, 'text/event-stream')).toBe('status');
    }
  });

  it('refuses every other type, and none', () => {
    for (const type of ['text/html', 'text/event-stream-x', 'text/event-stream bogus', 'x', ';', '']) {
      expect(judged(200, type), type).toBe('content-type');
    }
    expect(judged(200)).toBe('content-type');
  });
});

describe('a refused response', () => {
  it('fails, unless its status is one to be retried', () => {
    expect(refused(503, undefined).news).toMatchObject({ reason: 'status', signal: 'fail', status: 503 });
    expect(refused(503, 'transient').news).toMatchObject({
      reason: 'status',
      signal: 'reestablish',
      retryAfter: 0,
    });
    expect(refused(401, 'transient').news).toMatchObject({ signal: 'fail' });
  });

  it('is waited for as long as its Retry-After says', () => {
    expect(refused(429, [429], { 'retry-after': '7' }).news).toMatchObject({ retryAfter: 7000 });
    const soon = new Date(Date.now() + 60_000).toUTCString();
    const { retryAfter } = refused(429, [429], { 'retry-after': soon }).news as { retryAfter: number };
    expect(retryAfter).toBeGreaterThan(50_000);
    expect(retryAfter).toBeLessThanOrEqual(60_000);
  });

  it('is shown to the predicate while it can still be read, and released after', () => {
    const log: unknown[] = [];
    const body = new ReadableStream({ cancel: () => void log.push('cancelled') });
    const statuses = (status: number, { headers }: { headers: { get(name: string): string | null } }) =>
      log.push(status, headers.get('x-a')) > 0;
    const response = { status: 500, headers: new Headers({ 'x-a': 'b' }), body };
    expect(refusalOf(response, statuses)).toMatchObject({ signal: 'reestablish' });
    expect(log).toEqual([500, 'b', 'cancelled']);
  });

  it('is an invalid option when the predicate throws, and released', () => {
    const { body, news } = refused(500, () => {
      throw new Error('mine');
    });
    expect(news).toMatchObject({ reason: 'option', signal: 'fail', status: 500, error: new Error('mine') });
    expect(news).toHaveProperty(
      'message',
      'The function "statuses" failed: look at "error" (http://example.com/events)',
    );
    expect(body.isCancelled).toBe(true);
  });
});
