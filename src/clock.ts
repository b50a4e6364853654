/** What waits: before an attempt, for an attempt that is silent, for an answer. Timers live here, but for the tick of `wake.ts`. */
import { MAX_TIMER, type Wait } from './reconnection.ts';
import { isOffline, onWake, unref } from './wake.ts';

/**
 * What a promise gives, if it does so in time; rejects after that. The timer runs out in any case.
 *
 * @param limit - milliseconds
 * @returns rejects after that, without a reason
 */
export function within<Value>(limit: number, promise: Promise<Value>): Promise<Value> {
  const late = new Promise<never>((_, reject) => unref(setTimeout(reject, limit)));
  return Promise.race([promise, late]);
}

/** A timer that can be set again, and what may end it earlier. */
interface Alarm {
  /** When the time began that is counted, by `performance.now()`; the sleep of the machine counts too. */
  since: number;
  /** In so many milliseconds, as far as a timer can hold them. Where nothing can end it earlier, nothing listens. */
  set(time: number, canWake?: boolean): void;
  stop(): void;
}

function alarm(isUnref: boolean, onElapsed: () => void, onWoken: () => void): Alarm {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopWake: (() => void) | undefined;
  const self: Alarm = {
    since: performance.now(),
    set(time, canWake = true) {
      clearTimeout(timer);
      timer = setTimeout(onElapsed, Math.min(Math.ceil(time), MAX_TIMER));
      if (isUnref) unref(timer);
      if (canWake) {
        stopWake ??= onWake((slept) => {
          self.since -= slept;
          onWoken();
        });
      }
    },
    stop() {
      clearTimeout(timer);
      stopWake?.();
      stopWake = undefined;
    },
  };
  return self;
}

/** How a wait goes on. */
export interface WaitOptions {
  /** For how long the network is waited for when the wait is over. Milliseconds. */
  readonly maxDelay: number;
  /** Whether a process may end meanwhile. */
  readonly unref: boolean;
}

/**
 * Waits, and calls back once: after the delay, or after its floor if the world wakes up before, and not while there is no network.
 *
 * @param hostname - where the network is needed
 * @returns stops it
 */
export function wait(
  { delay, floor }: Wait,
  options: WaitOptions,
  hostname: string,
  onElapsed: () => void,
): () => void {
  let isPatient = true; // it has not waited for the network yet
  const elapse = (): void => {
    // D1: a wait that is over goes on while there is no network.
    if (isPatient && isOffline(hostname)) {
      isPatient = false;
      return pause.set(options.maxDelay);
    }
    pause.stop();
    return onElapsed();
  };
  const pause = alarm(options.unref, elapse, () => {
    if (!isOffline(hostname)) pause.set(Math.max(0, floor - (performance.now() - pause.since)));
  });
  pause.set(delay, delay > floor);
  return pause.stop;
}

/** For how long an attempt may be silent. Milliseconds, 0 is for ever. */
export interface SilenceLimits {
  readonly connectTimeout: number;
  readonly idleTimeout: number;
  readonly unref: boolean;
}

/** The watch over one attempt. */
export interface SilenceWatch {
  /** When the silence began, by `performance.now()`; `Infinity` while nothing is waited for. */
  since: number;
  /** The request goes out. */
  request(): void;
  /** The response is here. */
  response(): void;
  stop(): void;
}

/** One for all attempts without a limit. */
const unlimited: SilenceWatch = { since: 0, request() {}, response() {}, stop() {} };

/**
 * Watches one attempt for silence. There is at most one timer, whatever the traffic: it is set for the earliest moment
 * at which the limit can be reached, and set again if something came meanwhile.
 */
export function watchSilence(
  { connectTimeout, idleTimeout, unref: isUnref }: SilenceLimits,
  onSilence: (reason: 'connect-timeout' | 'idle') => void,
): SilenceWatch {
  let limit = connectTimeout || idleTimeout;
  if (limit === 0) return unlimited;
  let reason: 'connect-timeout' | 'idle' = connectTimeout > 0 ? 'connect-timeout' : 'idle';
  const check = (): void => {
    const rest = limit - Math.max(0, performance.now() - watch.since);
    if (rest > 0) watch.set(rest);
    else onSilence(reason);
  };
  const watch = Object.assign(alarm(isUnref, check, check), {
    request() {
      watch.since = performance.now();
      check();
    },
    response() {
      watch.since = Infinity;
      limit = idleTimeout;
      reason = 'idle';
      if (limit > 0) check();
      else watch.stop();
    },
  });
  return watch;
}
