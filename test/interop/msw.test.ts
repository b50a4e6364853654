/** Users' tests with msw: `sse()` answers our class. */
import { http, sse, type HttpHandler } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, expect, it, onTestFinished } from 'vitest';
import { EventSource, EventSourceErrorEvent, install, type EventSourceInit } from 'everysource';
import { eventually } from '../support/eventually.ts';

// `sse()` wants a global class at the time when it is called.
install({ force: true });

const url = 'http://localhost:3000/events';
const server = setupServer();
beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

function follow(handler: HttpHandler, init?: EventSourceInit) {
  server.use(handler);
  const source = new EventSource(url, init);
  onTestFinished(() => source.close());
  const events: string[] = [];
  const errors: EventSourceErrorEvent[] = [];
  for (const name of ['message', 'price']) {
    source.addEventListener(name, (event) => events.push(`${name} ${event.lastEventId} ${event.data}`));
  }
  source.onerror = (event) => event instanceof EventSourceErrorEvent && errors.push(event);
  return { source, events, errors };
}

it('receives messages, named events, ids and the reconnection time', async () => {
  const { source, events, errors } = follow(
    sse<{ message: string; price: { amount: number } }>(url, ({ client }) => {
      client.send({ retry: 1234 });
      client.send({ data: 'two\nlines' });
      client.send({ id: '1', event: 'price', data: { amount: 5 } });
      client.send({ data: 'last' });
    }),
  );
  await eventually(() => events.length === 3);
  expect(events).toEqual(['message  two\nlines', 'price 1 {"amount":5}', 'message 1 last']);
  expect(source).toMatchObject({ readyState: 1, lastEventId: '1', reconnectionTime: 1234 });
  expect(errors).toEqual([]);
});

it('receives what is sent later, until the source is closed', async () => {
  let send: ((data: string) => void) | undefined;
  let signal: AbortSignal | undefined;
  const { source, events } = follow(
    sse(url, ({ client, request }) => {
      send = (data) => client.send({ data });
      signal = request.signal;
    }),
  );
  await eventually(() => source.readyState === source.OPEN);
  send!('a');
  await eventually(() => events.length === 1);
  expect(signal!.aborted).toBe(false);
  source.close();
  await eventually(() => signal!.aborted);
  expect(events).toEqual(['message  a']);
});

it('shows its headers to the handler', async () => {
  const seen: Headers[] = [];
  follow(
    sse(url, ({ request }) => void seen.push(request.headers)),
    { headers: { Authorization: 'Bearer 1' }, lastEventId: '41' },
  );
  await eventually(() => seen.length === 1);
  expect(Object.fromEntries(seen[0]!)).toMatchObject({
    accept: 'text/event-stream',
    authorization: 'Bearer 1',
    'last-event-id': '41',
  });
});

it.each([
  ['close', 'end-of-body'],
  ['error', 'network'],
] as const)('comes back with the last event ID after client.%s()', async (way, reason) => {
  const ids: (string | null)[] = [];
  const { source, events, errors } = follow(
    sse(url, async ({ client, request }) => {
      const id = request.headers.get('last-event-id');
      ids.push(id);
      client.send({ retry: 1 });
      client.send({ id: `${Number(id) + 1}`, data: 'a' });
      // An errored stream drops what is still queued in it.
      if (id === null) void eventually(() => events.length === 1).then(() => client[way]());
    }),
  );
  await eventually(() => events.length === 2);
  expect(events).toEqual(['message 1 a', 'message 2 a']);
  expect(ids).toEqual([null, '1']);
  expect(errors).toHaveLength(1);
  expect(errors[0]).toMatchObject({ reason, reconnecting: true });
  expect(errors[0]).not.toHaveProperty('code');
  expect(source.readyState).toBe(source.OPEN);
});

it('is refused by another handler with a status', async () => {
  const { source, errors } = follow(http.get(url, () => new Response(null, { status: 401 })));
  await eventually(() => errors.length === 1);
  expect(errors[0]).toMatchObject({ reason: 'status', status: 401, code: 401, reconnecting: false });
  expect(source.readyState).toBe(source.CLOSED);
});
