/** The option `reconnection`, the timeouts, and what the next attempt is told. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { trouble } from '../src/errors.ts';
import { convertInit, type EventSourceInit } from '../src/init.ts';
import { connect, open, place } from './support/fake-transport.ts';
import { turns, until } from './support/until.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  vi.spyOn(Math, 'random').mockReturnValue(0);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const connectWith = (init: EventSourceInit) => connect(convertInit(init));

describe('without reconnection', () => {
  it('whatever ends the attempt fails the connection', async () => {
    const lost = connectWith({ reconnection: false });
    lost.attempts[0]!.refuse();
    await until(() => lost.errors.length === 1);
    expect(lost.log).toEqual(['error network closed']);
    const ended = connectWith({ reconnection: false });
    (await open(ended)).end();
    await until(() => ended.errors.length === 1);
    expect(ended.log).toEqual(['open open', 'error end-of-body closed']);
    expect(ended.errors[0]!.message).toMatch(/^The stream ended \(/);
  });

  it('after the end, a body that breaks is still followed by another', async () => {
    const connected = connectWith({ reconnection: { afterEnd: false } });
    (await open(connected)).break(new TypeError('terminated'));
    await until(() => connected.errors.length === 1);
    vi.advanceTimersByTime(connected.errors[0]!.delay!);
    (await open(connected)).end();
    await until(() => connected.errors.length === 2);
    expect(connected.log.at(-1)).toBe('error end-of-body closed');
  });
});

describe('a number of attempts', () => {
  it('fails the connection when so many in a row have failed, with what the last one knew', async () => {
    const connected = connectWith({ reconnection: { maxAttempts: 2 } });
    connected.attempts[0]!.refuse();
    await until(() => connected.errors.length === 1);
    vi.advanceTimersByTime(connected.errors[0]!.delay!);
    const error = new Error('last');
    const status = { signal: 'reestablish', status: 503, error } as const;
    connected.attempts[1]!.refuse(trouble('status', place, status, 'Expected status 200, got 503'));
    await until(() => connected.errors.length === 2);
    expect(connected.errors[1]).toMatchObject({
      reason: 'attempts',
      status: 503,
      error,
      reconnecting: false,
    });
    expect(connected.errors[1]!.message).toMatch(/^"maxAttempts" of 2 reached: .*got 503/);
    expect(connected.connection.phase).toBe('closed');
  });

  it('starts anew after an attempt that did not fail', async () => {
    const connected = connectWith({ reconnection: { maxAttempts: 2 } });
    for (let round = 1; round <= 3; round++) {
      connected.attempts.at(-1)!.refuse();
      await until(() => connected.errors.length === 2 * round - 1);
      vi.advanceTimersByTime(connected.errors.at(-1)!.delay!);
      (await open(connected)).send('data: a\n\n').end();
      await until(() => connected.errors.length === 2 * round);
      vi.advanceTimersByTime(connected.errors.at(-1)!.delay!);
    }
    expect(connected.connection.phase).toBe('connecting');
  });
});

describe('Retry-After', () => {
  it('is the lower bound of the wait, once', async () => {
    const connected = connectWith({ reconnection: { statuses: [503] } });
    const refused = { signal: 'reestablish', status: 503, retryAfter: 60_000 } as const;
    connected.attempts[0]!.refuse(trouble('status', place, refused, 'x'));
    await until(() => connected.errors.length === 1);
    vi.advanceTimersByTime(60_000);
    connected.attempts[1]!.refuse();
    await until(() => connected.errors.length === 2);
    expect(connected.errors.map(({ delay }) => delay)).toEqual([60_000, 3000]);
  });
});

describe('the next attempt', () => {
  it('is told why the last one ended, until one has opened', async () => {
    const connected = connectWith({});
    const told = () =>
      connected.attempts.map(({ request: { attempt, reason, status } }) => [attempt, reason, status]);
    connected.attempts[0]!.refuse(trouble('status', place, { signal: 'reestablish', status: 401 }, 'x'));
    await until(() => connected.errors.length === 1);
    vi.advanceTimersByTime(3000);
    await open(connected);
    connected.connection.reconnect();
    connected.attempts[2]!.refuse();
    await until(() => connected.errors.length === 2);
    connected.connection.reconnect();
    expect(told()).toEqual([
      [1, undefined, undefined],
      [2, 'status', 401],
      [3, undefined, undefined],
      [4, 'network', undefined],
    ]);
  });
});

describe('an attempt that is dropped', () => {
  it('tells the next one nothing of what ended before it', async () => {
    const connected = connectWith({});
    connected.attempts[0]!.refuse(trouble('status', place, { signal: 'reestablish', status: 401 }, 'x'));
    await until(() => connected.errors.length === 1);
    connected.connection.reconnect();
    connected.connection.reconnect();
    expect(connected.attempts.map(({ request }) => request.status)).toEqual([undefined, 401, undefined]);
  });

  it.each(['close', 'reconnect'] as const)(
    'by %s in onComment: the rest of its chunk is discarded',
    async (call) => {
      const comments: string[] = [];
      const onComment = (comment: string) => {
        comments.push(comment);
        connected.connection[call]();
      };
      const connected: ReturnType<typeof connectWith> = connectWith({ onComment });
      (await open(connected)).send(':a\n:b\nretry: 7\ndata: x\n\n');
      await until(() => comments.length > 0);
      await turns();
      expect(comments).toEqual(['a']);
      expect(connected.connection.reconnectionTime).toBe(3000);
      expect(connected.log).toEqual(['open open']);
    },
  );
});

describe('silence', () => {
  it('before the response is a timeout of the connection', async () => {
    const connected = connectWith({ connectTimeout: 500 });
    connected.attempts[0]!.request.onRequest();
    vi.advanceTimersByTime(500);
    await until(() => connected.errors.length === 1);
    expect(connected.log).toEqual(['error connect-timeout waiting']);
    expect(connected.attempts[0]!.request.signal.aborted).toBe(true);
    expect(connected.errors[0]!.message).toMatch(/^No response within "connectTimeout"/);
  });

  it('counts from the request, not while a function of the caller’s is asked', async () => {
    const connected = connectWith({ connectTimeout: 500, idleTimeout: 100 });
    vi.advanceTimersByTime(10_000);
    await turns();
    expect(connected.log).toEqual([]);
  });

  it('in the body is idleness, after a wait for the whole of it', async () => {
    const connected = connectWith({ idleTimeout: 500, connectTimeout: 500 });
    connected.attempts[0]!.request.onRequest();
    const body = await open(connected);
    body.send(': alive\n\n');
    await turns();
    vi.advanceTimersByTime(400);
    body.send('data: a\n\n');
    await until(() => connected.log.includes('a'));
    await turns();
    vi.advanceTimersByTime(400);
    await turns();
    expect(connected.errors).toEqual([]);
    vi.advanceTimersByTime(100);
    await until(() => connected.errors.length === 1);
    expect(connected.log).toEqual(['open open', 'a', 'error idle waiting']);
    expect(body.isCancelled).toBe(true);
  });

  it('is no idleness while the sink holds the next event back', async () => {
    let release = () => {};
    const held = () => new Promise<void>((resolve) => (release = resolve));
    const connected = connect(convertInit({ idleTimeout: 500 }), { message: held });
    connected.attempts[0]!.request.onRequest();
    (await open(connected)).send('data: a\n\n');
    await until(() => connected.log.includes('a'));
    vi.advanceTimersByTime(5000);
    await turns();
    expect(connected.errors).toEqual([]);
    release();
    await turns();
    vi.advanceTimersByTime(500);
    await until(() => connected.errors.length === 1);
    expect(connected.log).toEqual(['open open', 'a', 'error idle waiting']);
  });

  it('leaves no timer behind when the connection is closed', async () => {
    const connected = connectWith({ idleTimeout: 500, connectTimeout: 500 });
    connected.attempts[0]!.request.onRequest();
    await open(connected);
    await turns();
    expect(vi.getTimerCount()).toBe(1);
    connected.connection.close();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('of an attempt that was given up says nothing', async () => {
    const connected = connectWith({ connectTimeout: 500 });
    const { onRequest } = connected.attempts[0]!.request;
    connected.connection.reconnect();
    onRequest();
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(500);
    await turns();
    expect(connected.log).toEqual([]);
  });
});

describe('a browser without network', () => {
  it('waits for its return', async () => {
    vi.stubGlobal('navigator', { onLine: false });
    const connected = connectWith({});
    connected.attempts[0]!.refuse();
    await until(() => connected.errors.length === 1);
    vi.advanceTimersByTime(29_000);
    expect(connected.attempts).toHaveLength(1);
    vi.stubGlobal('navigator', { onLine: true });
    globalThis.dispatchEvent?.(new Event('online'));
    vi.advanceTimersByTime(4000);
    expect(connected.attempts).toHaveLength(2);
  });
});

describe('comments', () => {
  it('are handed over as their lines are complete', async () => {
    const comments: string[] = [];
    const connected = connectWith({ onComment: (comment) => comments.push(comment) });
    const body = await open(connected);
    body.send(':one\n: two\ndata: a\n:three');
    await until(() => comments.length === 2);
    body.send('\n\n');
    await until(() => connected.log.includes('a'));
    expect(comments).toEqual(['one', 'two', 'three']);
  });
});
