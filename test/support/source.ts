import { afterEach, vi } from 'vitest';
import { EventSource } from '../../src/event-source.ts';
import type { EventSourceInit } from '../../src/init.ts';
import type { FetchLike } from '../../src/transport.ts';
import { Body } from './body.ts';

export const url = 'http://example.com/events';
const headers = { 'content-type': 'text/event-stream' };

const sources: EventSource[] = [];
afterEach(() => {
  for (const source of sources.splice(0)) source.close();
});

/** A source that is closed after the test. Without `fetch` among the options, nothing ever answers. */
export function make(target: unknown, init: object = {}): EventSource {
  const source = new EventSource(target as string, { fetch: () => new Promise(() => {}), ...init });
  sources.push(source);
  return source;
}

/** A source each of whose attempts gets a body of its own. The first exists at once. */
export function connect(init: EventSourceInit = {}) {
  const bodies: Body[] = [];
  const fetch = vi.fn<FetchLike>(async () => {
    const body = new Body();
    bodies.push(body);
    return new Response(body.stream, { headers });
  });
  const source = make(url, { fetch, ...init });
  return { source, bodies, body: bodies[0]!, fetch };
}

/** A source whose every attempt gets the same whole body, which then ends. */
export function repeat(text: string, init: EventSourceInit = {}) {
  const fetch = vi.fn<FetchLike>(async () => new Response(text, { headers }));
  return { source: make(url, { fetch, ...init }), fetch };
}
