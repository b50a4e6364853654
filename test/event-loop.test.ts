import { afterEach, describe, expect, it, vi } from 'vitest';
import { nextTask, taskSource } from '../src/event-loop.ts';

const scope = (parts: object) => parts as typeof globalThis;

/** Whether a promise job that is queued before the task runs before it, however long the chain. */
async function runsAfterPromiseJobs(task: () => Promise<void>): Promise<boolean> {
  let jobs = 0;
  const chain = async () => {
    for (; jobs < 50; jobs++) await undefined;
  };
  const after = task().then(() => jobs);
  void chain();
  return (await after) === 50;
}

describe('the next task', () => {
  afterEach(() => vi.useRealTimers());

  it.each<[string, typeof globalThis]>([
    ['setImmediate', scope({ setImmediate })],
    [
      'scheduler.yield',
      scope({ scheduler: { yield: () => new Promise((resolve) => setImmediate(resolve)) } }),
    ],
    ['MessageChannel', scope({ MessageChannel })],
    ['setTimeout', scope({ setTimeout })],
  ])('comes after all promise jobs with %s', async (_, runtime) => {
    expect(await runsAfterPromiseJobs(taskSource(runtime))).toBe(true);
  });

  it('keeps the order of those who wait', async () => {
    const task = taskSource(scope({ MessageChannel }));
    const order: number[] = [];
    await Promise.all([1, 2, 3].map((number) => task().then(() => order.push(number))));
    expect(order).toEqual([1, 2, 3]);
  });

  it('makes no message channel before it is needed', () => {
    const Channel = vi.fn();
    taskSource(scope({ MessageChannel: Channel }));
    expect(Channel).not.toHaveBeenCalled();
  });

  it('makes one channel for all', async () => {
    const Channel = vi.fn(function channel() {
      return new MessageChannel();
    });
    const task = taskSource(scope({ MessageChannel: Channel }));
    await task();
    await task();
    expect(Channel).toHaveBeenCalledOnce();
  });

  it("is not stopped by somebody's fake timers", async () => {
    vi.useFakeTimers({ toFake: ['setImmediate', 'setTimeout', 'queueMicrotask'] });
    expect(await nextTask()).toBeUndefined();
  });
});
