import { describe, expect, it } from 'vitest';
import {
  afterTrouble,
  isFailed,
  reconnectionPolicy,
  reconnectionWait,
  type ReconnectionInit,
  type WaitInput,
} from '../src/reconnection.ts';

const policy = reconnectionPolicy({});
const base: WaitInput = {
  reconnectionTime: 3000,
  failures: 0,
  sinceStart: 10_000,
  retryAfter: 0,
  policy,
  random: () => 0.5,
};
const wait = (input: Partial<WaitInput>) => reconnectionWait({ ...base, ...input });
const delay = (input: Partial<WaitInput>) => wait(input).delay;

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

describe('the option', () => {
  it('has defaults', () => {
    const { isRetried: _, ...defaults } = reconnectionPolicy(undefined);
    expect(defaults).toEqual({
      isOn: true,
      maxAttempts: Infinity,
      maxDelay: 30_000,
      spread: 0,
      afterEnd: true,
      resend: false,
    });
  });

  it.each([
    [{ statuses: [500, '503'] }, 'statuses" has to be status codes, a function, or "transient"'],
    [{ statuses: 'permanent' }, 'statuses" has to be status codes, a function, or "transient"'],
    [{ maxAttempts: 0 }, 'maxAttempts" has to be a number of attempts, 1 or more'],
  ])('refuses %j in one sentence', (init, sentence) => {
    const message = `everysource: the option "reconnection.${sentence}`;
    expect(() => reconnectionPolicy(init as ReconnectionInit)).toThrow(new TypeError(message));
  });
});

describe('the options of the wait', () => {
  it('put a ceiling on what is added, not on what the server asked for', () => {
    const patient = { ...policy, maxDelay: 1000 };
    expect(delay({ policy: patient, failures: 5, random: () => 1 })).toBe(4000);
    expect(delay({ policy: patient, failures: 1, retryAfter: 60_000, random: () => 1 })).toBe(60_000);
    expect(delay({ policy: { ...policy, maxDelay: 0 }, failures: 9, random: () => 1 })).toBe(3000);
  });

  it('spread the first wait and Retry-After, and back-off over no less', () => {
    const spread = { ...policy, spread: 10_000 };
    expect([0, 0.5, 1].map((share) => delay({ policy: spread, random: () => share }))).toEqual([
      3000, 8000, 13_000,
    ]);
    expect([1, 2].map((failures) => delay({ policy: spread, failures, random: () => 1 }))).toEqual([
      13_000, 15_000,
    ]);
    expect(delay({ policy: { ...spread, maxDelay: 1000 }, failures: 1, random: () => 1 })).toBe(4000);
    expect(delay({ policy: spread, failures: 1, retryAfter: 20_000 })).toBe(25_000);
  });

  it('take Retry-After as a lower bound', () => {
    expect(delay({ failures: 1, retryAfter: 1000, random: () => 0 })).toBe(3000);
    expect(delay({ failures: 1, retryAfter: 20_000, random: () => 1 })).toBe(20_000);
    expect(delay({ failures: 1, retryAfter: Infinity })).toBe(2 ** 31 - 1);
  });

  it('tell which part nothing may cut short', () => {
    expect(wait({ failures: 2, random: () => 1 })).toEqual({ delay: 15_000, floor: 3000 });
    expect(wait({ failures: 2, retryAfter: 20_000 })).toEqual({ delay: 20_000, floor: 20_000 });
    expect(wait({ policy: { ...policy, spread: 1000 } })).toEqual({ delay: 3500, floor: 3000 });
    expect(wait({ reconnectionTime: 0, sinceStart: 40 })).toEqual({ delay: 60, floor: 60 });
  });
});

describe('what follows when an attempt has ended', () => {
  const lost = { signal: 'reestablish', reason: 'network' } as const;
  const ended = { signal: 'reestablish', reason: 'end-of-body' } as const;
  const refused = { signal: 'fail', reason: 'status' } as const;
  const next = (init: ReconnectionInit | false, trouble: Parameters<typeof afterTrouble>[0], failures = 0) =>
    afterTrouble(trouble, reconnectionPolicy(init), failures);

  it("is the standard's next step without options", () => {
    expect([lost, ended, refused].map((trouble) => next({}, trouble, 1e6))).toEqual([
      'reestablish',
      'reestablish',
      'fail',
    ]);
  });

  it('is failure where reconnection is off', () => {
    expect([lost, ended, refused].map((trouble) => next(false, trouble))).toEqual(['fail', 'fail', 'fail']);
  });

  it('is the end for a finite stream that ends, not for one that breaks', () => {
    expect([lost, ended].map((trouble) => next({ afterEnd: false }, trouble))).toEqual([
      'reestablish',
      'fail',
    ]);
  });

  it('is exhaustion after so many failures in a row', () => {
    expect([1, 2, 3].map((failures) => next({ maxAttempts: 3 }, lost, failures))).toEqual([
      'reestablish',
      'reestablish',
      'exhausted',
    ]);
    expect(next({ maxAttempts: 3 }, refused, 3)).toBe('fail');
  });
});

describe('refused responses', () => {
  const retried = (statuses: ReconnectionInit['statuses']) =>
    [401, 408, 425, 429, 500, 501, 502, 503, 504].filter((status) =>
      reconnectionPolicy({ statuses }).isRetried(status, { status, headers: new Headers(), body: null }),
    );

  it.each([
    [undefined, []],
    [
      [401, 503],
      [401, 503],
    ],
    ['transient' as const, [408, 425, 429, 500, 502, 503, 504]],
    [(status: number) => status > 502, [503, 504]],
  ])('are retried by %s', (statuses, expected) => {
    expect(retried(statuses)).toEqual(expected);
  });

  it('are shown to the predicate whole', () => {
    const response = { status: 503, headers: new Headers({ 'x-retry': 'yes' }), body: null };
    const { isRetried } = reconnectionPolicy({
      statuses: (_, { headers }) => headers.get('x-retry') === 'yes',
    });
    expect(isRetried(503, response)).toBe(true);
  });
});
