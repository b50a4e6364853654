import { describe, expect, it, vi } from 'vitest';
import { EventSourceError, eventStream, type EventStreamInit } from '../src/stream.ts';
import { Body } from './support/body.ts';
import { fixtures } from './support/fixtures.ts';
import { all, connect, event, failure, headers, response, url } from './support/stream.ts';
import { turns, until } from './support/until.ts';

describe('a stream of a url', () => {
  it('requests nothing until the first event is asked for', async () => {
    const { stream, fetch } = connect();
    await turns();
    expect(fetch).not.toHaveBeenCalled();
    void stream.next();
    expect(fetch).toHaveBeenCalledTimes(1);
    await stream.return();
  });

  it('yields every event, whatever its name, with id and origin', async () => {
    const { stream, bodies } = connect();
    const first = stream.next();
    await until(() => bodies.length > 0);
    bodies[0]!.send('id: 1\ndata: a\n\nevent: error\ndata: b\n\n', 'event: open\nid\ndata: c\n\n');
    expect(await first).toEqual({ done: false, value: event('a', { lastEventId: '1' }) });
    expect((await stream.next()).value).toEqual(event('b', { type: 'error', lastEventId: '1' }));
    expect((await stream.next()).value).toEqual(event('c', { type: 'open' }));
    await stream.return();
  });

  it('reconnects and resumes, without telling', async () => {
    const { stream, bodies, fetch } = connect();
    const list: unknown[] = [];
    const reading = (async () => {
      for await (const { data } of stream) {
        list.push(data);
        if (data === 'b') break;
      }
    })();
    await until(() => bodies.length > 0);
    bodies[0]!.send('retry: 0\nid: 7\ndata: a\n\n');
    await until(() => list.length > 0);
    bodies[0]!.break(new TypeError('cut'));
    await vi.waitUntil(() => bodies.length > 1);
    bodies[1]!.send('data: b\n\n');
    await reading;
    expect(list).toEqual(['a', 'b']);
    expect(fetch.mock.calls[1]![1].headers).toMatchObject({ 'Last-Event-ID': '7' });
  });

  it('ends quietly with the body where there is no other attempt', async () => {
    for (const init of [
      { method: 'POST' },
      { reconnection: false },
      { reconnection: { afterEnd: false } },
    ] as const) {
      const { stream, bodies } = connect(init);
      const list = all(stream);
      await until(() => bodies.length > 0);
      bodies[0]!.send('data: a\n\ndata: unfinished').end();
      expect(await list).toEqual([event('a')]);
      expect(await stream.next()).toEqual({ done: true, value: undefined });
    }
  });
});

describe('a response', () => {
  it('is judged like one that was fetched', async () => {
    const refused = await failure(eventStream(new Response('no', { status: 401, headers })));
    expect(refused).toBeInstanceOf(EventSourceError);
    expect(refused).toMatchObject({ reason: 'status', status: 401, code: 401, reconnecting: false });
    expect((await failure(eventStream(new Response('{}'))))?.reason).toBe('content-type');
  });

  it('ends with its body', async () => {
    expect(await all(eventStream(response('data: a\n\ndata: b\n\ndata: c')))).toEqual([
      event('a', { origin: 'null' }),
      event('b', { origin: 'null' }),
    ]);
    expect(await all(eventStream(new Response(null, { headers })))).toEqual([]);
  });

  it('whose body somebody reads is refused with a reason', async () => {
    const used = response('data: a\n\n');
    used.body!.getReader();
    expect((await failure(eventStream(used)))?.reason).toBe('unsupported');
  });

  it('of which somebody has read a part is refused, since the part would be missing', async () => {
    const used = response('data: a\n\n');
    const reader = used.body!.getReader();
    await reader.read();
    reader.releaseLock();
    Object.defineProperty(used, 'bodyUsed', { value: true }); // happy-dom does not tell
    expect(await failure(eventStream(used))).toMatchObject({ reason: 'unsupported' });
  });

  it('goes on with a last event ID that is given', async () => {
    const [first] = await all(eventStream(response('data: a\n\n'), { lastEventId: '7' }));
    expect(first?.lastEventId).toBe('7');
  });
});

describe('a stream of bytes', () => {
  it.each(fixtures)('gives what it means: $name', async ({ bytes, expected }) => {
    const stream = new ReadableStream({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    const events = await all(eventStream(stream));
    expect(events).toEqual(expected.events.map((expectedEvent) => ({ ...expectedEvent, origin: 'null' })));
  });

  it('is locked at once, and a second reader is refused', () => {
    const { stream } = new Body();
    eventStream(stream);
    expect(() => eventStream(stream)).toThrow(TypeError);
  });

  it('is cancelled when nobody ever asks for an event', async () => {
    const body = new Body();
    await eventStream(body.stream).return();
    await until(() => body.isCancelled);
    expect(body.isCancelled).toBe(true);
  });

  it('that breaks throws, after what came before', async () => {
    const body = new Body();
    const list: string[] = [];
    const reading = (async () => {
      for await (const { data } of eventStream(body.stream)) list.push(data);
    })();
    body.send('data: a\n\n');
    await until(() => list.length > 0);
    body.break(new TypeError('cut'));
    await expect(reading).rejects.toMatchObject({ reason: 'network', error: new TypeError('cut') });
    expect(list).toEqual(['a']);
  });

  it('that is silent for longer than idleTimeout throws', async () => {
    const error = await failure(eventStream(new Body().stream, { idleTimeout: 5 }));
    expect(error).toMatchObject({ reason: 'idle' });
    expect(error?.message).toMatch(/\(about:\)$/);
  });
});

describe('an invalid argument throws at once:', () => {
  it.each([
    ['parse', { parse: 'xml' }, '"json" or a function of the data'],
    ['until', { until: 3 }, 'a string or a function of the data'],
    ['idleTimeout', { idleTimeout: -1 }, 'a number of milliseconds, 0 or more'],
  ])('%s', (name, init, expected) => {
    const message = `everysource: the option "${name}" has to be ${expected}`;
    expect(() => eventStream(url, init as EventStreamInit as object)).toThrow(new TypeError(message));
  });

  it.each([
    'withCredentials',
    'headers',
    'method',
    'body',
    'fetch',
    'lastEventIdParameter',
    'reconnectionTime',
    'reconnection',
    'connectTimeout',
    'redirect',
  ])('%s beside a response', (name) => {
    const valid = { method: 'POST', body: 'a', redirect: 'error', reconnection: {}, fetch, headers: {} };
    const value =
      { ...valid, reconnectionTime: 1, connectTimeout: 1, lastEventIdParameter: 'a' }[name] ?? true;
    const init = (name === 'body' ? { body: value, method: 'POST' } : { [name]: value }) as EventStreamInit;
    expect(() => eventStream(response(''), init)).toThrow(/has to be left out with a response/);
    expect(() => eventStream(new Body().stream, init)).toThrow(TypeError);
  });

  it.each([[undefined], [null], [{}], [3], [[]]])('%j as a source', (source) => {
    expect(() => eventStream(source as unknown as string)).toThrow(/expected a url, a Response, or/);
  });

  it('a url that cannot be parsed, and options that are none', () => {
    expect(() => eventStream('http://')).toThrow(expect.objectContaining({ name: 'SyntaxError' }));
    expect(() => eventStream(url, 'x' as unknown as object)).toThrow(/expected an object of options/);
    expect(() => eventStream(new URL(url), null as unknown as object)).not.toThrow();
  });
});
