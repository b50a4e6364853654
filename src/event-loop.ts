/** The one place that knows how to let a full turn of the event loop pass. */

interface Scheduler {
  yield?: () => Promise<void>;
}

/** Chooses once how to reach the next task; exported so that a test can offer other runtimes. */
export function taskSource(scope: typeof globalThis): () => Promise<void> {
  // Fastest first: 1 to 2.5 µs, then 7 to 15 µs. Timers come last, since browsers clamp and throttle them. Each is
  // looked at only when it is needed: some are getters, and an import must change no global.
  const { setImmediate } = scope;
  if (typeof setImmediate === 'function') return () => new Promise((resolve) => setImmediate(resolve));
  const { scheduler } = scope as { scheduler?: Scheduler };
  if (typeof scheduler?.yield === 'function') return () => scheduler.yield!();
  const { MessageChannel } = scope;
  if (typeof MessageChannel === 'function') return messageTask(MessageChannel);
  const { setTimeout } = scope;
  return () => new Promise((resolve) => setTimeout(resolve, 0));
}

function messageTask(Channel: typeof MessageChannel): () => Promise<void> {
  const waiting: (() => void)[] = [];
  let channel: MessageChannel | undefined;
  return () => {
    // Made at the first need: an import must leave nothing behind.
    if (channel === undefined) {
      channel = new Channel();
      channel.port1.onmessage = () => waiting.shift()?.();
    }
    const { port2 } = channel;
    return new Promise((resolve) => {
      waiting.push(resolve);
      port2.postMessage(undefined);
    });
  };
}

/**
 * Resolves in a later task, after every promise job that is queued now.
 *
 * Captured when the module loads, so that somebody's fake timers cannot stop a stream.
 */
export const nextTask: () => Promise<void> = taskSource(globalThis);
