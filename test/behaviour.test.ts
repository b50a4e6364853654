/** What must hold whatever a server, a listener or a fetch does. Other clients get these wrong. */
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EventSource } from '../src/event-source.ts';
import type { EventSourceErrorEvent } from '../src/errors.ts';
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

/** 300 events in one chunk: what a listener that waits for "the next event" sees of them. */
describe('300 events in one chunk', () => {
  const chunk = Array.from({ length: 300 }, (_, index) => `data: ${index}\n\n`).join('');
  const all = Array.from({ length: 300 }, (_, index) => `${index}`);

  async function sees(follow: (source: EventSource, seen: (data: string) => void) => void) {
    const { source, body } = connect();
    const seen: string[] = [];
    follow(source, (data) => seen.push(data));
    body.send(chunk);
    await until(() => seen.length === 300, 3000);
    source.close();
    return seen;
  }

  const next = (source: EventSource) =>
    new Promise<MessageEvent<string>>((resolve) =>
      source.addEventListener('message', resolve, { once: true }),
    );

  it('are all seen by a loop that awaits a promise with { once: true }', async () => {
    const seen = await sees(async (source, see) => {
      while (source.readyState < 2) see((await next(source)).data);
    });
    expect(seen).toEqual(all);
  });

  it("are all seen by a loop over Node's events.once", async () => {
    const seen = await sees(async (source, see) => {
      while (source.readyState < 2) {
        const [event] = (await once(source, 'message')) as [MessageEvent<string>];
        see(event.data);
      }
    });
    expect(seen).toEqual(all);
  });

  it('are all seen by a loop with promises between the events', async () => {
    const seen = await sees(async (source, see) => {
      while (source.readyState < 2) {
        const { data } = await next(source);
        for (let hop = 0; hop < 10; hop++) await Promise.resolve();
        see(data);
      }
    });
    expect(seen).toEqual(all);
  });

  it('are all seen by a chain of promises', async () => {
    const seen = await sees((source, see) => {
      const follow = (): Promise<unknown> =>
        next(source).then(({ data }) => {
          see(data);
          return follow();
        });
      void follow();
    });
    expect(seen).toEqual(all);
  });

  it('are all seen by a loop that sets onmessage anew', async () => {
    const seen = await sees(async (source, see) => {
      while (source.readyState < 2) {
        see(await new Promise<string>((resolve) => (source.onmessage = ({ data }) => resolve(data))));
      }
    });
    expect(seen).toEqual(all);
  });

  it('are all seen by a loop that removes its listener after the await', async () => {
    const seen = await sees(async (source, see) => {
      while (source.readyState < 2) {
        let listener!: (event: MessageEvent<string>) => void;
        const promise = new Promise<string>((resolve) => (listener = ({ data }) => resolve(data)));
        source.addEventListener('message', listener);
        const data = await promise;
        source.removeEventListener('message', listener);
        see(data);
      }
    });
    expect(seen).toEqual(all);
  });

  it('stop at a close() in a promise job of the first event', async () => {
    const { source, body } = connect();
    const seen: string[] = [];
    source.onmessage = ({ data }) => {
      seen.push(data);
      void Promise.resolve().then(() => source.close());
    };
    body.send(chunk);
    await until(() => source.readyState === 2);
    await turns();
    expect(seen).toEqual(['0']);
  });

  it('cost a stream with persistent listeners one turn of the event loop, not 300', async () => {
    const { source, body } = connect();
    let seen = 0;
    let turnsTaken = 0;
    source.addEventListener('message', () => seen++);
    await until(() => source.readyState === 1);
    await turns();
    body.send(chunk);
    while (seen < 300) {
      await turns(1);
      turnsTaken++;
    }
    expect(turnsTaken).toBeLessThan(10);
    source.close();
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
