/** The class against real servers. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { EventSource } from '../../src/event-source.ts';
import type { EventSourceInit } from '../../src/init.ts';
import { EventSourceErrorEvent, EventSourceOpenEvent } from '../../src/events.ts';
import { fixtures } from '../support/fixtures.ts';
import { eventually } from '../support/eventually.ts';
import { eventStream, rawHeader, serve } from '../support/server.ts';

function follow(url: string, init: EventSourceInit = {}) {
  const source = new EventSource(url, { reconnectionTime: 1, ...init });
  onTestFinished(() => source.close());
  const log: string[] = [];
  const events: MessageEvent<string>[] = [];
  const errors: EventSourceErrorEvent[] = [];
  source.onopen = () => log.push('open');
  source.onmessage = (event) => {
    log.push(event.data);
    events.push(event);
  };
  source.onerror = (event) => {
    if (!(event instanceof EventSourceErrorEvent)) return;
    log.push(`error ${event.reason} ${source.readyState}`);
    errors.push(event);
  };
  return { source, log, events, errors };
}

describe('a real stream', () => {
  it('is followed over reconnections, without a loss and without a repetition', async () => {
    const log = Array.from({ length: 20 }, (_, index) => `${index + 1}`);
    const { url, requests } = await serve(({ headers }, response) => {
      const from = Number(headers['last-event-id'] ?? 0);
      response.writeHead(200, eventStream);
      for (const id of log.slice(from, from + 7)) response.write(`id: ${id}\ndata: ${id}\n\n`);
      if (from + 7 < log.length) response.end();
    });
    const { source, log: seen } = follow(url);
    await eventually(() => source.lastEventId === '20');
    expect(seen.filter((entry) => /^\d/.test(entry))).toEqual(log);
    expect(requests.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, '7', '14']);
    expect(seen.filter((entry) => entry === 'error end-of-body 0')).toHaveLength(2);
  });

  it.each(fixtures.filter(({ expected }) => expected.events.length > 0))(
    'gives what is expected of $name, sent in pieces of one to three bytes',
    async ({ bytes, expected }) => {
      const { url } = await serve((_, response, count) => {
        if (count > 1) return void response.writeHead(204).end();
        response.writeHead(200, eventStream);
        response.socket?.setNoDelay(true);
        let at = 0;
        const send = () => {
          const to = at + 1 + (at % 3);
          response.write(bytes.subarray(at, to));
          at = to;
          if (at < bytes.length) setImmediate(send);
          else response.end();
        };
        send();
      });
      const source = new EventSource(url);
      onTestFinished(() => source.close());
      const events: unknown[] = [];
      for (const type of new Set(expected.events.map((event) => event.type))) {
        source.addEventListener(type, (event) => {
          if (!(event instanceof MessageEvent)) return;
          events.push({ type: event.type, data: event.data, lastEventId: event.lastEventId });
        });
      }
      let isOver = false;
      source.addEventListener('error', (event) => (isOver ||= event instanceof EventSourceErrorEvent));
      await eventually(() => isOver);
      expect(events).toEqual(expected.events);
    },
  );

  it('arrives event by event, not when the response ends', async () => {
    let send!: (text: string) => void;
    const { url } = await serve((_, response) => {
      response.writeHead(200, eventStream);
      response.flushHeaders();
      send = (text) => response.write(text);
    });
    const { log } = follow(url);
    await eventually(() => log.length === 1);
    send('data: a\r\r');
    await eventually(() => log.length === 2);
    send('data: b\n\n');
    await eventually(() => log.length === 3);
    expect(log).toEqual(['open', 'a', 'b']);
  });

  it("is seen whole by a loop over Node's events.once, 500 events in one write", async () => {
    const all = Array.from({ length: 500 }, (_, index) => `${index}`);
    const { url } = await serve((_, response) => {
      response.writeHead(200, eventStream).write(all.map((data) => `data: ${data}\n\n`).join(''));
    });
    const source = new EventSource(url);
    onTestFinished(() => source.close());
    const seen: string[] = [];
    while (seen.length < 500) {
      const [event] = (await once(source, 'message')) as [MessageEvent<string>];
      seen.push(event.data);
    }
    expect(seen).toEqual(all);
  });
});

describe('an id', () => {
  it.each([
    ['that is not ASCII goes out as UTF-8', 'é☃😀', Buffer.from('é☃😀')],
    ['with control characters is not sent, and reconnecting works', 'a\x01\x7Fb', undefined],
    ['with NUL is ignored, and reconnecting works', 'a\0b', undefined],
  ])('%s', async (_, id, sent) => {
    const { url, requests } = await serve((__, response, count) => {
      response.writeHead(200, eventStream);
      response.write(`id: ${id}\ndata: ${count}\n\n`);
      if (count < 3) response.end();
    });
    const { log, events } = follow(url);
    await eventually(() => events.length === 3);
    expect(log.filter((entry) => /^\d/.test(entry))).toEqual(['1', '2', '3']);
    expect(requests.map((request) => rawHeader(request, 'last-event-id'))).toEqual([undefined, sent, sent]);
    expect(events[0]!.lastEventId).toBe(id.includes('\0') ? '' : id);
  });
});

describe('a connection that fails', () => {
  it.each([
    ['status', 204, 'text/event-stream'],
    ['status', 500, 'text/event-stream'],
    ['content-type', 200, 'text/html'],
  ])('by its %s %i %s is CLOSED, and its response released', async (reason, status, type) => {
    let isReleased = false;
    const { url, requests } = await serve((_, response) => {
      response.on('close', () => (isReleased = true));
      response.writeHead(status, { ...eventStream, 'content-type': type });
      if (status === 204) response.end();
      else response.write('data: never ends\n\n');
    });
    const { source, errors } = follow(url);
    await eventually(() => errors.length === 1 && isReleased);
    expect(source.readyState).toBe(2);
    expect(errors[0]).toMatchObject({ reason, status, code: status, reconnecting: false });
    // Node's fetch then opens a spare connection of its own and keeps it for some seconds: not ours to close.
    if (status !== 204) await eventually(() => requests[0]!.socket.destroyed);
    expect(requests).toHaveLength(1);
  });

  it('by a refused port comes back when the server does', async () => {
    const placeholder = await serve(() => {});
    const { port } = new URL(placeholder.url);
    await new Promise((resolve) => {
      placeholder.server.close(resolve);
    });
    const { source, log, errors } = follow(placeholder.url, { reconnectionTime: 0 });
    await eventually(() => errors.length === 1);
    expect(errors[0]!.message).toContain('(ECONNREFUSED)');
    expect(source.readyState).toBe(0);
    await serve((_, response) => response.writeHead(200, eventStream).write('data: back\n\n'), Number(port));
    await eventually(() => log.includes('back'));
  });

  it('by a cut socket in the middle of an event loses nothing of the next', async () => {
    const { url } = await serve((_, response, count) => {
      response.writeHead(200, eventStream);
      if (count > 1) return void response.write('data: whole\n\n');
      response.write('data: a\n\nid: 9\ndata: ha', () => setTimeout(() => response.destroy(), 5));
    });
    const { source, log, events } = follow(url);
    await eventually(() => events.length === 2);
    expect(log).toEqual(['open', 'a', 'error network 0', 'open', 'whole']);
    expect(source.lastEventId).toBe('');
  });

  it('by something that is no HTTP goes on trying', async () => {
    const server = createServer((socket) => socket.end('hello\r\n\r\n'));
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    onTestFinished(() => void server.close());
    const { errors } = follow(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await eventually(() => errors.length === 2);
    expect(errors.map(({ reason, attempt }) => [reason, attempt])).toEqual([
      ['network', 1],
      ['network', 2],
    ]);
  });
});

describe('a redirect', () => {
  it('is followed; the origin of events is the final one, the url of the source stays', async () => {
    const target = await serve((_, response) => response.writeHead(200, eventStream).write('data: a\n\n'));
    const { url } = await serve((_, response) => {
      response.writeHead(307, { location: target.url, 'access-control-allow-origin': '*' }).end();
    });
    const source = new EventSource(url);
    onTestFinished(() => source.close());
    const opens: unknown[] = [];
    source.onopen = (event) => event instanceof EventSourceOpenEvent && opens.push(event);
    const [event] = (await once(source, 'message')) as [MessageEvent];
    expect(event.origin).toBe(new URL(target.url).origin);
    expect(source.url).toBe(url);
    expect(opens).toMatchObject([{ url: target.url, redirected: true, status: 200, attempt: 1 }]);
  });
});

describe('headers', () => {
  it("are sent with every attempt, beside the standard's own", async () => {
    const { url, requests } = await serve((_, response, count) => {
      response.writeHead(200, eventStream).write(`id: ${count}\ndata: ${count}\n\n`);
      if (count < 2) response.end();
    });
    const { events } = follow(url, { headers: { Authorization: 'Bearer 1', 'X-Trace': 't' } });
    await eventually(() => events.length === 2);
    const own = { accept: 'text/event-stream', 'cache-control': 'no-cache', authorization: 'Bearer 1' };
    expect(requests[0]!.headers).toMatchObject({ ...own, 'x-trace': 't' });
    expect(requests[1]!.headers).toMatchObject({ ...own, 'x-trace': 't', 'last-event-id': '1' });
  });
});

describe('close()', () => {
  it('inside a handler ends the request at the server', async () => {
    let isClosed = false;
    const { url } = await serve((_, response) => {
      response.on('close', () => (isClosed = true));
      response.writeHead(200, eventStream).write('data: a\n\ndata: b\n\n');
    });
    const { source, log } = follow(url);
    source.addEventListener('message', () => source.close());
    await eventually(() => isClosed);
    expect(log).toEqual(['open', 'a']);
    expect(source.readyState).toBe(2);
  });

  it('before the response ends the request too', async () => {
    let isClosed = false;
    const { url, requests } = await serve((request) => {
      request.on('close', () => (isClosed = true));
    });
    const { source, log } = follow(url);
    await eventually(() => requests.length === 1);
    source.close();
    await eventually(() => isClosed);
    expect(log).toEqual([]);
  });
});

describe('a silent stream', () => {
  it("is asked of Node's own dispatcher without a time limit", async () => {
    const { url } = await serve((_, response) => response.writeHead(200, eventStream).write('data: a\n\n'));
    const key = Symbol.for('undici.globalDispatcher.1');
    const globals = globalThis as unknown as Record<
      symbol,
      { dispatch(options: object, handler: object): boolean }
    >;
    await fetch(url).then(({ body }) => body?.cancel());
    const original = globals[key]!;
    const limits: unknown[] = [];
    const dispatch = (options: { bodyTimeout?: number }, handler: object) => {
      limits.push(options.bodyTimeout);
      return original.dispatch(options, handler);
    };
    globals[key] = { dispatch };
    onTestFinished(() => void (globals[key] = original));
    const { events } = follow(url);
    await eventually(() => events.length === 1);
    expect(limits).toEqual([0]);
  });
});

describe('other schemes', () => {
  it('a data: url is a stream that ends', async () => {
    const { events, errors } = follow('data:text/event-stream,data:%20a%0A%0A');
    await eventually(() => errors.length === 1);
    expect(events.map(({ data, origin }) => [data, origin])).toEqual([['a', 'null']]);
    expect(errors[0]!.message).toMatch(/\(data:\)$/);
  });

  it('a scheme that fetch does not know fails, not in the constructor', async () => {
    const { source, errors } = follow('ftp://example.com/secret');
    expect(source.readyState).toBe(0);
    await eventually(() => errors.length === 1);
    expect(source.readyState).toBe(2);
    expect(errors[0]!.message).toMatch(/^Expected an http or https url, got ftp:/);
  });
});
