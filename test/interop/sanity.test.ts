/**
 * `@sanity/client` takes the global class, or with headers the default export of `@sanity/eventsource`; under both names it
 * finds ours.
 */
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type * as Sanity from '@sanity/client';
import { install } from 'everysource';
import { eventually } from '../support/eventually.ts';
import { eventStream, serve, type Handler } from '../support/server.ts';
import { load, require } from './load.ts';

const { createClient, ChannelError, ConnectionFailedError, DisconnectError, MessageError } =
  await load<typeof Sanity>('@sanity/client');
install({ force: true });

const ways = [
  { name: 'with a token, and our package as @sanity/eventsource', config: { token: 'secret' } },
  { name: 'with the global class', config: {} },
];

async function listen(handler: Handler, config: object) {
  const { url, requests } = await serve(handler);
  const client = createClient({
    apiHost: new URL(url).origin,
    useProjectHostname: false,
    useCdn: false,
    dataset: 'test',
    apiVersion: '2025-01-01',
    ...config,
  });
  const events: { type: string }[] = [];
  const ended: unknown[] = [];
  const options = { events: ['welcome', 'mutation', 'reconnect'] } as const;
  const subscription = client
    .listen('*', {}, { ...options, events: [...options.events] })
    .subscribe({ next: (event) => events.push(event), error: (error) => ended.push(error) });
  onTestFinished(() => subscription.unsubscribe());
  return { requests, events, ended, subscription };
}

const welcome = 'event: welcome\ndata: {"listenerName":"a"}\n\n';
const mutation = 'id: x#1\nevent: mutation\ndata: {"documentId":"a"}\n\n';

it('finds ours under the name of its own class', () => {
  expect(require('@sanity/eventsource/package.json').name).toBe('everysource');
});

describe.each(ways)('$name', ({ config }) => {
  const authorization = 'token' in config ? `Bearer ${config.token}` : undefined;

  it('receives named events, and ends the stream with the subscription', async () => {
    let isClosed = false;
    const { requests, events, subscription } = await listen((_, response) => {
      response.on('close', () => (isClosed = true));
      response.writeHead(200, eventStream).write(welcome + mutation);
    }, config);
    await eventually(() => events.length === 2);
    expect(events).toEqual([
      { type: 'welcome', listenerName: 'a' },
      { type: 'mutation', documentId: 'a' },
    ]);
    expect(requests[0]!.headers.authorization).toBe(authorization);
    expect(requests[0]!.headers.accept).toBe('text/event-stream');
    expect(isClosed).toBe(false);
    subscription.unsubscribe();
    await eventually(() => isClosed);
  });

  it('is told of a reconnection that ours makes by itself', async () => {
    const { requests, events, ended } = await listen((_, response, count) => {
      response.writeHead(200, eventStream).write(`retry: 1\n${welcome}`);
      if (count === 1) response.end(mutation);
    }, config);
    await eventually(() => events.length === 4);
    expect(events.map(({ type }) => type)).toEqual(['welcome', 'mutation', 'reconnect', 'welcome']);
    expect(requests[1]!.headers).toMatchObject({ 'last-event-id': 'x#1' });
    expect(requests[1]!.headers.authorization).toBe(authorization);
    expect(ended).toEqual([]);
  });

  it('ends with the status of a refusal', async () => {
    const { requests, events, ended } = await listen((_, response) => response.writeHead(401).end(), config);
    await eventually(() => ended.length === 1);
    expect(ended[0]).toBeInstanceOf(ConnectionFailedError);
    expect(ended[0]).toMatchObject({ status: 401 });
    expect(events).toEqual([]);
    expect(requests).toHaveLength(1);
  });

  it('makes another source after a refusal for a while', async () => {
    // The client waits for a second, by an interval.
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    onTestFinished(() => void vi.useRealTimers());
    const { events, ended } = await listen((_, response, count) => {
      if (count === 1) response.writeHead(503).end();
      else response.writeHead(200, eventStream).write(welcome);
    }, config);
    await eventually(() => events.length === 1);
    await vi.advanceTimersByTimeAsync(1000);
    await eventually(() => events.length === 2);
    expect(events.map(({ type }) => type)).toEqual(['reconnect', 'welcome']);
    expect(ended).toEqual([]);
  });

  it.each([
    ['error', '{"message":"of the server"}', MessageError, 'of the server'],
    ['channelError', '{"message":"of the channel"}', ChannelError, 'of the channel'],
    ['disconnect', '{"reason":"gone"}', DisconnectError, 'Server disconnected client: gone'],
  ])("ends with the server's own event %s", async (name, data, kind, message) => {
    const { ended } = await listen(
      (_, response) => response.writeHead(200, eventStream).write(`event: ${name}\ndata: ${data}\n\n`),
      config,
    );
    await eventually(() => ended.length === 1);
    expect(ended[0]).toBeInstanceOf(kind);
    expect(ended[0]).toHaveProperty('message', message);
  });
});
