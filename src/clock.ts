/** What waits: before an attempt, for an attempt that is silent, for an answer. Timers live here, but for the tick of `wake.ts`. */
import { MAX_TIMER, type Wait } from './reconnection.ts';
import { onWake, unref } from './wake.ts';

/**
 * What a promise gives, if it does so in time; rejects after that. The timer runs out in any case.
 *
 * @param limit - milliseconds
 */
export function within<Value>(limit: number, promise: Promise<Value>): Promise<Value> {
  return Promise.race([promise, new Promise<never>((_, reject) => setTimeout(reject, limit))]);
}

/** How a wait goes on. */
export interface WaitOptions extends Wait {
  /** For how long the network is waited for after that. Milliseconds. */
  readonly maxDelay: number;
  readonly isOffline: () => boolean;
  /** Whether a process may end meanwhile. */
  readonly isUnref: boolean;
}

/**
 * Waits, and calls back once: after the delay, or after its floor if the world wakes up before, and not while there is no network.
 *
 * @returns stops it
 */
export function wait(options: WaitOptions, onElapsed: () => void): () => void {
  const { delay, floor, maxDelay, isOffline, isUnref } = options;
  let startedAt = performance.now();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopWake: (() => void) | undefined;
  let isPatient = true; // it has not waited for the network yet

  const stop = (): void => {
    clearTimeout(timer);
    stopWake?.();
  };
  const set = (time: number): void => {
    clearTimeout(timer);
    timer = setTimeout(elapse, Math.min(time, MAX_TIMER));
    if (isUnref) unref(timer);
  };
  const elapse = (): void => {
    // D1: a wait that is over goes on while there is no network.
    if (isPatient && isOffline()) {
      isPatient = false;
      stopWake ??= onWake(wake);
      return set(maxDelay);
    }
    stop();
    return onElapsed();
  };
  const wake = (slept: number): void => {
    startedAt -= slept;
    if (!isOffline()) set(Math.max(0, floor - (performance.now() - startedAt)));
  };
  set(delay);
  // Nothing can end an ordinary wait, so nothing listens meanwhile.
  if (delay > floor) stopWake = onWake(wake);
  return stop;
}

/** For how long an attempt may be silent. Milliseconds, 0 is for ever. */
export interface SilenceLimits {
  readonly connectTimeout: number;
  readonly idleTimeout: number;
  readonly isUnref: boolean;
}

/**
 * Watches one attempt for silence. There is at most one timer, whatever the traffic: it is set for the earliest moment
 * at which the limit can be reached, and set again if something came meanwhile.
 */
export class SilenceWatch {
  /** When the silence began, by `performance.now()`; `Infinity` while nothing is waited for. */
  since = Infinity;
  readonly #limits: SilenceLimits;
  readonly #onSilence: (reason: 'connect-timeout' | 'idle') => void;
  #hasResponse = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopWake: (() => void) | undefined;

  constructor(limits: SilenceLimits, onSilence: (reason: 'connect-timeout' | 'idle') => void) {
    this.#limits = limits;
    this.#onSilence = onSilence;
  }

  /** The request goes out. */
  request(): void {
    this.since = performance.now();
    this.#hasResponse = false;
    this.#check();
  }

  /** The response is here. */
  response(): void {
    this.since = Infinity;
    this.#hasResponse = true;
    this.#check();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#stopWake?.();
    this.#stopWake = undefined;
  }

  readonly #check = (): void => {
    clearTimeout(this.#timer);
    const { connectTimeout, idleTimeout, isUnref } = this.#limits;
    const isConnecting = !this.#hasResponse && connectTimeout > 0;
    const limit = isConnecting ? connectTimeout : idleTimeout;
    if (limit <= 0) return this.stop();
    const silence = Math.max(0, performance.now() - this.since);
    if (silence >= limit) return this.#onSilence(isConnecting ? 'connect-timeout' : 'idle');
    this.#timer = setTimeout(this.#check, Math.min(Math.ceil(limit - silence), MAX_TIMER));
    if (isUnref) unref(this.#timer);
    this.#stopWake ??= onWake((slept) => {
      this.since -= slept;
      this.#check();
    });
    return undefined;
  };
}
