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
  const listener = ({ type, persisted }: Event & { persisted?: boolean }): void => {
    const isWoken =
      type === 'visibilitychange' ? document?.visibilityState === 'visible' : persisted !== false;
    if (isWoken) callback(0);
  };
  const forEach = (method: 'addEventListener' | 'removeEventListener'): void => {
    scope[method]?.('online', listener);
    scope[method]?.('pageshow', listener);
    document?.[method]?.('visibilitychange', listener);
  };
  forEach('addEventListener');
  // Timers stand still while a machine sleeps, and so does `performance.now()` in some runtimes; the calendar does not.
  let calendar = Date.now();
  let clock = performance.now();
  const timer = setInterval(() => {
    const passed = Date.now() - calendar;
    const counted = performance.now() - clock;
    calendar += passed;
    clock += counted;
    if (passed > TICK + JUMP) callback(Math.max(0, passed - counted));
  }, TICK);
  unref(timer);
  return () => {
    forEach('removeEventListener');
    clearInterval(timer);
  };
}

/** Lets a Node, Deno or Bun process end although the timer is still set. */
export function unref(timer: { unref?: () => void } | number): void {
  if ((timer as NodeJS.Timeout).unref) (timer as NodeJS.Timeout).unref();
  else (globalThis as { Deno?: { unrefTimer?: (id: unknown) => void } }).Deno?.unrefTimer?.(timer);
}

/** Whether the browser knows that it has no network. It says nothing about servers on this machine. */
export function isOffline(hostname: string): boolean {
  if (globalThis.navigator?.onLine !== false) return false;
  return !/^((.*\.)?localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}
