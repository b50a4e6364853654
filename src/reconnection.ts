/** Whether and when to make the next attempt: pure policy. Random source and clock are the caller's. */
import type { Trouble } from './errors.ts';
import type { FetchLikeResponse } from './http.ts';
import { convert, isFunction, number, type Rule } from './options.ts';

/** The standard leaves the starting value to us, "in the region of a few seconds". Milliseconds. */
export const DEFAULT_RECONNECTION_TIME = 3000;

/** Ceiling of what back-off adds to the reconnection time, unless said otherwise. Milliseconds. */
const MAX_DELAY = 30_000;

/** The longest time that a timer of any runtime can hold. Milliseconds. */
export const MAX_TIMER = 2 ** 31 - 1;

/** D4: two attempts that a source starts by itself are at least this far apart. Milliseconds. */
const MIN_ATTEMPT_INTERVAL = 100;

/** An opened attempt that lasted this long did not fail, even if no event came. Milliseconds. */
const STABLE_AFTER = 5000;

/** What is known of an attempt when it is over. */
export interface AttemptHistory {
  /** When the connection was announced, in milliseconds of the clock; `undefined` if it never was. */
  readonly openedAt: number | undefined;
  readonly deliveredEvent: boolean;
}

/** Whether the attempt counts as failed: over before `open`, or soon after it without any event. */
export function isFailed({ openedAt, deliveredEvent }: AttemptHistory, now: number): boolean {
  return openedAt === undefined || (!deliveredEvent && now - openedAt < STABLE_AFTER);
}

/** The option `reconnection`: when to try again, and how patiently. Extension, not in the standard. */
export interface ReconnectionInit {
  /**
   * Refused responses after which to try again instead of failing: status codes, a predicate, or `'transient'` (408, 425, 429,
   * 500, 502, 503, 504). Their `Retry-After` is a lower bound of the wait. Default none.
   *
   * @example
   * new EventSource(url, { reconnection: { statuses: [429, 503] } });
   */
  statuses?:
    'transient' | readonly number[] | ((status: number, response: FetchLikeResponse) => boolean) | undefined;
  /**
   * Failed attempts in a row before the connection fails. Default unlimited.
   *
   * @example
   * new EventSource(url, { reconnection: { maxAttempts: 10 } });
   */
  maxAttempts?: number | undefined;
  /**
   * Ceiling of what back-off adds to the wait; it never shortens what the server asked for. Milliseconds, default 30 000.
   *
   * @example
   * new EventSource(url, { reconnection: { maxDelay: 60_000 } });
   */
  maxDelay?: number | undefined;
  /**
   * A random part of this is added to the first wait and to `Retry-After`; back-off adds parts of no less. Milliseconds, default 0.
   *
   * @example
   * new EventSource(url, { reconnection: { spread: 30_000 } });
   */
  spread?: number | undefined;
  /**
   * Whether to reconnect when a body ends as it should; `false` for finite streams. Default `true`.
   *
   * @example
   * new EventSource(url, { reconnection: { afterEnd: false } });
   */
  afterEnd?: boolean | undefined;
  /**
   * Whether a request with a method other than GET may be sent again. Default `false`.
   *
   * @example
   * new EventSource(url, { method: 'POST', reconnection: { resend: true } });
   */
  resend?: boolean | undefined;
}

/** The option, checked, with its defaults. */
export interface ReconnectionPolicy {
  /** `false`: one attempt only. */
  readonly isOn: boolean;
  readonly isRetried: (status: number, response: FetchLikeResponse) => boolean;
  readonly maxAttempts: number;
  readonly maxDelay: number;
  readonly spread: number;
  readonly afterEnd: boolean;
  readonly resend: boolean;
}

/** What `'transient'` stands for. */
export const TRANSIENT = [408, 425, 429, 500, 502, 503, 504];

/** What follows when an attempt has ended so; `exhausted` when it was one failure too many. */
export function afterTrouble(
  trouble: Pick<Trouble, 'signal' | 'reason'>,
  policy: ReconnectionPolicy,
  failures: number,
): 'reestablish' | 'fail' | 'exhausted' {
  const isEnd = !policy.afterEnd && trouble.reason === 'end-of-body';
  if (isEnd || !policy.isOn || trouble.signal === 'fail') return 'fail';
  return failures >= policy.maxAttempts ? 'exhausted' : 'reestablish';
}

const rules: Readonly<Record<keyof ReconnectionInit, Rule>> = {
  statuses: [[], isStatuses, 'status codes, a function, or "transient"'],
  maxAttempts: number(Infinity, 'attempts', 1),
  maxDelay: number(MAX_DELAY),
  spread: number(0),
  afterEnd: [true],
  resend: [false],
};

type Checked = { [Name in keyof ReconnectionInit]-?: NonNullable<ReconnectionInit[Name]> };

/**
 * Checks the option, and fills in the defaults.
 *
 * @throws {TypeError} that names what is invalid
 */
export function reconnectionPolicy(init: ReconnectionInit | false | undefined): ReconnectionPolicy {
  const { statuses, ...policy } = convert<Checked>(init || undefined, rules, 'reconnection.');
  const list = statuses === 'transient' ? TRANSIENT : statuses;
  const isRetried = typeof list === 'function' ? list : (status: number) => list.includes(status);
  return { ...policy, isOn: init !== false, isRetried };
}

function isStatuses(statuses: unknown): boolean {
  if (Array.isArray(statuses)) return statuses.every(Number.isInteger);
  return statuses === 'transient' || isFunction(statuses);
}

/** What the next wait depends on. Times in milliseconds. */
export interface WaitInput {
  readonly reconnectionTime: number;
  /** Failed attempts in a row. */
  readonly failures: number;
  /** How long ago the last attempt started. */
  readonly sinceStart: number;
  /** What `Retry-After` asked for; 0 if nothing did. */
  readonly retryAfter: number;
  readonly policy: Pick<ReconnectionPolicy, 'maxDelay' | 'spread'>;
  /** Returns a number from 0 up to, but not including, 1. */
  readonly random: () => number;
}

/** A wait in whole milliseconds, from 0 to 2^31 − 1. */
export interface Wait {
  readonly delay: number;
  /** The part of it that nothing may cut short: the reconnection time and `Retry-After`. */
  readonly floor: number;
}

/**
 * The wait before the next attempt.
 *
 * Source: step 3 of "reestablish the connection"; its steps for more waiting are optional and ours.
 */
export function reconnectionWait({
  reconnectionTime,
  failures,
  sinceStart,
  retryAfter,
  policy,
  random,
}: WaitInput): Wait {
  const { maxDelay, spread } = policy;
  // D1: after failed attempts the wait grows, spread over the whole range so that clients do not return as one;
  // never over less than `spread`: else the second wave of a fleet would fall into the end of its first.
  const growth = 2 ** failures * Math.max(reconnectionTime, MIN_ATTEMPT_INTERVAL);
  const range = failures > 0 ? Math.min(maxDelay, Math.max(spread, growth)) : spread;
  let delay = reconnectionTime + random() * range;
  if (retryAfter > 0) delay = Math.max(delay, retryAfter + random() * spread);
  // D4: `retry: 0` is no hot loop, and a huge `retry` is no timer overflow, which would fire at once.
  const rest = MIN_ATTEMPT_INTERVAL - Math.max(0, sinceStart);
  const clamp = (time: number) => Math.ceil(Math.min(MAX_TIMER, Math.max(time, rest)));
  return { delay: clamp(delay), floor: clamp(Math.max(reconnectionTime, retryAfter)) };
}
