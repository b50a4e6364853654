import { vi } from 'vitest';
import { eventStream, type EventSourceError, type EventStreamInit } from '../../src/stream.ts';
import type { FetchLike } from '../../src/transport.ts';
import { Body } from './body.ts';

export const url = 'http://example.com/events';
export const headers = { 'content-type': 'text/event-stream' };

/** A stream over a url, each of whose attempts gets a body of its own. */
export function connect(init?: EventStreamInit) {
  const bodies: Body[] = [];
  const signals: AbortSignal[] = [];
  const fetch = vi.fn<FetchLike>(async (_, { signal }) => {
    bodies.push(new Body());
    signals.push(signal);
    return new Response(bodies.at(-1)!.stream, { headers });
  });
  return { stream: eventStream(url, { fetch, reconnectionTime: 0, ...init }), bodies, signals, fetch };
}

export const event = (data: unknown, more: object = {}) => ({
  type: 'message',
  data,
  lastEventId: '',
  origin: 'http://example.com',
  ...more,
});

export async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}

export const dataOf = async (items: AsyncIterable<{ data: unknown }>) =>
  (await all(items)).map(({ data }) => data);

/** How an iteration ended. */
export const failure = (items: AsyncIterable<unknown>) =>
  all(items).then(
    () => undefined,
    (error: unknown) => error as EventSourceError,
  );

export const response = (text: string) => new Response(text, { headers });
