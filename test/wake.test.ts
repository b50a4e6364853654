import { afterEach, describe, expect, it, vi } from 'vitest';
import { isOffline, onWake, unref } from '../src/wake.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** A page, as far as it is listened to. */
function page() {
  const document = Object.assign(new EventTarget(), { visibilityState: 'hidden' });
  const scope = Object.assign(new EventTarget(), { document });
  const listeners = { added: 0, removed: 0 };
  for (const target of [scope, document]) {
    const { addEventListener, removeEventListener } = target;
    target.addEventListener = (...args) => {
      listeners.added++;
      addEventListener.apply(target, args);
    };
    target.removeEventListener = (...args) => {
      listeners.removed++;
      removeEventListener.apply(target, args);
    };
  }
  return { scope: scope as unknown as typeof globalThis, window: scope, document, listeners };
}

describe('waking up', () => {
  it('is the return of the network', () => {
    const { scope, window } = page();
    const woken = vi.fn();
    const stop = onWake(woken, scope);
    window.dispatchEvent(new Event('online'));
    expect(woken).toHaveBeenCalledOnce();
    stop();
  });

  it('is the return of a page from the back/forward cache, not its first showing', () => {
    const { scope, window } = page();
    const woken = vi.fn();
    const stop = onWake(woken, scope);
    window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: false }));
    expect(woken).not.toHaveBeenCalled();
    window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }));
    expect(woken).toHaveBeenCalledOnce();
    stop();
  });

  it('is a page that becomes visible, not one that is hidden', () => {
    const { scope, document } = page();
    const woken = vi.fn();
    const stop = onWake(woken, scope);
    document.dispatchEvent(new Event('visibilitychange'));
    expect(woken).not.toHaveBeenCalled();
    document.visibilityState = 'visible';
    document.dispatchEvent(new Event('visibilitychange'));
    expect(woken).toHaveBeenCalledOnce();
    stop();
  });

  it('is a jump of the calendar, as after a sleep, and not the passing of time', () => {
    vi.useFakeTimers();
    const woken = vi.fn();
    const stop = onWake(woken, {});
    vi.advanceTimersByTime(60_000);
    expect(woken).not.toHaveBeenCalled();
    vi.setSystemTime(Date.now() + 3_600_000);
    vi.advanceTimersByTime(5000);
    vi.advanceTimersByTime(60_000);
    vi.setSystemTime(Date.now() + 7_200_000);
    vi.advanceTimersByTime(5000);
    vi.setSystemTime(Date.now() + 5000);
    vi.advanceTimersByTime(5000);
    // What the timers did not count.
    expect(woken.mock.calls).toEqual([[3_600_000], [7_200_000]]);
    stop();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is not lengthened where the clock counts the sleep too', () => {
    vi.useFakeTimers();
    vi.spyOn(performance, 'now').mockImplementation(() => Date.now() * 1.5);
    const woken = vi.fn();
    const stop = onWake(woken, {});
    vi.setSystemTime(Date.now() + 3_600_000);
    vi.advanceTimersByTime(5000);
    expect(woken.mock.calls).toEqual([[0]]);
    stop();
  });

  it('is looked for by a timer that lets the process end', () => {
    const timer = { unref: vi.fn() };
    vi.stubGlobal('setInterval', () => timer);
    onWake(() => {}, {});
    expect(timer.unref).toHaveBeenCalledOnce();
  });

  it('is listened for only until that is stopped', () => {
    const { scope, window, document, listeners } = page();
    const woken = vi.fn();
    onWake(woken, scope)();
    expect(listeners).toEqual({ added: 3, removed: 3 });
    document.visibilityState = 'visible';
    window.dispatchEvent(new Event('online'));
    document.dispatchEvent(new Event('visibilitychange'));
    expect(woken).not.toHaveBeenCalled();
  });

  it('needs no page', () => {
    const woken = vi.fn();
    for (const scope of [{}, { document: {} as Document }])
      expect(() => onWake(woken, scope)()).not.toThrow();
  });
});

describe('a timer', () => {
  it('is unref’d as the runtime does it: by itself in Node, by its number in Deno, not at all in browsers', () => {
    const timer = { unref: vi.fn() };
    unref(timer);
    expect(timer.unref).toHaveBeenCalledOnce();
    expect(() => unref(7)).not.toThrow();
    const unrefTimer = vi.fn();
    vi.stubGlobal('Deno', { unrefTimer });
    unref(7);
    expect(unrefTimer.mock.calls).toEqual([[7]]);
  });
});

describe('being offline', () => {
  it.each([
    [false, 'example.com', true],
    [false, 'localhost', false],
    [false, 'a.localhost', false],
    [false, 'some.page.localhost', false],
    [false, 'localhost.example', true],
    [false, 'notlocalhost', true],
    [false, '127.0.0.1', false],
    [false, '127.10.20.30', false],
    [false, '[::1]', false],
    [false, '128.0.0.1', true],
    [true, 'example.com', false],
    [undefined, 'example.com', false],
  ])('with onLine %s, for %s: %s', (onLine, hostname, expected) => {
    vi.stubGlobal('navigator', { onLine });
    expect(isOffline(hostname)).toBe(expected);
  });

  it('is not known where there is no navigator', () => {
    vi.stubGlobal('navigator', undefined);
    expect(isOffline('example.com')).toBe(false);
  });
});
