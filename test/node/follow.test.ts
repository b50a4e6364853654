/** The printing sink, over a real connection, with the outputs in memory. */
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Command, Show } from '../../src/command.ts';
import { follow, type Output } from '../../src/follow.ts';
import type { EventSourceInit } from '../../src/init.ts';
import { eventually } from '../support/eventually.ts';
import { eventStream, serve, type Handler } from '../support/server.ts';

/** Keeps what is written; says that it is full when told so. */
class Memory implements Output {
  readonly isTerminal = false;
  readonly isColored = false;
  text = '';
  isFull = false;
  hasWrittenNothing = false;
  #drained: (() => void)[] = [];

  write(text: string): boolean {
    this.text += text;
    this.hasWrittenNothing ||= text === '';
    return !this.isFull;
  }

  once(event: 'drain', listener: () => void): void {
    if (event === 'drain') this.#drained.push(listener);
  }

  drain(): void {
    this.isFull = false;
    for (const listener of this.#drained.splice(0)) listener();
  }
}

async function start(
  handler: Handler,
  show: Partial<Show> = {},
  init: EventSourceInit = {},
  out = new Memory(),
) {
  const { url, requests } = await serve(handler);
  const command: Command = {
    url: new URL(url),
    init: { reconnectionTime: 1, ...init },
    show: { format: 'raw', types: new Set(), count: Infinity, until: undefined, ...show },
  };
  const err = new Memory();
  const following = follow(command, out, err);
  onTestFinished(() => following.end(0, true));
  return { following, out, err, requests, place: url };
}

const send =
  (text: string): Handler =>
  (_, response) => {
    response.writeHead(200, eventStream).write(text);
  };

describe('a stream that is followed', () => {
  it('is printed, with what happens to the connection beside it, until it is ended', async () => {
    const { following, out, err, place } = await start((_, response, count) => {
      response.writeHead(200, eventStream).write(`retry: 1\nid: ${count}\ndata: event ${count}\n\n`);
      if (count === 1) response.end();
    });
    await eventually(() => out.text.includes('event 2'));
    following.end(0);
    expect(await following.status).toBe(0);
    expect(out.text).toBe('event 1\nevent 2\n');
    const [connecting, open, lost, next, again, ...rest] = err.text.split('\n');
    expect([connecting, open]).toEqual([`· connecting to ${place}`, '✔ open, status 200']);
    expect(lost).toMatch(/^· end-of-body: The stream ended/);
    expect(next).toMatch(/^ {2}next attempt in \d+ ms$/);
    expect(again).toBe(`· connecting to ${place} again, attempt 2, after event #1`);
    expect(rest).toEqual([
      '✔ open, status 200',
      expect.stringMatching(/^· 2 events, 60 B, 1 reconnect in .*events\/s$/),
      '',
    ]);
  });

  it('ends once, whatever ends it again', async () => {
    const { following, err } = await start(send('data: a\n\n'), { count: 1 });
    expect(await following.status).toBe(0);
    const { text } = err;
    following.end(1);
    expect(err.text).toBe(text);
  });

  it('ends after so many events, in the middle of a chunk', async () => {
    const { following, out } = await start(send('data: a\n\ndata: b\n\ndata: c\n\n'), { count: 2 });
    expect(await following.status).toBe(0);
    expect(out.text).toBe('a\nb\n');
  });

  it('ends at a text, which is not printed', async () => {
    const { following, out } = await start(send('data: a\n\ndata: b\n\n'), { until: 'b' });
    expect(await following.status).toBe(0);
    expect(out.text).toBe('a\n');
  });

  it('shows and counts only the events asked for, but ends at any', async () => {
    const text = 'data: 1\n\nevent: a\ndata: 2\n\nevent: b\ndata: 3\n\ndata: end\n\n';
    const { following, out, err } = await start(send(text), { types: new Set(['a', 'b']), until: 'end' });
    expect(await following.status).toBe(0);
    expect(out.text).toBe('2\n3\n');
    expect(err.text).toContain('· 2 events, ');
  });

  it('writes nothing at all where there is nothing to show', async () => {
    const { following, out } = await start(send('data: a\n\nevent: b\ndata: end\n\n'), {
      types: new Set(['b']),
      until: 'end',
    });
    await following.status;
    expect([out.text, out.hasWrittenNothing]).toEqual(['', false]);
  });

  it('tells how long it took', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());
    vi.advanceTimersByTime(5000);
    const { following, out, err } = await start(send('data: a\n\n'));
    await eventually(() => out.text !== '');
    vi.advanceTimersByTime(1500);
    following.end(0);
    expect(err.text).toContain(' in 1.5 s, 0.7 events/s');
  });

  it('fails when the connection fails', async () => {
    const { following, err } = await start((_, response) => response.writeHead(404).end());
    expect(await following.status).toBe(1);
    expect(err.text).toMatch(/✘ status: Expected status 200, got 404: check the url/);
  });

  it('ends well when the server says by 204 that it is over', async () => {
    const { following, err } = await start((_, response) => response.writeHead(204).end());
    expect(await following.status).toBe(0);
    expect(err.text).toMatch(/^· status: Expected status 200, got 204/m);
  });

  it('counts no reconnect that it did not make', async () => {
    const { following, err } = await start(
      (_, response) => response.destroy(),
      {},
      { reconnectionTime: 60_000 },
    );
    await eventually(() => err.text.includes('next attempt in'));
    following.end(0);
    expect(err.text).toContain(' 0 reconnects ');
  });

  it('ends well where the body is the last one', async () => {
    const { following, out } = await start(
      (_, response) => {
        response.writeHead(200, eventStream).end('data: a\n\n');
      },
      {},
      { method: 'POST' },
    );
    expect(await following.status).toBe(0);
    expect(out.text).toBe('a\n');
  });

  it('prints nothing more when it is ended quietly', async () => {
    const { following, out, err } = await start(send('data: a\n\n'));
    await eventually(() => out.text !== '');
    const { text } = err;
    following.end(0, true);
    expect([await following.status, err.text]).toEqual([0, text]);
  });

  it('reads no further while the output is full', async () => {
    const out = new Memory();
    out.isFull = true;
    let write: (text: string) => unknown;
    const { following } = await start(
      (_, response) => {
        response.writeHead(200, eventStream);
        write = (text) => response.write(text);
        write('data: a\n\n');
      },
      { count: 2 },
      {},
      out,
    );
    await eventually(() => out.text === 'a\n');
    write!('data: b\n\n');
    const turns = Array.from({ length: 20 }, () => () => new Promise((resolve) => setImmediate(resolve)));
    for (const turn of turns) await turn();
    expect(out.text).toBe('a\n');
    out.drain();
    await following.status;
    expect(out.text).toBe('a\nb\n');
  });

  it('takes an event stream without a body for an empty one', async () => {
    const fetch = async () => new Response(null, { headers: eventStream });
    const { following } = await start(send(''), {}, { fetch, reconnection: false });
    expect(await following.status).toBe(0);
  });
});
