/** What must hold whatever a server, a listener or a fetch does. Other clients get these wrong. */
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EventSource } from '../src/event-source.ts';
import type { EventSourceErrorEvent } from '../src/events.ts';
import { connect, make, repeat, url } from './support/source.ts';
import { turns, until } from './support/until.ts';

function errorsOf(source: EventSource): EventSourceErrorEvent[] {
  const errors: EventSourceErrorEvent[] = [];
  source.addEventListener('error', (event) => errors.push(event as EventSourceErrorEvent));
  return errors;
}

describe('retry', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it.each([
    ['0', 'retry: 0\n\n'],
    ['0, with an event in every response', 'retry: 0\ndata: a\n\n'],
  ])('%s never makes a hot loop', async (_, text) => {
    const { source, fetch } = repeat(text);
    const errors = errorsOf(source);
    const started = performance.now();
    for (let attempt = 1; attempt <= 10; attempt++) {
      await until(() => errors.length === attempt);
      vi.advanceTimersByTime(errors.at(-1)!.delay!);
    }
    expect(fetch).toHaveBeenCalledTimes(11);
    expect(performance.now() - started).toBeGreaterThanOrEqual(1000);
  });

  it.each([['99999999999'], ['9'.repeat(400)]])('%s never overflows a timer', async (value) => {
    const { source, fetch } = repeat(`retry: ${value}\ndata: a\n\n`);
    const errors = errorsOf(source);
    await until(() => errors.length === 1);
    vi.advanceTimersByTime(2 ** 31 - 2);
    await turns();
    expect(fetch).toHaveBeenCalledOnce();
    vi.advanceTimersByTime(1);
    expect(fetch).toHaveBeenCalledTimes(2);
  });
});

describe('a fetch that rejects', () => {
  const failing = (error: unknown) =>
    make(url, {
      async fetch() {
        throw error;
      },
    });

  it.each([[undefined], ['a string'], [new TypeError('fetch failed')]])(
    'with %s: an error event, and another attempt to come',
    async (error) => {
      const source = failing(error);
      const errors = errorsOf(source);
      await until(() => errors.length === 1);
      expect(errors[0]).toMatchObject({ reason: 'network', reconnecting: true, error });
      expect(source.readyState).toBe(source.CONNECTING);
    },
  );

  it('with an AbortError that is not ours: an error event, and CLOSED', async () => {
    const source = failing(new DOMException('not ours', 'AbortError'));
    const errors = errorsOf(source);
    await until(() => errors.length === 1);
    expect(errors[0]).toMatchObject({ reason: 'aborted', reconnecting: false });
    expect(source.readyState).toBe(source.CLOSED);
  });
});

describe('a body that rejects', () => {
  it.each([[undefined], ['a string'], [new TypeError('terminated')]])(
    'with %s: an error event, and another attempt to come',
    async (error) => {
      const { source, body } = connect();
      const errors = errorsOf(source);
      await until(() => source.readyState === source.OPEN);
      body.break(error);
      await until(() => errors.length === 1);
      expect(errors[0]).toMatchObject({ reason: 'network', reconnecting: true, error });
      expect(source.readyState).toBe(source.CONNECTING);
    },
  );

  it('with an AbortError that is not ours: an error event, and CLOSED', async () => {
    const { source, body } = connect();
    const errors = errorsOf(source);
    await until(() => source.readyState === source.OPEN);
    body.break(new DOMException('not ours', 'AbortError'));
    await until(() => errors.length === 1);
    expect(errors[0]).toMatchObject({ reason: 'aborted', reconnecting: false });
    expect(source.readyState).toBe(source.CLOSED);
  });
});

describe('a body that cannot be read to its end', () => {
  it('for a result that throws: an error event, and another attempt to come', async () => {
    const result = {
      get done() {
        throw new Error('hostile');
      },
    };
    const body = {
      getReader: () => ({ read: async () => result, cancel: async () => {} }),
      cancel: async () => {},
    };
    const headers = new Headers({ 'content-type': 'text/event-stream' });
    const source = make(url, { fetch: async () => ({ status: 200, headers, body }) });
    const errors = errorsOf(source);
    await until(() => errors.length === 1);
    expect(errors[0]).toMatchObject({ reason: 'network', reconnecting: true });
  });

  it('since it always has a chunk at hand: timers and the signal still come through', async () => {
    const chunk = new TextEncoder().encode('data: a\n\n');
    const controller = new AbortController();
    let chunks = 0;
    const stream = new ReadableStream<Uint8Array>({
      pull(sink) {
        if (++chunks > 3_000_000) throw new Error('nothing else came through');
        sink.enqueue(chunk);
      },
    });
    const headers = { 'content-type': 'text/event-stream' };
    const source = make(url, {
      fetch: async () => new Response(stream, { headers }),
      signal: controller.signal,
    });
    const errors = errorsOf(source);
    // Set when the body is being read, and for longer than what comes before: else it would run out in between.
    source.addEventListener('message', () => setTimeout(() => controller.abort(), 20), { once: true });
    await once(controller.signal, 'abort');
    expect(source.readyState).toBe(source.CLOSED);
    expect(errors).toEqual([]);
  });
});

describe('inside a handler with a full chunk behind it', () => {
  const chunk = 'id: 1\ndata: a\n\nid: 2\ndata: b\n\nid: 3\ndata: c\n\n';

  it('close() ends it: no further event, the request aborted, the last event ID that of the last delivered', async () => {
    const { source, body, fetch } = connect();
    const seen: string[] = [];
    source.onmessage = ({ data }) => {
      seen.push(data);
      if (data === 'b') source.close();
    };
    body.send(chunk);
    await until(() => source.readyState === source.CLOSED);
    await turns();
    expect(seen).toEqual(['a', 'b']);
    expect(source.lastEventId).toBe('2');
    expect(fetch.mock.calls[0]![1].signal.aborted).toBe(true);
    expect(body.isCancelled).toBe(true);
  });

  it('reconnect() discards the rest: it is not delivered as the next attempt’s either', async () => {
    const { source, body, bodies, fetch } = connect();
    const seen: string[] = [];
    source.onmessage = ({ data }) => {
      seen.push(data);
      if (data === 'b') source.reconnect();
    };
    body.send(chunk);
    await until(() => bodies.length === 2);
    bodies[1]!.send('data: d\n\n');
    await until(() => seen.length === 3);
    expect(seen).toEqual(['a', 'b', 'd']);
    expect(fetch.mock.calls[1]![1].headers['Last-Event-ID']).toBe('2');
    expect(source.lastEventId).toBe('2');
  });
});

describe('a listener that throws', () => {
  it('ends neither the stream nor the connection', async () => {
    const { source, body, fetch } = connect();
    const seen: string[] = [];
    const errors: string[] = [];
    const stop = onUncaught((error) => errors.push(error.message));
    source.onmessage = ({ data }) => {
      seen.push(data);
      throw new Error(`thrown for ${data}`);
    };
    body.send('data: a\n\ndata: b\n\n', 'data: c\n\n');
    await until(() => seen.length === 3 && errors.length === 3);
    stop();
    expect(seen).toEqual(['a', 'b', 'c']);
    expect(errors).toEqual(seen.map((data) => `thrown for ${data}`));
    expect(source.readyState).toBe(1);
    expect(fetch).toHaveBeenCalledOnce();
    source.close();
  });
});

/** Takes what the runtime reports of listeners, in place of the test runner. */
function onUncaught(take: (error: Error) => void): () => void {
  const others = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', take);
  return () => {
    process.off('uncaughtException', take);
    for (const other of others) process.on('uncaughtException', other);
  };
}
