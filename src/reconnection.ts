/** How long to wait before the next attempt: pure policy. Random source and clock are the caller's. */

/** The standard leaves the starting value to us, "in the region of a few seconds". Milliseconds. */
export const DEFAULT_RECONNECTION_TIME = 3000;

/** Ceiling of what back-off adds to the reconnection time. Milliseconds. */
export const MAX_DELAY = 30_000;

/** The longest time that a timer of any runtime can hold. Milliseconds. */
export const MAX_TIMER = 2 ** 31 - 1;

/** D4: two attempts that a source starts by itself are at least this far apart. Milliseconds. */
export const MIN_ATTEMPT_INTERVAL = 100;

/** An opened attempt that lasted this long did not fail, even if no event came. Milliseconds. */
export const STABLE_AFTER = 5000;

/** What is known of an attempt when it is over. */
export interface AttemptHistory {
  /** When the connection was announced, in milliseconds of the clock; `undefined` if it never was. */
  readonly openedAt: number | undefined;
  readonly deliveredEvent: boolean;
}

/** Whether the attempt counts as failed: over before `open`, or soon after it without any event. */
export function isFailed({ openedAt, deliveredEvent }: AttemptHistory, now: number): boolean {
  if (openedAt === undefined) return true;
  return !deliveredEvent && now - openedAt < STABLE_AFTER;
}

/** What the next wait depends on. Times in milliseconds. */
export interface WaitInput {
  readonly reconnectionTime: number;
  /** Failed attempts in a row. */
  readonly failures: number;
  /** How long ago the last attempt started. */
  readonly sinceStart: number;
  /** Returns a number from 0 up to, but not including, 1. */
  readonly random: () => number;
}

/**
 * The wait before the next attempt, in whole milliseconds from 0 to 2^31 − 1.
 *
 * Source: step 3 of "reestablish the connection"; its steps for more waiting are optional and ours.
 */
export function reconnectionDelay({ reconnectionTime, failures, sinceStart, random }: WaitInput): number {
  let delay = reconnectionTime;
  // D1: after failed attempts the wait grows, spread over the whole range so that clients do not return as one.
  if (failures > 0) {
    const ceiling = Math.min(MAX_DELAY, 2 ** failures * Math.max(reconnectionTime, MIN_ATTEMPT_INTERVAL));
    delay += random() * ceiling;
  }
  // D4: `retry: 0` is no hot loop, and a huge `retry` is no timer overflow, which would fire at once.
  const rest = MIN_ATTEMPT_INTERVAL - Math.max(0, sinceStart);
  return Math.ceil(Math.min(MAX_TIMER, Math.max(delay, rest, 0)));
}
