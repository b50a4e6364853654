/** Request-level cases, with responses that msw makes up: no sockets. */
import { http, HttpResponse } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { EventSource } from '../src/event-source.ts';
import type { EventSourceInit } from '../src/init.ts';
import { EventSourceErrorEvent } from '../src/events.ts';
import { eventually } from './support/eventually.ts';

// The origin of happy-dom's page, so that no case here is about CORS.
const url = 'http://localhost:3000/events';
const stream = { headers: { 'content-type': 'text/event-stream' } };

const server = setupServer();
beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

/** Serves each request by the next of the answers, the last one again and again; gives the requests. */
function answer(...answers: ((request: Request) => Response)[]): Request[] {
  const requests: Request[] = [];
  server.use(
    http.get(url, ({ request }) => {
      requests.push(request);
      return answers[Math.min(requests.length, answers.length) - 1]!(request);
    }),
  );
  return requests;
}

function follow(init: EventSourceInit = {}) {
  const source = new EventSource(url, { reconnectionTime: 1, ...init });
  onTestFinished(() => source.close());
  const data: string[] = [];
  const errors: EventSourceErrorEvent[] = [];
  source.onmessage = (event) => data.push(event.data);
  source.onerror = (event) => event instanceof EventSourceErrorEvent && errors.push(event);
  return { source, data, errors };
}

describe('a request', () => {
  it('asks for an event stream that is not stored', async () => {
    const requests = answer(() => new HttpResponse('data: a\n\n', stream));
    const { data } = follow();
    await eventually(() => data.length > 0);
    expect(requests[0]!.method).toBe('GET');
    expect(requests[0]!.headers.get('accept')).toBe('text/event-stream');
    expect(requests[0]!.headers.get('last-event-id')).toBeNull();
    expect(requests[0]!.credentials).toBe('same-origin');
  });

  it('includes credentials with withCredentials', async () => {
    const requests = answer(() => new HttpResponse(null, { status: 204 }));
    const { errors } = follow({ withCredentials: true });
    await eventually(() => errors.length > 0);
    expect(requests[0]!.credentials).toBe('include');
  });

  it('carries the last event ID from one response to the next, and the custom headers', async () => {
    const requests = answer(
      () => new HttpResponse('id: 1\ndata: a\n\n', stream),
      () => new HttpResponse('id: 2\ndata: b\n\n', stream),
      () => new HttpResponse(null, { status: 204 }),
    );
    const { errors } = follow({ headers: { Authorization: 'Bearer 1' }, lastEventId: '0' });
    await eventually(() => errors.length === 3);
    expect(requests.map(({ headers }) => headers.get('last-event-id'))).toEqual(['0', '1', '2']);
    expect(requests.map(({ headers }) => headers.get('authorization'))).toEqual(Array(3).fill('Bearer 1'));
  });
});

describe('a response', () => {
  it.each([204, 205, 400, 401, 403, 404, 429, 500, 502, 503, 504])(
    'with status %i ends the source',
    async (status) => {
      const requests = answer(() => new HttpResponse(null, { status, ...stream }));
      const { source, errors } = follow();
      await eventually(() => errors.length === 1);
      expect(errors[0]).toMatchObject({ reason: 'status', status, reconnecting: false });
      expect(source.readyState).toBe(source.CLOSED);
      expect(requests).toHaveLength(1);
    },
  );

  it('with another type ends the source', async () => {
    answer(() => HttpResponse.html('<p>Log in'));
    const { source, errors } = follow();
    await eventually(() => errors.length === 1);
    expect(errors[0]).toMatchObject({ reason: 'content-type', status: 200 });
    expect(errors[0]!.message).toMatch(/got text\/html: check the url.*\(http:\/\/localhost:3000\/events\)$/);
    expect(source.readyState).toBe(source.CLOSED);
  });

  it('that is a network error is followed by another attempt', async () => {
    answer(
      () => HttpResponse.error(),
      () => new HttpResponse('data: a\n\n', stream),
    );
    const { data, errors } = follow();
    await eventually(() => data.length > 0);
    expect(errors[0]).toMatchObject({ reason: 'network', reconnecting: true });
  });
});
