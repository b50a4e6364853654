import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { trouble } from '../src/errors.ts';
import { connect, open, place, type FakeAttempt } from './support/fake-transport.ts';
import { turns, until } from './support/until.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  vi.spyOn(Math, 'random').mockReturnValue(0);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('closing', () => {
  it('while connecting aborts the request and fires nothing', async () => {
    const connected = connect();
    connected.connection.close();
    expect(connected.connection.phase).toBe('closed');
    expect(connected.attempts[0]!.request.signal.aborted).toBe(true);
    connected.attempts[0]!.refuse(trouble('aborted', place, {}, 'x'));
    await turns();
    expect(connected.log).toEqual([]);
  });

  it('gives back a body that comes too late', async () => {
    const connected = connect();
    connected.connection.close();
    const body = connected.attempts[0]!.admit();
    await until(() => body.isCancelled);
    expect(connected.log).toEqual([]);
  });

  it('in the open handler delivers nothing', async () => {
    const connected = connect({}, { open: () => connected.connection.close() });
    connected.attempts[0]!.body.send('data: a\n\n');
    const body = await open(connected);
    await turns();
    expect(connected.log).toEqual(['open open']);
    expect(body.isCancelled).toBe(true);
  });

  it('in the error handler makes no further attempt and leaves no timer', async () => {
    const connected = connect({}, { error: () => connected.connection.close() });
    connected.attempts[0]!.refuse();
    await until(() => connected.errors.length === 1);
    expect(vi.getTimerCount()).toBe(0);
    expect(connected.connection.phase).toBe('closed');
  });

  it('while waiting makes no further attempt and leaves no timer', async () => {
    const connected = connect();
    connected.attempts[0]!.refuse();
    await until(() => connected.errors.length === 1);
    expect(vi.getTimerCount()).toBe(1);
    connected.connection.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('reconnecting', () => {
  it('ends a wait, without an event and without a second attempt later', async () => {
    const connected = connect();
    connected.attempts[0]!.refuse();
    await until(() => connected.errors.length === 1);
    connected.connection.reconnect();
    expect(connected.attempts).toHaveLength(2);
    vi.advanceTimersByTime(1e9);
    await turns();
    expect(connected.attempts).toHaveLength(2);
    expect(connected.log).toEqual(['error network waiting']);
  });

  it('drops an attempt that has not been answered; its answer is given back', async () => {
    const connected = connect({ idleTimeout: 500 });
    connected.connection.reconnect();
    const late = connected.attempts[0]!.admit();
    await until(() => late.isCancelled);
    expect(connected.log).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
    expect(connected.connection.phase).toBe('connecting');
  });
});

describe('between the response and its announcement', () => {
  it.each(['reconnect', 'close'] as const)('%s gives the body back, and nothing opens', async (call) => {
    const connected = connect({ idleTimeout: 500 });
    const body = connected.attempts[0]!.admit();
    for (let job = 0; job < 10; job++) await undefined;
    connected.connection[call]();
    await until(() => body.isCancelled);
    await turns();
    expect(connected.log).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("the caller's own code while an attempt is released", () => {
  it.each(['reconnect', 'close'] as const)(
    'may %s, without a second attempt or a late event',
    async (call) => {
      const connected = connect();
      const body = await open(connected);
      let isFirst = true;
      connected.attempts[0]!.request.signal.addEventListener('abort', () => {
        if (isFirst) connected.connection[call]();
        isFirst = false;
      });
      connected.connection.reconnect();
      await turns();
      expect(connected.attempts).toHaveLength(call === 'close' ? 1 : 2);
      expect(connected.connection.phase).toBe(call === 'close' ? 'closed' : 'connecting');
      expect(connected.log).toEqual(['open open']);
      expect(body.isCancelled).toBe(true);
    },
  );

  it('may close when a body has ended: no error follows', async () => {
    const connected = connect();
    const body = await open(connected);
    connected.attempts[0]!.request.signal.addEventListener('abort', () => connected.connection.close());
    body.end();
    await until(() => connected.connection.phase === 'closed');
    await turns();
    expect(connected.log).toEqual(['open open']);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('news of an attempt that was dropped', () => {
  it.each<[string, (attempt: FakeAttempt) => void]>([
    ['a failed fetch', (attempt) => attempt.refuse()],
    ['a refused response', (attempt) => attempt.refuse(trouble('status', place, {}, 'x'))],
  ])('is ignored: %s', async (_, arrive) => {
    const connected = connect();
    connected.connection.reconnect();
    arrive(connected.attempts[0]!);
    await turns();
    expect(connected.connection.phase).toBe('connecting');
    expect(connected.log).toEqual([]);
    expect(connected.attempts).toHaveLength(2);
  });

  it('is ignored: the end of its body', async () => {
    const connected = connect({}, { message: () => connected.connection.reconnect() as undefined });
    (await open(connected)).send('data: a\n\n').end();
    await until(() => connected.attempts.length === 2);
    await open(connected);
    await turns();
    expect(connected.connection.phase).toBe('open');
    expect(connected.log).toEqual(['open open', 'a', 'open open']);
  });
});

describe('the signal', () => {
  it('closes, silently', async () => {
    const controller = new AbortController();
    const connected = connect({ signal: controller.signal });
    await open(connected);
    controller.abort();
    await turns();
    expect(connected.connection.phase).toBe('closed');
    expect(connected.log).toEqual(['open open']);
  });

  it('that is aborted already closes before anything is requested', () => {
    const connected = connect({ signal: AbortSignal.abort() });
    expect(connected.connection.phase).toBe('closed');
    expect(connected.attempts).toHaveLength(0);
  });

  it('loses its listener when the connection is closed or has failed', async () => {
    const controller = new AbortController();
    const remove = vi.spyOn(controller.signal, 'removeEventListener');
    const add = vi.spyOn(controller.signal, 'addEventListener');
    connect({ signal: controller.signal }).connection.close();
    const failed = connect({ signal: controller.signal });
    failed.attempts[0]!.refuse(trouble('status', place, {}, 'x'));
    await until(() => failed.errors.length === 1);
    expect(add).toHaveBeenCalledTimes(2);
    expect(remove.mock.calls.map(([type, listener]) => [type, listener])).toEqual(
      add.mock.calls.map(([type, listener]) => [type, listener]),
    );
  });

  it('keeps its listener over reconnections', async () => {
    const controller = new AbortController();
    const connected = connect({ signal: controller.signal });
    connected.attempts[0]!.refuse();
    await until(() => connected.errors.length === 1);
    controller.abort();
    expect(connected.connection.phase).toBe('closed');
  });
});
