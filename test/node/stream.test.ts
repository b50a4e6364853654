/** The iteration against real servers. */
import { createHook } from 'node:async_hooks';
import type { ServerResponse } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { nextTask } from '../../src/event-loop.ts';
import { EventSourceError, eventStream, type EventStreamInit } from '../../src/stream.ts';
import { eventually } from '../support/eventually.ts';
import { runModule, runNode } from '../support/run.ts';
import { eventStream as headers, serve } from '../support/server.ts';
import { dataOf, failure } from '../support/stream.ts';
import { turns } from '../support/until.ts';

/** A stream that is closed after the test. */
function follow(url: string, init: EventStreamInit & { parse?: undefined } = {}) {
  const stream = eventStream(url, { reconnectionTime: 1, ...init });
  onTestFinished(() => void stream.return());
  return stream;
}

/** A feed that stays open, and whether the response was closed. */
async function open(text: string) {
  let isClosed = false;
  const { url, requests } = await serve((_, response) => {
    response.on('close', () => (isClosed = true));
    response.writeHead(200, headers).write(text);
  });
  return { url, requests, isClosed: () => isClosed };
}

const sleep = (time: number) => new Promise((resolve) => setTimeout(resolve, time));

describe('a slow consumer', () => {
  const cuts: Record<string, (response: ServerResponse) => void> = {
    'a clean end': (response) => response.end(),
    'a close': (response) => response.destroy(),
    'a reset': ({ socket }) => socket?.resetAndDestroy(),
  };
  const kinds = Object.keys(cuts);

  /** A log of numbered events, cut 24 times at places that differ, mostly in the middle of an event. */
  function cutLog(last: number, made: string[]) {
    return serve(({ headers: { 'last-event-id': id = '0' } }, response, count) => {
      const missing = Array.from({ length: last - Number(id) }, (_, index) => {
        const number = Number(id) + index + 1;
        return `id: ${number}\ndata: event ${number} ${'.'.repeat(number % 50)}\n\n`;
      });
      response.writeHead(200, headers).write('retry: 1\n\n');
      const log = missing.join('');
      const text = count > 24 ? log : log.slice(0, 1500 + ((count * 997) % 3000));
      // Each write is a chunk of its own for the client, so that there is a queue of them.
      for (let at = 0; at < text.length; at += 333) response.write(text.slice(at, at + 333));
      if (text === log) return;
      const kind = kinds[count % kinds.length]!;
      made.push(kind);
      response.write(' ', () => setTimeout(cuts[kind]!, count, response));
    });
  }

  it('gets every event once and in order, whatever is cut', async () => {
    const last = 3000;
    const made: string[] = [];
    const { url, requests } = await cutLog(last, made);
    const seen: string[] = [];
    for await (const { data, lastEventId } of follow(url)) {
      seen.push(`${lastEventId}: ${data.split(' ')[1]}`);
      if (seen.length === last) break;
      await (seen.length % 10 === 0 ? sleep(1) : nextTask());
    }
    expect(seen).toEqual(Array.from({ length: last }, (_, index) => `${index + 1}: ${index + 1}`));
    expect(kinds.map((kind) => made.filter((name) => name === kind).length)).toEqual([8, 8, 8]);
    expect(requests).toHaveLength(25);
  });

  /** As many events as make 64 MB, which is more than any kernel keeps; each is a write, made when the socket takes it. */
  async function flood() {
    const progress = { total: 640, written: 0, isHeldUp: () => false };
    const event = Buffer.from(`data: ${'x'.repeat(100_000)}\n\n`);
    const { url } = await serve((_, response) => {
      progress.isHeldUp = () => response.writableNeedDrain;
      const write = () => {
        while (progress.written < progress.total) {
          progress.written++;
          if (!response.write(event)) return void response.once('drain', write);
        }
        response.end();
      };
      response.writeHead(200, headers);
      write();
    });
    return { url, progress };
  }

  it('fills the socket of the server, which goes on when the consumer does', async () => {
    const { url, progress } = await flood();
    const stream = follow(url, { reconnection: { afterEnd: false } });
    await stream.next();
    for (let before = -1; before !== progress.written;) {
      before = progress.written;
      await turns(2000);
      await sleep(30);
    }
    expect(progress.isHeldUp()).toBe(true);
    expect(progress.written).toBeLessThan(progress.total);
    const rest = await dataOf(stream);
    expect(progress.written).toBe(progress.total);
    expect(rest).toHaveLength(progress.total - 1);
    expect(new Set(rest).size).toBe(1);
  });
});

describe('a fast consumer', () => {
  it('pays for no promise besides those of the language', async () => {
    const count = 1000;
    let promises = 0;
    const hook = createHook({ init: (_, type) => (promises += Number(type === 'PROMISE')) });
    const promisesOf = async (events: AsyncIterable<unknown>) => {
      let taken = 0;
      promises = 0;
      hook.enable();
      for await (const _ of events) taken++;
      hook.disable();
      return { taken, promises };
    };
    let left = count;
    const next = () =>
      Promise.resolve(left-- > 0 ? { done: false, value: '' } : { done: true as const, value: undefined });
    const plain = await promisesOf({ [Symbol.asyncIterator]: () => ({ next }) });
    const ours = await promisesOf(eventStream(new Response('data: x\n\n'.repeat(count), { headers })));
    const batches = await promisesOf(
      eventStream(new Response('data: x\n\n'.repeat(count), { headers })).batches(),
    );
    expect([plain.taken, ours.taken, batches.taken]).toEqual([count, count, 1]);
    expect(plain.promises).toBeGreaterThanOrEqual(count);
    // Those of the connection, whatever the number of events.
    expect(ours.promises - plain.promises).toBeLessThan(100);
    expect(batches.promises).toBeLessThan(100);
  });
});

describe('the end of a loop', () => {
  it('by break closes the connection', async () => {
    const { url, isClosed } = await open('data: a\n\ndata: b\n\n');
    const seen: string[] = [];
    for await (const { data } of follow(url)) {
      seen.push(data);
      break;
    }
    await eventually(isClosed);
    expect(seen).toEqual(['a']);
  });

  it('by break of a loop over batches closes the connection too', async () => {
    const { url, isClosed } = await open('data: a\n\ndata: b\n\n');
    for await (const events of follow(url).batches()) {
      expect(events.length).toBeGreaterThan(0);
      break;
    }
    await eventually(isClosed);
  });

  it('by an exception of the consumer closes the connection, and the exception comes out', async () => {
    const { url, isClosed } = await open('data: a\n\n');
    const loop = async () => {
      for await (const { data } of follow(url)) throw new Error(`thrown for ${data}`);
    };
    await expect(loop()).rejects.toThrow('thrown for a');
    await eventually(isClosed);
  });

  it('by return() while no response has come ends the request', async () => {
    let isClosed = false;
    const { url, requests } = await serve((request) => {
      request.on('close', () => (isClosed = true));
    });
    const stream = follow(url);
    const waiting = stream.next();
    await eventually(() => requests.length === 1);
    await stream.return();
    expect(await waiting).toEqual({ done: true, value: undefined });
    await eventually(() => isClosed);
  });

  it('by an aborted signal closes the connection while the consumer is busy', async () => {
    const controller = new AbortController();
    const { url, isClosed } = await open('data: a\n\ndata: b\n\n');
    const stream = follow(url, { signal: controller.signal });
    await stream.next();
    controller.abort('enough');
    await eventually(isClosed);
    await expect(stream.next()).rejects.toBe('enough');
  });

  it('lets the process end by itself', async () => {
    const { url } = await open('data: a\n\ndata: b\n\n');
    const script = `import { eventStream } from 'everysource/stream';
      for await (const { data } of eventStream(process.argv[1])) { console.log(data); break; }`;
    expect(await runModule(script, url)).toEqual({ code: 0, stdout: 'a\n', stderr: '' });
  });
});

describe('a failure is thrown', () => {
  it('when the status is 401', async () => {
    const { url, requests } = await serve((_, response) => void response.writeHead(401).end('no'));
    const error = await failure(follow(url));
    expect(error).toBeInstanceOf(EventSourceError);
    expect(error).toMatchObject({ reason: 'status', status: 401, attempt: 1 });
    expect(requests).toHaveLength(1);
  });

  it('when nobody listens, if there is to be one attempt only', async () => {
    const { url, server } = await serve(() => {});
    await new Promise((resolve) => {
      server.close(resolve);
    });
    const error = await failure(follow(url, { reconnection: false }));
    expect(error).toMatchObject({ reason: 'network', attempt: 1 });
    expect(error?.message).toContain('(ECONNREFUSED)');
  });

  it('when a POST is cut in the middle, which is not sent again', async () => {
    const { url, requests } = await serve((_, response, count) => {
      if (count > 1) return void response.writeHead(204).end();
      response.writeHead(200, headers).write('retry: 0\nid: 1\ndata: a\n\ndata: ha', () => {
        setTimeout(() => response.destroy(), 5);
      });
    });
    const stream = follow(url, { method: 'POST', body: 'x' });
    expect((await stream.next()).value?.data).toBe('a');
    await expect(stream.next()).rejects.toMatchObject({ reason: 'network', attempt: 1 });
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    expect(requests).toHaveLength(1);
  });

  it('to nobody when nobody asks: the process sees no unhandled rejection', async () => {
    const { url } = await open('data: 1\n\ndata: x\n\n');
    const script = `import { eventStream } from 'everysource/stream';
      const url = process.argv[1];
      const controller = new AbortController();
      const unread = eventStream(url, { signal: controller.signal });
      await unread.next();
      controller.abort(new Error('unread'));
      await eventStream(url, { parse: 'json' }).batches().next();
      const refused = eventStream(url, { headers: async () => { throw new Error('refused'); } });
      void refused.next();
      await refused.return();
      const late = eventStream(url, { fetch: () => new Promise((_, reject) => setTimeout(reject, 5, 'late')) });
      void late.next();
      await late.return();
      const body = new ReadableStream({ start: (body) => body.error(new Error('broken')) });
      await eventStream(body).return();
      await eventStream(new Response('no', { status: 500 })).return();
      setTimeout(() => console.log('the end'), 20);`;
    const strict = ['--unhandled-rejections=strict', '--input-type=module', '-e', script, url];
    expect(await runNode(strict)).toEqual({ code: 0, stdout: 'the end\n', stderr: '' });
  });
});

describe('a request', () => {
  it('by POST whose response ends as it should ends quietly', async () => {
    const { url, requests } = await serve((request, response) => {
      request.resume().on('end', () => response.writeHead(200, headers).end('data: a\n\ndata: b\n\ndata: c'));
    });
    expect(await dataOf(follow(url, { method: 'POST', body: 'x' }))).toEqual(['a', 'b']);
    expect(requests.map(({ method }) => method)).toEqual(['POST']);
  });

  it('asks its function of headers again after a 401', async () => {
    const { url, requests } = await serve(({ headers: { authorization } }, response) => {
      if (authorization !== 'Bearer 401') return void response.writeHead(401).end();
      response.writeHead(200, headers).write('data: a\n\n');
    });
    const stream = follow(url, {
      headers: ({ status }) => ({ authorization: `Bearer ${status}` }),
      reconnection: { statuses: [401] },
    });
    expect((await stream.next()).value?.data).toBe('a');
    expect(requests.map(({ headers: { authorization } }) => authorization)).toEqual([
      'Bearer undefined',
      'Bearer 401',
    ]);
  });

  it("drops the caller's headers at a redirect to another origin, which the events then name", async () => {
    const target = await open('data: a\n\n');
    const { url, requests } = await serve((_, response) => {
      response.writeHead(307, { location: target.url }).end();
    });
    const { value } = await follow(url, { headers: { authorization: 'Bearer 1', 'x-key': 'k' } }).next();
    expect(value?.origin).toBe(new URL(target.url).origin);
    expect(requests[0]!.headers).toMatchObject({ authorization: 'Bearer 1', 'x-key': 'k' });
    expect(target.requests[0]!.headers).toMatchObject({ accept: 'text/event-stream' });
    expect(target.requests[0]!.headers).not.toHaveProperty('authorization');
    expect(target.requests[0]!.headers).not.toHaveProperty('x-key');
  });
});

describe('a consumer that always asks one event ahead', () => {
  const code = `
    import { eventStream } from 'everysource/stream';
    const chunk = new TextEncoder().encode('data: a\\n\\n');
    const stream = new ReadableStream({ pull: (controller) => controller.enqueue(chunk) }, { highWaterMark: 0 });
    const events = eventStream(stream);
    let ahead = events.next();
    const take = async (count) => {
      for (let index = 0; index < count; index++) {
        const next = events.next();
        await ahead;
        ahead = next;
      }
      gc();
      return process.memoryUsage().heapUsed;
    };
    const before = await take(5000);
    const after = await take(100_000);
    await events.return();
    console.log(after - before < 5e6 ? 'flat' : \`grown by \${after - before}\`);
  `;

  it('is not remembered event by event', async () => {
    const { stdout, stderr } = await runNode(['--expose-gc', '--input-type=module', '-e', code]);
    expect([stdout, stderr]).toEqual(['flat\n', '']);
  });
});
