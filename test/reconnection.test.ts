import { describe, expect, it } from 'vitest';
import { isFailed, reconnectionDelay } from '../src/reconnection.ts';

const base = { reconnectionTime: 3000, failures: 0, sinceStart: 10_000, random: () => 0.5 };
const delay = (input: Partial<typeof base>) => reconnectionDelay({ ...base, ...input });

describe('the wait before the next attempt', () => {
  it('is the reconnection time exactly when the last attempt did not fail', () => {
    expect(delay({ random: () => 0.999 })).toBe(3000);
    expect(delay({ reconnectionTime: 1 })).toBe(1);
  });

  it('grows with failures in a row, up to 30 s above the reconnection time', () => {
    const atMost = [1, 2, 3, 4, 5, 2000].map((failures) => delay({ failures, random: () => 1 }));
    expect(atMost).toEqual([9000, 15_000, 27_000, 33_000, 33_000, 33_000]);
  });

  it('is spread over the whole range, down to the reconnection time', () => {
    expect([0, 0.25, 0.5, 1].map((share) => delay({ failures: 1, random: () => share }))).toEqual([
      3000, 4500, 6000, 9000,
    ]);
  });

  it('backs off from retry: 0 too', () => {
    const atMost = [1, 2, 3].map((failures) => delay({ reconnectionTime: 0, failures, random: () => 1 }));
    expect(atMost).toEqual([200, 400, 800]);
  });

  it('keeps two attempts 100 ms apart', () => {
    expect([0, 30, 99.5, 100, 5000].map((sinceStart) => delay({ reconnectionTime: 0, sinceStart }))).toEqual([
      100, 70, 1, 0, 0,
    ]);
  });

  it('keeps them apart, and no more, when the clock has jumped back', () => {
    expect(delay({ reconnectionTime: 0, sinceStart: -1_000_000 })).toBe(100);
  });

  it('is never longer than a timer can hold', () => {
    expect(delay({ reconnectionTime: 99_999_999_999 })).toBe(2 ** 31 - 1);
    expect(delay({ reconnectionTime: Infinity })).toBe(2 ** 31 - 1);
    expect(delay({ reconnectionTime: Infinity, failures: 3 })).toBe(2 ** 31 - 1);
  });
});

describe('an attempt', () => {
  it('failed when it was over before open', () => {
    expect(isFailed({ openedAt: undefined, deliveredEvent: false }, 1e9)).toBe(true);
  });

  it('failed when it was over within 5 s of open, without any event', () => {
    expect(isFailed({ openedAt: 1000, deliveredEvent: false }, 5999)).toBe(true);
    expect(isFailed({ openedAt: 1000, deliveredEvent: false }, 6000)).toBe(false);
  });

  it('did not fail when it delivered an event', () => {
    expect(isFailed({ openedAt: 1000, deliveredEvent: true }, 1001)).toBe(false);
  });
});
