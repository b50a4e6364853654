import { describe, expect, it, vi } from 'vitest';
import { eventStream } from '../src/stream.ts';
import { Body } from './support/body.ts';
import { all, connect, event, response, url } from './support/stream.ts';
import { turns, until } from './support/until.ts';

describe('the end', () => {
  it('by break aborts the request and cancels the body at once, in the middle of a chunk', async () => {
    const { stream, bodies, signals } = connect();
    const loop = (async () => {
      for await (const { data } of stream) if (data === 'a') break;
      return [signals[0]!.aborted, bodies[0]!.isCancelled];
    })();
    await until(() => bodies.length > 0);
    bodies[0]!.send('data: a\n\ndata: b\n\n');
    expect(await loop).toEqual([true, true]);
    // What is left of the chunk belongs to nobody, however it is asked for.
    expect(await stream.batches().next()).toEqual({ done: true, value: undefined });
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  it('by return() tells those who wait that it is done', async () => {
    const { stream, bodies, signals } = connect();
    const waiting = [stream.next(), stream.next(), stream.batches().next()];
    await until(() => bodies.length > 0);
    expect(await stream.return()).toEqual({ done: true, value: undefined });
    expect(await Promise.all(waiting)).toEqual(waiting.map(() => ({ done: true, value: undefined })));
    expect(signals[0]!.aborted).toBe(true);
  });

  it('by a parse function takes its own event along', async () => {
    const stream = eventStream(response('data: 1\n\ndata: 2\n\ndata: 3\n\n'), {
      parse(data) {
        if (data === '2') void stream.return();
        return data;
      },
    });
    expect(await all(stream)).toEqual([event('1', { origin: 'null' })]);
  });

  it('by return() is quiet, even after a failure that nobody has met', async () => {
    const controller = new AbortController();
    const stream = eventStream(response('data: a\n\ndata: b\n\n'), { signal: controller.signal });
    await stream.next();
    controller.abort();
    await stream.return();
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  it('by an error that is thrown into a delegating generator throws that error, and closes', async () => {
    const { stream, bodies, signals } = connect();
    const generator = (async function* () {
      yield* stream;
    })();
    const first = generator.next();
    await until(() => bodies.length > 0);
    bodies[0]!.send('data: a\n\n');
    await first;
    const mine = new Error('mine');
    await expect(generator.throw(mine)).rejects.toBe(mine);
    expect(signals[0]!.aborted).toBe(true);
  });

  it('by return() before the first event requests nothing, now or later', async () => {
    const { stream, fetch } = connect();
    await stream.return();
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    expect(fetch).not.toHaveBeenCalled();
  });

  it('comes with the block of `await using`', async () => {
    const { stream, signals, bodies } = connect();
    {
      await using held = stream;
      void held.next();
      await until(() => bodies.length > 0);
      expect(signals[0]!.aborted).toBe(false);
    }
    expect(signals[0]!.aborted).toBe(true);
  });

  it('comes when the function given as fetch ends the stream itself', async () => {
    const aborted: boolean[] = [];
    const stream = eventStream(url, {
      fetch: (_, { signal }) => {
        void stream.return();
        void stream.next();
        void Promise.resolve().then(() => aborted.push(signal.aborted));
        return new Promise(() => {});
      },
    });
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    expect(aborted).toEqual([true]);
  });
});

describe('a signal', () => {
  it('throws its reason to who waits, once, and closes', async () => {
    const controller = new AbortController();
    const { stream, signals, bodies } = connect({ signal: controller.signal });
    const waiting = stream.next();
    await until(() => bodies.length > 0);
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    expect(signals[0]!.aborted).toBe(true);
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  it('throws its reason instead of what was not taken yet', async () => {
    const controller = new AbortController();
    const { stream, bodies } = connect({ signal: controller.signal });
    const first = stream.next();
    await until(() => bodies.length > 0);
    bodies[0]!.send('data: a\n\ndata: b\n\n');
    await first;
    controller.abort();
    await expect(stream.next()).rejects.toBe(controller.signal.reason);
  });

  it('that is aborted already throws its reason and requests nothing', async () => {
    const { stream, fetch } = connect({ signal: AbortSignal.abort('gone') });
    await expect(stream.next()).rejects.toBe('gone');
    expect(fetch).not.toHaveBeenCalled();
    const body = new Body();
    const given = eventStream(body.stream, { signal: AbortSignal.abort('gone') });
    await expect(given.next()).rejects.toBe('gone');
    await until(() => body.isCancelled);
  });

  it('cancels a stream that was given, even before the first event is asked for', async () => {
    const controller = new AbortController();
    const body = new Body();
    const stream = eventStream(body.stream, { signal: controller.signal });
    controller.abort('gone');
    await until(() => body.isCancelled);
    await expect(stream.next()).rejects.toBe('gone');
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  it('is let go of at the end', async () => {
    const { signal } = new AbortController();
    const remove = vi.spyOn(signal, 'removeEventListener');
    const add = vi.spyOn(signal, 'addEventListener');
    const { stream } = connect({ signal });
    expect(add).not.toHaveBeenCalled();
    void stream.next();
    await stream.return();
    await stream.next();
    expect(add).toHaveBeenCalledTimes(1);
    expect(remove.mock.calls).toEqual([add.mock.calls[0]!.slice(0, 2)]);
  });
});

describe('two failures', () => {
  it('throw the first, when a parse function aborts and throws', async () => {
    const controller = new AbortController();
    const reason = new Error('first');
    const stream = eventStream(response('data: a\n\n'), {
      signal: controller.signal,
      parse() {
        controller.abort(reason);
        throw new Error('second');
      },
    });
    await expect(stream.next()).rejects.toBe(reason);
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });
});

describe('backpressure', () => {
  /** A stream that counts how many of its chunks were asked for, two events each. */
  function counted() {
    let pulled = 0;
    const stream = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          pulled++;
          controller.enqueue(new TextEncoder().encode('data: a\n\ndata: b\n\n'));
        },
      },
      { highWaterMark: 0 },
    );
    return { stream, pulled: () => pulled };
  }

  it('reads nothing while nobody waits', async () => {
    const { stream, pulled } = counted();
    const events = eventStream(stream);
    await turns();
    expect(pulled()).toBe(0);
    for (const chunks of [1, 1, 2, 2, 3]) {
      await events.next();
      await turns();
      expect(pulled()).toBe(chunks);
    }
    await events.return();
  });

  it('does not take a busy consumer for a silent server', async () => {
    const { stream, bodies, fetch } = connect({ idleTimeout: 20 });
    const first = stream.next();
    await until(() => bodies.length > 0);
    bodies[0]!.send('data: a\n\n');
    await first;
    const second = new Promise((resolve) => setTimeout(resolve, 45)).then(() => stream.next());
    bodies[0]!.send('data: b\n\n');
    expect((await second).value?.data).toBe('b');
    expect(fetch).toHaveBeenCalledTimes(1);
    await stream.return();
  });

  it('answers overlapping calls in their order', async () => {
    const { stream, bodies } = connect();
    const waiting = [stream.next(), stream.next(), stream.next()];
    await until(() => bodies.length > 0);
    bodies[0]!.send('data: a\n\n', 'data: b\n\ndata: c\n\ndata: d\n\n');
    const values = (await Promise.all(waiting)).map(({ value }) => value?.data);
    expect([...values, (await stream.next()).value?.data]).toEqual(['a', 'b', 'c', 'd']);
    await stream.return();
  });

  it('answers as many calls as are made ahead, in their order, and the rest when it ends', async () => {
    const events = Array.from({ length: 20_000 }, (_, index) => `data: ${index}\n\n`);
    const stream = eventStream(response(events.join('')));
    const waiting = Array.from({ length: 20_001 }, () => stream.next());
    const answers = await Promise.all(waiting);
    expect(answers.map(({ value }) => value?.data)).toEqual([
      ...events.map((_, index) => `${index}`),
      undefined,
    ]);
    expect(answers.at(-1)).toEqual({ done: true, value: undefined });
  });

  it('lets a parse function ask for an event itself, and loses none', async () => {
    const nested: Promise<unknown>[] = [];
    const stream = eventStream(response('data: 1\n\ndata: 2\n\ndata: 3\n\ndata: 4\n\n'), {
      parse(data) {
        if (data === '1' || data === '3') nested.push(stream.next());
        return Number(data);
      },
    });
    const outer = [(await stream.next()).value?.data, (await stream.next()).value?.data];
    const inner = (await Promise.all(nested)) as IteratorResult<{ data: number }>[];
    expect([...outer, ...inner.map(({ value }) => value.data)]).toEqual([1, 3, 2, 4]);
  });
});

describe('batches', () => {
  it('give the events of each chunk that has any', async () => {
    const { stream, bodies } = connect();
    const list: unknown[][] = [];
    const reading = (async () => {
      for await (const events of stream.batches()) {
        list.push(events.map(({ data }) => data));
        if (list.length === 2) break;
      }
    })();
    await until(() => bodies.length > 0);
    bodies[0]!.send('data: a\n\ndata: b\n\n', ': comment\n\n', 'data: c\n\n');
    await reading;
    expect(list).toEqual([['a', 'b'], ['c']]);
    expect(bodies[0]!.isCancelled).toBe(true);
  });

  it('share the events with the iteration, each is taken once', async () => {
    const stream = eventStream(response('data: a\n\ndata: b\n\ndata: c\n\n'));
    expect((await stream.next()).value?.data).toBe('a');
    expect(await all(stream.batches())).toEqual([['b', 'c'].map((data) => event(data, { origin: 'null' }))]);
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  it('know parse and until, and give what came before the end', async () => {
    const stream = eventStream(response('data: 1\n\ndata: 2\n\ndata: x\n\n'), { parse: 'json' });
    const batches = stream.batches();
    expect((await batches.next()).value?.map(({ data }) => data)).toEqual([1, 2]);
    await expect(batches.next()).rejects.toMatchObject({ reason: 'parse' });
    const until2 = eventStream(response('data: 1\n\ndata: 2\n\ndata: 3\n\n'), { until: '2' });
    expect(await all(until2.batches())).toEqual([[event('1', { origin: 'null' })]]);
  });

  it('ask until and parse about no event behind the last', async () => {
    const asked: string[] = [];
    const parse = (data: string) => Number(asked.push(`parse ${data}`));
    const until3 = (data: string) => asked.push(`until ${data}`) > 2;
    const stream = eventStream(response('data: 1\n\ndata: 2\n\ndata: 3\n\n'), { parse, until: until3 });
    expect((await all(stream.batches())).map((events) => events.length)).toEqual([2]);
    expect(asked).toEqual(['until 1', 'parse 1', 'until 2', 'parse 2']);
  });
});
