import { describe, expect, it, vi } from 'vitest';
import { EventSourceError, eventStream } from '../src/stream.ts';
import { all, connect, dataOf, failure, response } from './support/stream.ts';
import { until } from './support/until.ts';

describe('parse', () => {
  it('makes JSON, or what a function makes', async () => {
    const text = 'data: {"a":\ndata: 1}\n\ndata: 2\n\n';
    expect(await dataOf(eventStream(response(text), { parse: 'json' }))).toEqual([{ a: 1 }, 2]);
    expect(await dataOf(eventStream(response(text), { parse: (data) => data.length }))).toEqual([8, 1]);
    expect(await dataOf(eventStream(response(text)))).toEqual(['{"a":\n1}', '2']);
  });

  it('ends the stream with the reason parse when it throws, after the events before', async () => {
    const { stream, bodies, signals } = connect({ parse: 'json' });
    const list: unknown[] = [];
    const reading = (async () => {
      for await (const { data } of stream) list.push(data);
    })();
    await until(() => bodies.length > 0);
    bodies[0]!.send('data: 1\n\ndata: {secret\n\ndata: 3\n\n');
    const error = await reading.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(EventSourceError);
    expect(error).toMatchObject({ reason: 'parse', reconnecting: false, attempt: 1 });
    expect((error as EventSourceError).error).toBeInstanceOf(SyntaxError);
    expect((error as Error).message).toBe(
      '"parse" failed on the data of an event: look at "error" (http://example.com/events)',
    );
    expect(list).toEqual([1]);
    expect(signals[0]!.aborted).toBe(true);
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  it('says which attempt brought it', async () => {
    const { stream, bodies } = connect({ parse: 'json' });
    const waiting = failure(stream);
    await until(() => bodies.length > 0);
    bodies[0]!.send('retry: 0\n\n').end();
    await vi.waitUntil(() => bodies.length > 1);
    bodies[1]!.send('data: x\n\n');
    expect(await waiting).toMatchObject({ reason: 'parse', attempt: 2 });
  });

  it('fails for the call that met it, when several wait', async () => {
    const { stream, bodies } = connect({ parse: 'json' });
    const waiting = [stream.next(), stream.next(), stream.next()];
    await until(() => bodies.length > 0);
    bodies[0]!.send('data: 1\n\ndata: x\n\ndata: 3\n\n');
    const ends = await Promise.allSettled(waiting);
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(ends[2]).toMatchObject({ value: { done: true } });
  });
});

describe('until', () => {
  const text = 'data: a\n\nevent: last\ndata: b\n\ndata: [DONE]\n\ndata: c\n\n';

  it('as a string ends before the event with just this data, which is not parsed', async () => {
    expect(await dataOf(eventStream(response(text), { until: '[DONE]' }))).toEqual(['a', 'b']);
    expect(await dataOf(eventStream(response(text), { until: 'DONE' }))).toHaveLength(4);
    const json = eventStream(response('data: 1\n\ndata: [DONE]\n\n'), { until: '[DONE]', parse: 'json' });
    expect(await dataOf(json)).toEqual([1]);
  });

  it('as a function of data and event ends after the event', async () => {
    const isB = (data: string) => data === 'b';
    expect(await dataOf(eventStream(response(text), { until: isB }))).toEqual(['a', 'b']);
    const isLast = (_: string, { type }: { type: string }) => type === 'last';
    expect(await dataOf(eventStream(response(text), { until: isLast }))).toEqual(['a', 'b']);
    const isNumber = eventStream(response('data: 1\n\ndata: 2\n\n'), {
      until: (data) => data === '1',
      parse: Number,
    });
    expect(await dataOf(isNumber)).toEqual([1]);
  });

  it('closes the connection', async () => {
    const { stream, bodies, signals } = connect({ until: 'b' });
    const list = all(stream);
    await until(() => bodies.length > 0);
    bodies[0]!.send('data: a\n\n', 'data: b\n\n');
    expect(await list).toHaveLength(1);
    expect(signals[0]!.aborted).toBe(true);
  });

  it('that throws ends the stream with the reason option', async () => {
    const error = await failure(
      eventStream(response(text), {
        until() {
          throw new RangeError('mine');
        },
      }),
    );
    expect(error).toMatchObject({ reason: 'option', error: new RangeError('mine') });
    expect(error?.message).toMatch(/"until" failed/);
  });
});
