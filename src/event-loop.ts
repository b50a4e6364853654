/** The one place that knows how to let a full turn of the event loop pass. */

interface Scheduler {
  yield?: () => Promise<void>;
}

/** Chooses once how to reach the next task; exported so that a test can offer other runtimes. */
export function taskSource(scope: typeof globalThis): () => Promise<void> {
  // Fastest first: 1 to 2.5 µs, then 7 to 15 µs. Timers come last, since browsers clamp and throttle them. Each is
  // looked at only when it is needed: some are getters, and an import must change no global.
  const { setImmediate } = scope;
  if (setImmediate) return () => new Promise((resolve) => setImmediate(resolve));
  const { scheduler } = scope as { scheduler?: Scheduler };
  if (scheduler?.yield) return () => scheduler.yield!();
  const schedule = scope.MessageChannel ? messageTask(scope.MessageChannel) : scope.setTimeout;
  return () => new Promise((resolve) => schedule(resolve));
}

function messageTask(Channel: typeof MessageChannel): (callback: () => void) => void {
  const waiting: (() => void)[] = [];
  let channel: MessageChannel | undefined;
  return (callback) => {
    // Made at the first need: an import must leave nothing behind.
    if (channel === undefined) {
      channel = new Channel();
      channel.port1.onmessage = () => waiting.shift()?.();
    }
    waiting.push(callback);
    channel.port2.postMessage(undefined);
  };
}

/**
 * Resolves in a later task, after every promise job that is queued now.
 *
 * Captured when the module loads, so that somebody's fake timers cannot stop a stream.
 */
export const nextTask: () => Promise<void> = taskSource(globalThis);
