/** tRPC's `httpSubscriptionLink` with our class as its option `EventSource`, and tRPC's own server. */
import type { AddressInfo } from 'node:net';
import { createTRPCClient, httpSubscriptionLink, TRPCClientError } from '@trpc/client';
import { initTRPC, tracked, TRPCError } from '@trpc/server';
import { createHTTPServer } from '@trpc/server/adapters/standalone';
import { expect, it, onTestFinished } from 'vitest';
import * as z from 'zod';
import { EventSource, type EventSourceInit } from 'everysource';
import { eventually } from '../support/eventually.ts';

/** Subscriptions whose connection the server has seen end. */
let ended = 0;

const t = initTRPC.context<{ authorization: string | undefined }>().create();
const protectedProcedure = t.procedure.use(({ ctx, next }) => {
  if (ctx.authorization !== 'Bearer supersecret') throw new TRPCError({ code: 'UNAUTHORIZED' });
  return next();
});
const router = t.router({
  three: t.procedure.subscription(async function* three() {
    yield* ['a', 'b', 'c'];
  }),
  numbers: protectedProcedure
    .input(z.object({ lastEventId: z.string().nullish() }))
    .subscription(async function* numbers({ input, signal }) {
      const first = Number(input.lastEventId ?? 0) + 1;
      yield tracked(`${first}`, first);
      await new Promise((resolve) => {
        signal!.addEventListener('abort', resolve);
      });
      ended++;
    }),
});

async function connect(init: EventSourceInit = {}) {
  const lastEventIds: unknown[] = [];
  const server = createHTTPServer({
    router,
    middleware: (request, response, next) => {
      if (request.headers.authorization === 'Bearer banned') response.writeHead(403).end();
      else next();
    },
    createContext: ({ req: { headers } }) => {
      lastEventIds.push(headers['last-event-id']);
      return { authorization: headers.authorization };
    },
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const link = httpSubscriptionLink({ url, EventSource, eventSourceOptions: async () => init });
  return { client: createTRPCClient<typeof router>({ links: [link] }), server, lastEventIds };
}

const headers = { Authorization: 'Bearer supersecret' };

it('receives what a subscription yields, until it returns', async () => {
  const { client } = await connect();
  const seen: string[] = [];
  const states: string[] = [];
  await new Promise<void>((resolve, reject) => {
    client.three.subscribe(undefined, {
      onData: (data) => seen.push(data),
      onConnectionStateChange: ({ state }) => states.push(state),
      onComplete: resolve,
      onError: reject,
    });
  });
  expect(seen).toEqual(['a', 'b', 'c']);
  expect(states).toEqual(['connecting', 'pending', 'idle']);
});

it('sends our headers, and comes back with the last event ID after a lost connection', async () => {
  const { client, server, lastEventIds } = await connect({ headers, reconnectionTime: 1 });
  const seen: unknown[] = [];
  const states: unknown[] = [];
  const errors: unknown[] = [];
  const subscription = client.numbers.subscribe(
    {},
    {
      onData: ({ id, data }) => seen.push([id, data]),
      onConnectionStateChange: ({ state, error }) => states.push([state, error?.message.split(' (')[0]]),
      onError: (error) => errors.push(error),
    },
  );
  await eventually(() => seen.length === 1);
  server.closeAllConnections();
  await eventually(() => seen.length === 2);
  expect(seen).toEqual([
    ['1', 1],
    ['2', 2],
  ]);
  expect(lastEventIds).toEqual([undefined, '1']);
  expect(states).toEqual([
    ['connecting', undefined],
    ['pending', undefined],
    ['connecting', 'The connection failed'],
    ['pending', undefined],
  ]);
  expect(errors).toEqual([]);
  expect(ended).toBe(1);
  subscription.unsubscribe();
  await eventually(() => ended === 2);
});

it.each([
  ['that the procedure throws', 'wrong', /^UNAUTHORIZED$/],
  ['that has our message when a proxy refuses', 'banned', /^Expected status 200, got 403/],
])('ends with the error %s', async (_, token, message) => {
  const { client, lastEventIds } = await connect({ headers: { Authorization: `Bearer ${token}` } });
  const error = await new Promise((resolve) => {
    client.numbers.subscribe({}, { onError: resolve });
  });
  expect(error).toBeInstanceOf(TRPCClientError);
  expect((error as Error).message).toMatch(message);
  expect(lastEventIds).toHaveLength(token === 'wrong' ? 1 : 0);
});
