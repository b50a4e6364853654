/** Each event is a task of its own, wherever a listener can see it (D7). Other clients show one of many. */
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { EventSource } from '../src/event-source.ts';
import { connect } from './support/source.ts';
import { turns, until } from './support/until.ts';

/** 300 events in one chunk: what a listener that waits for "the next event" sees of them. */
describe('300 events in one chunk', () => {
  const chunk = Array.from({ length: 300 }, (_, index) => `data: ${index}\n\n`).join('');
  const all = Array.from({ length: 300 }, (_, index) => `${index}`);

  async function sees(follow: (source: EventSource, seen: (data: string) => void) => void) {
    const { source, body } = connect();
    const seen: string[] = [];
    follow(source, (data) => seen.push(data));
    body.send(chunk);
    await until(() => seen.length === 300, 3000);
    source.close();
    return seen;
  }

  const next = (source: EventSource) =>
    new Promise<MessageEvent<string>>((resolve) =>
      source.addEventListener('message', resolve, { once: true }),
    );

  it('are all seen by a loop that awaits a promise with { once: true }', async () => {
    const seen = await sees(async (source, see) => {
      while (source.readyState < 2) see((await next(source)).data);
    });
    expect(seen).toEqual(all);
  });

  it("are all seen by a loop over Node's events.once", async () => {
    const seen = await sees(async (source, see) => {
      while (source.readyState < 2) {
        const [event] = (await once(source, 'message')) as [MessageEvent<string>];
        see(event.data);
      }
    });
    expect(seen).toEqual(all);
  });

  it('are all seen by a loop with promises between the events', async () => {
    const seen = await sees(async (source, see) => {
      while (source.readyState < 2) {
        const { data } = await next(source);
        for (let hop = 0; hop < 10; hop++) await Promise.resolve();
        see(data);
      }
    });
    expect(seen).toEqual(all);
  });

  it('are all seen by a chain of promises', async () => {
    const seen = await sees((source, see) => {
      const follow = (): Promise<unknown> =>
        next(source).then(({ data }) => {
          see(data);
          return follow();
        });
      void follow();
    });
    expect(seen).toEqual(all);
  });

  it('are all seen by a loop that sets onmessage anew', async () => {
    const seen = await sees(async (source, see) => {
      while (source.readyState < 2) {
        see(await new Promise<string>((resolve) => (source.onmessage = ({ data }) => resolve(data))));
      }
    });
    expect(seen).toEqual(all);
  });

  it('are all seen by a loop that removes its listener after the await', async () => {
    const seen = await sees(async (source, see) => {
      while (source.readyState < 2) {
        let listener!: (event: MessageEvent<string>) => void;
        const promise = new Promise<string>((resolve) => (listener = ({ data }) => resolve(data)));
        source.addEventListener('message', listener);
        const data = await promise;
        source.removeEventListener('message', listener);
        see(data);
      }
    });
    expect(seen).toEqual(all);
  });

  it('are all seen by a loop that starts inside a handler of the first', async () => {
    const { source, body } = connect();
    const seen: string[] = [];
    const start = async (event: MessageEvent<string>) => {
      seen.push(event.data);
      while (source.readyState < 2) seen.push((await next(source)).data);
    };
    source.addEventListener('message', (event) => void start(event), { once: true });
    body.send(chunk);
    await until(() => seen.length === 300, 3000);
    source.close();
    expect(seen).toEqual(all);
  });

  it('are all seen by listeners that each add the next one', async () => {
    const seen = await sees((source, see) => {
      const add = (): void =>
        source.addEventListener(
          'message',
          ({ data }) => {
            see(data);
            add();
          },
          { once: true },
        );
      add();
    });
    expect(seen).toEqual(all);
  });

  it('stop at a close() in a promise job of the first event', async () => {
    const { source, body } = connect();
    const seen: string[] = [];
    source.onmessage = ({ data }) => {
      seen.push(data);
      void Promise.resolve().then(() => source.close());
    };
    body.send(chunk);
    await until(() => source.readyState === 2);
    await turns();
    expect(seen).toEqual(['0']);
  });

  it('are all seen from the one after which a listener was removed, by one that a promise job adds', async () => {
    const { source, body } = connect();
    const seen: string[] = [];
    const late: string[] = [];
    const first = () => {};
    source.addEventListener('message', first);
    source.addEventListener('message', async ({ data }) => {
      seen.push(data);
      if (data !== '99') return;
      source.removeEventListener('message', first);
      await undefined;
      source.addEventListener('message', (event) => event.data === '100' && late.push(event.data));
    });
    // The first event after a change is a task of its own in any case.
    body.send('data: first\n\n');
    await until(() => seen.length === 1);
    await turns();
    body.send(chunk);
    await until(() => seen.length === 301);
    source.close();
    expect(seen).toEqual(['first', ...all]);
    expect(late).toEqual(['100']);
  });

  it('cost a stream with persistent listeners one turn of the event loop, not 300', async () => {
    const { source, body } = connect();
    let seen = 0;
    let turnsTaken = 0;
    source.addEventListener('message', () => seen++);
    await until(() => source.readyState === 1);
    await turns();
    body.send(chunk);
    while (seen < 300) {
      await turns(1);
      turnsTaken++;
    }
    expect(turnsTaken).toBeLessThan(10);
    source.close();
  });
});
