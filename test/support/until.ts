import { nextTask } from '../../src/event-loop.ts';

/** Lets turns of the event loop pass until the condition holds; for what needs no socket. Works beside fake timers. */
export async function until(condition: () => boolean, limit = 1000): Promise<void> {
  for (let turn = 0; turn < limit; turn++) {
    if (condition()) return;
    await nextTask();
  }
  throw new Error(`still not so after ${limit} turns of the event loop: ${condition}`);
}

/** Lets a number of turns pass, so that whatever is going to happen without a timer or a socket has happened. */
export async function turns(count = 20): Promise<void> {
  for (let turn = 0; turn < count; turn++) await nextTask();
}
