/** What tells that the world has changed while something waits: the network is back, the page is seen, the machine has slept. */

/** How often the clock is looked at. Milliseconds. */
const TICK = 5000;

/** A tick that comes this much later by the calendar than by its timer means that the machine has slept. Milliseconds. */
const JUMP = 5000;

type Scope = Partial<Pick<typeof globalThis, 'addEventListener' | 'removeEventListener' | 'document'>>;

/**
 * Calls back whenever waiting on may be pointless. Listens only until it is stopped.
 *
 * @param callback - told for how long the machine has slept, in milliseconds that `performance.now()` may not have counted
 * @returns stops it
 */
export function onWake(callback: (slept: number) => void, scope: Scope = globalThis): () => void {
  const { document } = scope;
  const onOnline = (): void => callback(0);
  const onShow = (event: Event): void => {
    if ((event as PageTransitionEvent).persisted) callback(0);
  };
  const onVisibility = (): void => {
    if (document?.visibilityState === 'visible') callback(0);
  };
  scope.addEventListener?.('online', onOnline);
  scope.addEventListener?.('pageshow', onShow);
  document?.addEventListener?.('visibilitychange', onVisibility);
  const stopClock = onClockJump(callback);
  return () => {
    scope.removeEventListener?.('online', onOnline);
    scope.removeEventListener?.('pageshow', onShow);
    document?.removeEventListener?.('visibilitychange', onVisibility);
    stopClock();
  };
}

/** Timers stand still while a machine sleeps, and so does `performance.now()` in some runtimes; the calendar does not. */
function onClockJump(callback: (slept: number) => void): () => void {
  let before = { calendar: Date.now(), clock: performance.now() };
  const timer: unknown = setInterval(() => {
    const now = { calendar: Date.now(), clock: performance.now() };
    const isLate = now.calendar - before.calendar > TICK + JUMP;
    const uncounted = now.calendar - before.calendar - (now.clock - before.clock);
    before = now;
    if (isLate) callback(Math.max(0, uncounted));
  }, TICK);
  unref(timer);
  return () => clearInterval(timer as number);
}

/** Lets a Node, Deno or Bun process end although the timer is still set. */
export function unref(timer: unknown): void {
  if (typeof timer === 'object' && timer !== null) (timer as { unref?: () => void }).unref?.();
  else (globalThis as { Deno?: { unrefTimer?: (id: unknown) => void } }).Deno?.unrefTimer?.(timer);
}

/** Whether the browser knows that it has no network. It says nothing about servers on this machine. */
export function isOffline(hostname: string): boolean {
  if (globalThis.navigator?.onLine !== false) return false;
  return !/^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}
