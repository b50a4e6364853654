/** `EventSource.fromReadableStream()`, by the rules of the draft (whatwg/html pull request 12272). */
import { afterEach, describe, expect, it } from 'vitest';
import { EventSource } from '../src/event-source.ts';
import { EventSourceErrorEvent, EventSourceOpenEvent } from '../src/events.ts';
import { Body } from './support/body.ts';
import { fixtures } from './support/fixtures.ts';
import { turns, until } from './support/until.ts';

const sources: EventSource[] = [];
afterEach(() => {
  for (const source of sources.splice(0)) source.close();
});

function from(stream: ReadableStream<Uint8Array>, types: Iterable<string> = ['message']) {
  const source = EventSource.fromReadableStream(stream);
  sources.push(source);
  const log: unknown[] = [];
  const events: { type: string; data: string; lastEventId: string }[] = [];
  source.addEventListener('open', (event) => {
    if (event instanceof EventSourceOpenEvent) log.push(`open ${source.readyState}`);
  });
  source.addEventListener('error', (event) => {
    if (event instanceof EventSourceErrorEvent) log.push(`error ${event.reason} ${source.readyState}`);
  });
  for (const type of types) {
    source.addEventListener(type, (event: Event) => {
      if (!(event instanceof MessageEvent)) return;
      log.push(event.data);
      events.push({ type, data: event.data, lastEventId: event.lastEventId });
    });
  }
  return { source, log, events };
}

/** A body, and the source of its events. */
function connect() {
  const body = new Body();
  return { body, ...from(body.stream) };
}

describe('a source made from a stream', () => {
  it('is CONNECTING at first, with the attributes of the draft', () => {
    const { source, log } = connect();
    expect(source).toBeInstanceOf(EventSource);
    expect(source.readyState).toBe(source.CONNECTING);
    expect(source.url).toBe('about:event-stream');
    expect(source.withCredentials).toBe(false);
    expect(source.lastEventId).toBe('');
    expect(source.reconnectionTime).toBeGreaterThan(0);
    expect(log).toEqual([]);
  });

  it('opens, even before there is a byte', async () => {
    const { log } = connect();
    await until(() => log.length > 0);
    expect(log).toEqual(['open 1']);
  });

  it('dispatches what is complete, then one error, and is CLOSED when the stream ends', async () => {
    const { body, log, source } = connect();
    let origin: string | undefined;
    source.onmessage = (event) => (origin = event.origin);
    body.send('data: a\n\ndata: b\n\ndata: unfinished').end();
    await until(() => source.readyState === source.CLOSED);
    await turns();
    expect(log).toEqual(['open 1', 'a', 'b', 'error end-of-body 2']);
    expect(origin).toBe('null');
  });

  it('dispatches what is complete, then one error, and is CLOSED when the stream fails', async () => {
    const { body, log, source } = connect();
    body.send('data: a\n\n');
    await until(() => log.length === 2);
    body.break(new Error('broken'));
    await until(() => source.readyState === source.CLOSED);
    await turns();
    expect(log).toEqual(['open 1', 'a', 'error network 2']);
  });

  it('never reconnects, and says so', async () => {
    const { body, source } = connect();
    const errors: EventSourceErrorEvent[] = [];
    source.onerror = (event) => event instanceof EventSourceErrorEvent && errors.push(event);
    const message = 'everysource: this source connects only once';
    expect(() => source.reconnect()).toThrow(expect.objectContaining({ name: 'InvalidStateError', message }));
    body.end();
    await until(() => errors.length > 0);
    expect(errors[0]).toMatchObject({
      reconnecting: false,
      delay: undefined,
      message: 'The stream ended (about:)',
    });
  });

  it('cancels the stream on close(), and fires nothing any more', async () => {
    const { body, log, source } = connect();
    body.send('data: a\n\ndata: b\n\n');
    source.onmessage = () => source.close();
    await until(() => body.isCancelled);
    await turns();
    expect(log).toEqual(['open 1', 'a']);
  });

  it('cancels the stream on a close() before it opened', async () => {
    const { body, log, source } = connect();
    source.close();
    await until(() => body.isCancelled);
    expect(log).toEqual([]);
  });

  it('needs a stream that nobody reads, or throws a TypeError at once', () => {
    const { stream } = new Body();
    stream.getReader();
    for (const bad of [stream, undefined, null, {}, 'text']) {
      expect(() => EventSource.fromReadableStream(bad as never)).toThrow(TypeError);
    }
  });

  it('locks its stream', () => {
    const { body } = connect();
    expect(body.stream.locked).toBe(true);
  });

  it('needs bytes', async () => {
    const { body, log } = connect();
    body.sendRaw('data: a\n\n');
    await until(() => log.length === 2);
    expect(log).toEqual(['open 1', 'error unsupported 2']);
  });

  it.each(fixtures.filter(({ expected }) => expected.events.length > 0))(
    'gives what is expected of $name',
    async ({ bytes, expected }) => {
      const body = new Body();
      const { events, source } = from(body.stream, new Set(expected.events.map(({ type }) => type)));
      for (let at = 0; at < bytes.length; at += 3) body.sendRaw(bytes.subarray(at, at + 3));
      body.end();
      await until(() => source.readyState === source.CLOSED, 10_000);
      expect(events).toEqual(expected.events);
      expect(source.lastEventId).toBe(expected.lastEventId);
      expect(source.reconnectionTime).toBe(expected.reconnectionTimes.at(-1) ?? 3000);
    },
  );
});

describe('reset()', () => {
  const bom = '\uFEFF';

  it.each([
    ['a partial line', 'data: par'],
    ['pending data and an event type', 'event: other\ndata: pending\n'],
    ['an id that was not dispatched', 'id: lost\n'],
    ['a pending CR', 'data: x\r'],
  ])('discards %s', async (_, rest) => {
    const { body, log, source } = connect();
    body.send(`id: 1\ndata: a\n\n${rest}`);
    await until(() => log.length === 2);
    await turns();
    source.reset();
    body.send('\ndata: b\n\n');
    await until(() => log.length === 3);
    expect(log).toEqual(['open 1', 'a', 'b']);
    expect(source.lastEventId).toBe('1');
  });

  it('discards the remainder of a character, and drops a leading BOM again', async () => {
    const { body, log, source } = connect();
    body.sendRaw(Uint8Array.of(...new TextEncoder().encode('data: a\n\ndata: '), 0xe2, 0x98));
    await until(() => log.length === 2);
    await turns();
    source.reset();
    body.send(`${bom}data: b\n\n`);
    await until(() => log.length === 3);
    expect(log).toEqual(['open 1', 'a', 'b']);
  });

  it('keeps lastEventId and reconnectionTime over several bodies piped into one stream', async () => {
    const pipe = new TransformStream<Uint8Array, Uint8Array>();
    const { log, source, events } = from(pipe.readable);
    await new Response(`${bom}retry: 40\nid: 1\ndata: a\n\ndata: cut`).body!.pipeTo(pipe.writable, {
      preventClose: true,
    });
    await until(() => log.length === 2);
    await turns();
    source.reset();
    await new Response(`${bom}data: b\n\nid: 2\n\n`).body!.pipeTo(pipe.writable, { preventClose: true });
    await until(() => source.lastEventId === '2');
    expect(events).toEqual([
      { type: 'message', data: 'a', lastEventId: '1' },
      { type: 'message', data: 'b', lastEventId: '1' },
    ]);
    expect(source.reconnectionTime).toBe(40);
    expect(source.readyState).toBe(source.OPEN);
  });

  it('in a listener keeps what is complete', async () => {
    const { body, log, source } = connect();
    source.onmessage = () => source.reset();
    body.send('id: 1\ndata: a\n\nid: 2\ndata: b\n\ndata: pending\n');
    await until(() => log.length === 3);
    await turns();
    body.send('\ndata: c\n\n');
    await until(() => log.length === 4);
    expect(log).toEqual(['open 1', 'a', 'b', 'c']);
    expect(source.lastEventId).toBe('2');
  });

  it('changes no state and fires nothing, whatever the state', async () => {
    const { body, log, source } = connect();
    source.reset();
    expect(source.readyState).toBe(source.CONNECTING);
    await until(() => log.length === 1);
    source.reset();
    expect(source.readyState).toBe(source.OPEN);
    body.end();
    await until(() => log.length === 2);
    source.reset();
    expect(source.readyState).toBe(source.CLOSED);
    await turns();
    expect(log).toEqual(['open 1', 'error end-of-body 2']);
  });

  it('does nothing on a source that fetches', async () => {
    const body = new Body();
    const headers = { 'content-type': 'text/event-stream' };
    const source = new EventSource('http://a/', {
      fetch: async () => new Response(body.stream, { headers }),
    });
    sources.push(source);
    const data: string[] = [];
    source.onmessage = (event) => data.push(event.data);
    await until(() => source.readyState === source.OPEN);
    body.send('data: a\n');
    await turns();
    source.reset();
    body.send('\n');
    await until(() => data.length === 1);
    expect(data).toEqual(['a']);
  });
});
