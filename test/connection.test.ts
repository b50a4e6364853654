import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { trouble } from '../src/errors.ts';
import type { Sink } from '../src/connection.ts';
import { connect, open, place, type Connected } from './support/fake-transport.ts';
import { turns, until } from './support/until.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  vi.spyOn(Math, 'random').mockReturnValue(0);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('a connection', () => {
  it('starts its first attempt at once', () => {
    const { attempts, connection } = connect({ lastEventId: '7' });
    expect(attempts.map(({ request }) => request.lastEventId)).toEqual(['7']);
    expect(connection.phase).toBe('connecting');
  });

  it('announces, delivers with the origin of the final url, and reestablishes at the end of the body', async () => {
    const connected = connect();
    const body = await open(connected);
    body.send('id: 1\ndata: a\n\nevent: x\ndata: b\n\n').end();
    await until(() => connected.log.length === 4);
    expect(connected.log).toEqual(['open open', 'a', 'b', 'error end-of-body waiting']);
    const origin = 'http://final.example:81';
    expect(connected.messages).toEqual([
      { type: 'message', data: 'a', lastEventId: '1', origin },
      { type: 'x', data: 'b', lastEventId: '1', origin },
    ]);
    expect(connected.errors).toMatchObject([{ reconnecting: true, delay: 3000, attempt: 1 }]);
    expect(connected.errors[0]!.message).toMatch(
      /^The stream ended: let the server keep it open, or send 204/,
    );
  });

  it('tells with open of the response, under its final url', async () => {
    const opened = vi.fn<Sink['open']>();
    await open(connect({}, { open: opened }));
    const details = { status: 200, url: 'http://final.example:81/x', redirected: true, attempt: 1 };
    expect(opened.mock.calls).toMatchObject([[details]]);
  });

  it('fires nothing before the task that follows, so that nothing is synchronous', async () => {
    const connected = connect();
    connected.attempts[0]!.admit();
    await Promise.resolve();
    expect(connected.log).toEqual([]);
    await until(() => connected.log.length === 1);
  });

  it('takes a body of null as an empty one', async () => {
    const connected = connect();
    connected.attempts[0]!.admit(null);
    await until(() => connected.log.length === 2);
    expect(connected.log).toEqual(['open open', 'error end-of-body waiting']);
  });

  it('waits the reconnection time exactly after an attempt that delivered something', async () => {
    const connected = connect();
    (await open(connected)).send('retry: 250\ndata: a\n\n').end();
    await until(() => connected.errors.length === 1);
    expect(connected.connection.reconnectionTime).toBe(250);
    expect(connected.errors[0]!.delay).toBe(250);
    vi.advanceTimersByTime(249);
    expect(connected.attempts).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(connected.attempts).toHaveLength(2);
    expect(connected.connection.phase).toBe('connecting');
  });

  it('has, while an event is handed over, the reconnection time of what came before it', async () => {
    const times: number[] = [];
    const connected = connect({}, { message: () => void times.push(connected.connection.reconnectionTime) });
    (await open(connected)).send('data: a\n\nretry: 250\ndata: b\n\nretry: 500\n');
    await until(() => times.length === 2);
    await turns();
    expect([...times, connected.connection.reconnectionTime]).toEqual([3000, 250, 500]);
  });

  it('has the last event ID of the event that is handed over, even of those that were held back', async () => {
    const ids: string[] = [];
    const message: Sink['message'] = async () => void ids.push(connected.connection.lastEventId);
    const connected = connect({}, { message });
    (await open(connected)).send([1, 2, 3].map((id) => `id: ${id}\ndata: a\n\n`).join(''));
    await until(() => ids.length === 3);
    expect(ids).toEqual(['1', '2', '3']);
  });

  it('takes no reconnection time from what follows a close() in the same chunk', async () => {
    const connected = connect({}, { message: () => void connected.connection.close() });
    (await open(connected)).send('data: a\n\nretry: 250\ndata: b\n\n');
    await until(() => connected.connection.phase === 'closed');
    expect(connected.connection.reconnectionTime).toBe(3000);
  });

  it('waits longer after each failed attempt, and forgets that once one delivers', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    const connected = connect({ reconnectionTime: 1000 });
    for (let failures = 1; failures <= 3; failures++) {
      connected.attempts.at(-1)!.refuse();
      await until(() => connected.errors.length === failures);
      vi.advanceTimersByTime(connected.errors.at(-1)!.delay!);
    }
    (await open(connected)).send('data: a\n\n').end();
    await until(() => connected.errors.length === 4);
    expect(connected.errors.map(({ delay }) => delay)).toEqual([2000, 3000, 5000, 1000]);
  });

  it('takes a body that ends at once without an event for a failed attempt', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    const connected = connect({ reconnectionTime: 1000 });
    (await open(connected)).end();
    await until(() => connected.errors.length === 1);
    expect(connected.errors[0]!.delay).toBe(2000);
  });

  it('counts attempts over its life', async () => {
    const connected = connect();
    connected.attempts[0]!.refuse();
    await until(() => connected.errors.length === 1);
    vi.advanceTimersByTime(3000);
    connected.attempts[1]!.refuse(trouble('status', place, { status: 500 }, 'x'));
    await until(() => connected.errors.length === 2);
    expect(connected.errors).toMatchObject([
      { attempt: 1, reconnecting: true, delay: 3000 },
      { attempt: 2, reconnecting: false, delay: undefined, status: 500 },
    ]);
    expect(connected.connection.phase).toBe('closed');
  });

  it('is over after a failure', async () => {
    const connected = connect();
    connected.attempts[0]!.refuse(trouble('content-type', place, {}, 'x'));
    await until(() => connected.errors.length === 1);
    connected.connection.reconnect();
    vi.advanceTimersByTime(1e9);
    await turns();
    expect(connected.log).toEqual(['error content-type closed']);
    expect(connected.attempts).toHaveLength(1);
  });
});

describe('a hot loop', () => {
  it('does not come of retry: 0 with an event in every response', async () => {
    const connected = connect();
    const started = performance.now();
    for (let attempt = 1; attempt <= 11; attempt++) {
      (await open(connected)).send('retry: 0\ndata: a\n\n').end();
      await until(() => connected.errors.length === attempt);
      vi.advanceTimersByTime(connected.errors.at(-1)!.delay!);
    }
    // Ten waits passed between eleven attempts, in time that only the test moves.
    expect(connected.attempts).toHaveLength(12);
    expect(performance.now() - started).toBe(1100);
  });

  it('does not come of retry: 0 when nothing answers', async () => {
    const connected = connect({ reconnectionTime: 0 });
    connected.attempts[0]!.refuse();
    await until(() => connected.errors.length === 1);
    expect(connected.errors[0]!.delay).toBe(100);
  });
});

describe('the last event ID string', () => {
  it('is sent with the next attempt, and survives attempts that bring none', async () => {
    const connected = connect();
    (await open(connected)).send('id: 1\ndata: a\n\nid: 2\n\n').end();
    await until(() => connected.errors.length === 1);
    vi.advanceTimersByTime(3000);
    connected.attempts[1]!.refuse();
    await until(() => connected.errors.length === 2);
    vi.advanceTimersByTime(3000);
    (await open(connected)).send('data: b\n\n').end();
    await until(() => connected.errors.length === 3);
    vi.advanceTimersByTime(3000);
    expect(connected.attempts.map(({ request }) => request.lastEventId)).toEqual(['', '2', '2', '2']);
    expect(connected.messages.map(({ lastEventId }) => lastEventId)).toEqual(['1', '2']);
  });

  it('does not come from a block that was not finished', async () => {
    const connected = connect();
    (await open(connected)).send('id: 1\ndata: a\n\nid: 2\ndata: never').end();
    await until(() => connected.errors.length === 1);
    expect(connected.connection.lastEventId).toBe('1');
  });

  it('is that of the event being delivered, even when more has arrived', async () => {
    const seen: string[] = [];
    const connected = connect({}, { message: () => void seen.push(connected.connection.lastEventId) });
    (await open(connected)).send('id: 1\ndata: a\n\nid: 2\ndata: b\n\n');
    await until(() => seen.length === 2);
    expect(seen).toEqual(['1', '2']);
  });
});

describe('a handler with a full chunk behind it', () => {
  const chunk = 'id: 1\ndata: a\n\nid: 2\ndata: b\n\nid: 3\n\n';

  it('closes: the rest is never delivered, the request is aborted, the last event ID stays', async () => {
    const connected = connect({}, { message: () => connected.connection.close() as undefined });
    const body = await open(connected);
    body.send(chunk);
    await until(() => connected.connection.phase === 'closed');
    await turns();
    expect(connected.log).toEqual(['open open', 'a']);
    expect(connected.connection.lastEventId).toBe('1');
    expect(connected.attempts[0]!.request.signal.aborted).toBe(true);
    expect(body.isCancelled).toBe(true);
  });

  it('reconnects: the rest is never delivered, not even as the next attempt’s', async () => {
    const connected = connect({}, { message: () => connected.connection.reconnect() as undefined });
    (await open(connected)).send(chunk);
    await until(() => connected.attempts.length === 2);
    await turns();
    expect(connected.attempts[1]!.request.lastEventId).toBe('1');
    expect(connected.attempts[0]!.request.signal.aborted).toBe(true);
    (await open(connected)).send('data: c\n\n');
    await until(() => connected.log.includes('c'));
    expect(connected.log).toEqual(['open open', 'a', 'open open', 'c']);
    expect(connected.messages.at(-1)!.lastEventId).toBe('1');
  });

  it('closes while the sink holds the next event back', async () => {
    let release = () => {};
    const held = () => new Promise<void>((resolve) => (release = resolve));
    const connected = connect({}, { message: held });
    (await open(connected)).send(chunk);
    await until(() => connected.log.includes('a'));
    connected.connection.close();
    release();
    await turns();
    expect(connected.log).toEqual(['open open', 'a']);
  });
});

describe('promise jobs', () => {
  /** A chain of promise jobs, logged when it is over. */
  async function chain(log: string[]): Promise<void> {
    for (let job = 0; job < 50; job++) await undefined;
    log.push('jobs');
  }

  /** The log of a stream of one event, while `open` or the event queues such a chain. */
  async function logOf(sink: (connected: () => Connected) => Partial<Sink>): Promise<string[]> {
    const connected: Connected = connect(
      {},
      sink(() => connected),
    );
    connected.attempts[0]!.body.send('data: a\n\n').end();
    await open(connected);
    await until(() => connected.errors.length === 1);
    return connected.log;
  }

  it('that open queues run before the first event', async () => {
    const log = await logOf((connected) => ({ open: () => void chain(connected().log) }));
    expect(log).toEqual(['open open', 'jobs', 'a', 'error end-of-body waiting']);
  });

  it('that the last event queues run before the error', async () => {
    const log = await logOf((connected) => ({ message: () => void chain(connected().log) }));
    expect(log).toEqual(['open open', 'a', 'jobs', 'error end-of-body waiting']);
  });
});

describe('a body that breaks', () => {
  it.each([[undefined], ['a string'], [new TypeError('terminated')]])(
    'with %s is a network error',
    async (error) => {
      const connected = connect();
      (await open(connected)).break(error);
      await until(() => connected.errors.length === 1);
      expect(connected.errors[0]).toMatchObject({ reason: 'network', reconnecting: true, error });
    },
  );

  it('with an AbortError that is not ours fails', async () => {
    const connected = connect();
    (await open(connected)).break(new DOMException('not ours', 'AbortError'));
    await until(() => connected.errors.length === 1);
    expect(connected.log).toEqual(['open open', 'error aborted closed']);
  });

  it('with chunks that are not bytes fails', async () => {
    const connected = connect();
    const body = await open(connected);
    body.sendRaw('data: a\n\n');
    await until(() => connected.errors.length === 1);
    expect(connected.log).toEqual(['open open', 'error unsupported closed']);
    expect(connected.errors[0]!.error).toBeInstanceOf(TypeError);
    expect(body.isCancelled).toBe(true);
  });

  it('with an event over the limit fails after the events before it', async () => {
    const connected = connect({ maxBufferSize: 100 });
    const body = await open(connected);
    body.send(`data: a\n\ndata: ${'x'.repeat(200)}\n\ndata: b\n\n`);
    await until(() => connected.errors.length === 1);
    expect(connected.log).toEqual(['open open', 'a', 'error too-large closed']);
    expect(body.isCancelled).toBe(true);
  });

  it('with an event over the limit keeps the last event ID of the one before it', async () => {
    const connected = connect({ maxBufferSize: 100 });
    const body = await open(connected);
    body.send(`id: 1\ndata: a\n\nid: 2\ndata: ${'x'.repeat(200)}\n\n`);
    await until(() => connected.errors.length === 1);
    expect(connected.connection.lastEventId).toBe('1');
  });
});
