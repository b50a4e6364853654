/** The realtime part of PocketBase's SDK, which takes the global class; the server speaks PocketBase's protocol. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import PocketBase from 'pocketbase';
import { install } from 'everysource';
import { eventually } from '../support/eventually.ts';
import { eventStream, serve } from '../support/server.ts';

install({ force: true });

/** Each stream gets a client ID; what is subscribed to comes in requests of their own. */
async function servePocketBase(refuse = false) {
  const streams: ServerResponse[] = [];
  const subscriptions: unknown[] = [];
  const subscribe = async (request: IncomingMessage, response: ServerResponse) => {
    subscriptions.push(await json(request));
    response.writeHead(204).end();
  };
  const server = await serve((request, response) => {
    if (request.method === 'POST') return void subscribe(request, response);
    if (refuse) return response.writeHead(403).end();
    streams.push(response);
    const clientId = `client${streams.length}`;
    response.writeHead(200, eventStream);
    return response.write(`id:${clientId}\nevent:PB_CONNECT\ndata:{"clientId":"${clientId}"}\n\n`);
  });
  const client = new PocketBase(new URL(server.url).origin);
  onTestFinished(() => client.realtime.unsubscribe());
  const send = (topic: string, data: object) =>
    streams.at(-1)!.write(`id:1\nevent:${topic}\ndata:${JSON.stringify(data)}\n\n`);
  return { ...server, client, streams, subscriptions, send };
}

it('subscribes to records, receives their changes, and ends the stream with the last subscription', async () => {
  const { client, requests, streams, subscriptions, send } = await servePocketBase();
  const seen: unknown[] = [];
  const unsubscribe = await client.collection('prices').subscribe('*', (change) => seen.push(change));
  expect(client.realtime.isConnected).toBe(true);
  expect(requests[0]).toMatchObject({ url: '/api/realtime', headers: { accept: 'text/event-stream' } });
  expect(subscriptions).toEqual([{ clientId: 'client1', subscriptions: ['prices/*'] }]);
  const change = { action: 'update', record: { id: 'a', amount: 5 } };
  send('prices/*', change);
  send('others/*', change);
  send('prices/*', { ...change, action: 'delete' });
  await eventually(() => seen.length === 2);
  expect(seen).toEqual([change, { ...change, action: 'delete' }]);
  expect(streams[0]!.closed).toBe(false);
  await unsubscribe();
  await eventually(() => streams[0]!.closed);
});

it('makes a new source after a loss, and subscribes again under its new client ID', async () => {
  const { client, requests, streams, subscriptions, send } = await servePocketBase();
  const seen: unknown[] = [];
  await client.realtime.subscribe('news', (data) => seen.push(data));
  const lost: string[][] = [];
  client.realtime.onDisconnect = (topics) => lost.push(topics);
  streams[0]!.destroy();
  await eventually(() => subscriptions.length === 2);
  expect(lost).toEqual([['news']]);
  expect(subscriptions[1]).toEqual({ clientId: 'client2', subscriptions: ['news'] });
  send('news', { a: 1 });
  await eventually(() => seen.length === 1);
  // The source that was lost is closed, so only the new one has come back, and without an ID of the old.
  const attempts = requests.filter(({ method }) => method === 'GET');
  expect(attempts).toHaveLength(2);
  expect(attempts[1]!.headers).not.toHaveProperty('last-event-id');
});

it('rejects a subscription that is refused', async () => {
  const { client } = await servePocketBase(true);
  await expect(client.realtime.subscribe('news', () => {})).rejects.toMatchObject({
    name: 'ClientResponseError 0',
    originalError: { message: 'Failed to establish realtime connection.' },
  });
});
