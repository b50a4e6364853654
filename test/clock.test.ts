import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { wait, watchSilence, within, type SilenceLimits, type WaitOptions } from '../src/clock.ts';
import type { Wait } from '../src/reconnection.ts';

let listeners: Map<string, (event: Event) => void>;
beforeEach(() => {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance', 'Date'],
  });
  listeners = new Map();
  vi.stubGlobal('addEventListener', (type: string, listener: (event: Event) => void) =>
    listeners.set(type, listener),
  );
  vi.stubGlobal('removeEventListener', (type: string) => listeners.delete(type));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** An hour in which timers and `performance.now()` stand still, and the calendar does not; then the next look at the clock. */
function sleep(): void {
  vi.setSystemTime(Date.now() + 3_600_000);
  vi.advanceTimersByTime(5000);
}

const online = () => listeners.get('online')?.(new Event('online'));

describe('a wait', () => {
  function start(init: Partial<Wait & WaitOptions> = {}) {
    const elapsed = vi.fn();
    const options = { delay: 5000, floor: 3000, maxDelay: 30_000, unref: false, ...init };
    return { elapsed, stop: wait(options, options, 'example.com', elapsed) };
  }

  it('is over after its delay, once', () => {
    const { elapsed } = start();
    vi.advanceTimersByTime(4999);
    expect(elapsed).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    vi.advanceTimersByTime(1e6);
    expect(elapsed).toHaveBeenCalledOnce();
    expect(vi.getTimerCount()).toBe(0);
    expect(listeners.size).toBe(0);
  });

  it('is over at a wake-up after its floor', () => {
    const { elapsed } = start();
    vi.advanceTimersByTime(3500);
    online();
    vi.advanceTimersByTime(0);
    expect(elapsed).toHaveBeenCalledOnce();
  });

  it('goes on until its floor after a wake-up before it', () => {
    const { elapsed } = start();
    vi.advanceTimersByTime(1000);
    online();
    vi.advanceTimersByTime(1999);
    expect(elapsed).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(elapsed).toHaveBeenCalledOnce();
  });

  it('listens for nothing when nothing could shorten it', () => {
    const { stop } = start({ delay: 3000 });
    expect(listeners.size).toBe(0);
    expect(vi.getTimerCount()).toBe(1);
    stop();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('goes on while there is no network, until it returns', () => {
    const navigator = { onLine: false };
    vi.stubGlobal('navigator', navigator);
    const { elapsed } = start({ delay: 3000 });
    vi.advanceTimersByTime(20_000);
    online();
    vi.advanceTimersByTime(0);
    expect(elapsed).not.toHaveBeenCalled();
    navigator.onLine = true;
    online();
    vi.advanceTimersByTime(0);
    expect(elapsed).toHaveBeenCalledOnce();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('goes on without a network for no longer than the ceiling', () => {
    vi.stubGlobal('navigator', { onLine: false });
    const { elapsed } = start();
    vi.advanceTimersByTime(34_999);
    expect(elapsed).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(elapsed).toHaveBeenCalledOnce();
  });

  it('goes on without a network for no longer than a timer can, whatever the ceiling', () => {
    vi.stubGlobal('navigator', { onLine: false });
    const { elapsed } = start({ delay: 3000, maxDelay: Infinity });
    vi.advanceTimersByTime(2 ** 31 + 2000);
    expect(elapsed).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1000);
    expect(elapsed).toHaveBeenCalledOnce();
  });

  it('counts the sleep of the machine', () => {
    const { elapsed } = start({ delay: 60_000, floor: 30_000 });
    sleep();
    vi.advanceTimersByTime(1);
    expect(elapsed).toHaveBeenCalledOnce();
  });

  it('can be stopped', () => {
    const { elapsed, stop } = start();
    stop();
    vi.advanceTimersByTime(1e6);
    expect(elapsed).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
    expect(listeners.size).toBe(0);
  });

  it('lets the process end if asked to', () => {
    const unrefTimer = vi.fn();
    vi.stubGlobal('setTimeout', () => ({ unref: unrefTimer }));
    start({ delay: 3000 });
    expect(unrefTimer).not.toHaveBeenCalled();
    start({ delay: 3000, unref: true });
    expect(unrefTimer).toHaveBeenCalledOnce();
  });
});

describe('a promise with a limit', () => {
  it('gives what it gives in time', async () => {
    expect(await within(1000, Promise.resolve('a'))).toBe('a');
    await expect(within(1000, Promise.reject(new Error('b')))).rejects.toThrow('b');
  });

  it('rejects when it takes longer, and lets the process end', async () => {
    const unrefTimer = vi.fn();
    let elapse = () => {};
    vi.stubGlobal('setTimeout', (callback: () => void, limit: number) => {
      expect(limit).toBe(1000);
      elapse = callback;
      return { unref: unrefTimer };
    });
    const late = within(1000, new Promise(() => {}));
    elapse();
    await expect(late).rejects.toBeUndefined();
    expect(unrefTimer).toHaveBeenCalledOnce();
  });
});

describe('the watch over silence', () => {
  function watch(limits: Partial<SilenceLimits> = {}) {
    const silent = vi.fn();
    return {
      silent,
      watch: watchSilence({ connectTimeout: 0, idleTimeout: 0, unref: false, ...limits }, silent),
    };
  }

  it('sets no timer where there is no limit', () => {
    const { watch: one, silent } = watch();
    one.request();
    expect(vi.getTimerCount()).toBe(0);
    one.response();
    expect(vi.getTimerCount()).toBe(0);
    expect(silent).not.toHaveBeenCalled();
  });

  it('counts from the request on', () => {
    const { watch: one, silent } = watch({ idleTimeout: 1000 });
    one.request();
    vi.advanceTimersByTime(999);
    expect(silent).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(silent.mock.calls).toEqual([['idle']]);
  });

  it('leaves the time before the response to connectTimeout, when that is set', () => {
    const { watch: one, silent } = watch({ idleTimeout: 100, connectTimeout: 1000 });
    one.request();
    vi.advanceTimersByTime(1000);
    expect(silent.mock.calls).toEqual([['connect-timeout']]);
  });

  it('leaves the time after the response to idleTimeout, however long the other is', () => {
    const { watch: one, silent } = watch({ idleTimeout: 100, connectTimeout: 60_000 });
    one.request();
    one.response();
    one.since = performance.now();
    vi.advanceTimersByTime(100);
    expect(silent.mock.calls).toEqual([['idle']]);
  });

  it('counts nothing after the response where only connectTimeout is set', () => {
    const { watch: one, silent } = watch({ connectTimeout: 1000 });
    one.request();
    one.response();
    vi.advanceTimersByTime(1e6);
    expect(silent).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is exact from the last byte, with one timer whatever the traffic', () => {
    const { watch: one, silent } = watch({ idleTimeout: 1000 });
    const set = vi.spyOn(globalThis, 'setTimeout');
    one.request();
    one.response();
    for (let chunk = 0; chunk < 1000; chunk++) {
      one.since = performance.now();
      vi.advanceTimersByTime(7);
    }
    const last = one.since;
    vi.advanceTimersByTime(1000 - 7 - 1);
    expect(silent).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(silent.mock.calls).toEqual([['idle']]);
    expect(performance.now() - last).toBe(1000);
    expect(set.mock.calls.length).toBeLessThan(15);
  });

  it('counts no time in which nothing was waited for', () => {
    const { watch: one, silent } = watch({ idleTimeout: 1000 });
    one.request();
    one.response();
    one.since = Infinity;
    vi.advanceTimersByTime(10_500);
    one.since = performance.now();
    vi.advanceTimersByTime(999);
    expect(silent).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(silent).toHaveBeenCalledOnce();
  });

  it('looks at once when the world wakes up', () => {
    const { watch: one, silent } = watch({ idleTimeout: 10_000 });
    one.request();
    one.response();
    one.since = performance.now() - 20_000; // as after a sleep in which timers stood still
    online();
    expect(silent.mock.calls).toEqual([['idle']]);
  });

  it('counts the sleep of the machine', () => {
    const { watch: one, silent } = watch({ idleTimeout: 60_000 });
    one.request();
    one.response();
    one.since = performance.now();
    sleep();
    expect(silent.mock.calls).toEqual([['idle']]);
    one.stop();
  });

  it('holds for a limit that no timer can', () => {
    const { watch: one, silent } = watch({ idleTimeout: 1e12 });
    one.request();
    vi.advanceTimersByTime(2 ** 31 + 1000);
    expect(silent).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(2);
    one.stop();
  });

  it('leaves nothing behind when it is stopped', () => {
    const { watch: one, silent } = watch({ idleTimeout: 1000, unref: true });
    one.request();
    one.stop();
    vi.advanceTimersByTime(1e6);
    expect(silent).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
    expect(listeners.size).toBe(0);
  });
});
