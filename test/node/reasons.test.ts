/** Each reason of an `error`, from a real server or runtime: what it says, and what comes next. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { createGzip } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { EventSource } from '../../src/event-source.ts';
import { EventSourceErrorEvent } from '../../src/events.ts';
import type { EventSourceInit } from '../../src/init.ts';
import { eventually } from '../support/eventually.ts';
import { root } from '../support/run.ts';
import { eventStream, serve } from '../support/server.ts';

type Answer = Parameters<typeof serve>[0];

const secrets = { Authorization: 'Bearer hidden', 'X-Api-Key': 'hidden' };

/** The first error of a source that asks a server which answers so, with secrets all over the request. */
async function errorOf(answer: Answer, init: EventSourceInit = {}): Promise<EventSourceErrorEvent> {
  const { url } = await serve(answer);
  return firstError(`${url.replace('//', '//me:hidden@')}?token=hidden`, init);
}

async function firstError(url: string, init: EventSourceInit = {}): Promise<EventSourceErrorEvent> {
  const source = new EventSource(url, { reconnectionTime: 1, headers: secrets, ...init });
  onTestFinished(() => source.close());
  const errors: EventSourceErrorEvent[] = [];
  source.onerror = (event) => event instanceof EventSourceErrorEvent && errors.push(event);
  await eventually(() => errors.length > 0);
  const [error] = errors as [EventSourceErrorEvent];
  expect(error.message).not.toMatch(/hidden/);
  expect(inspect(source, { depth: 10, showHidden: true })).not.toMatch(/hidden/);
  return error;
}

const open: Answer = (_, response) => response.writeHead(200, eventStream).flushHeaders();
const hang: Answer = () => {};
const fail = () => {
  throw new Error('hidden');
};

/** By reason: how it comes about, what follows, and what the message says. */
const reasons: Record<
  string,
  [() => Promise<EventSourceErrorEvent>, reconnecting: boolean, message: RegExp]
> = {
  network: [
    () => errorOf(({ socket }) => socket.destroy()),
    true,
    /^The connection failed.*: check the url and the server/,
  ],
  'end-of-body': [
    () => errorOf((_, response) => response.writeHead(200, eventStream).end()),
    true,
    /^The stream ended: let the server keep it open/,
  ],
  idle: [
    () => errorOf(open, { idleTimeout: 40 }),
    true,
    /^Silent for "idleTimeout": let the server send comments/,
  ],
  'connect-timeout': [
    () => errorOf(hang, { connectTimeout: 40 }),
    true,
    /"connectTimeout": check the url and the server/,
  ],
  status: [() => errorOf((_, response) => response.writeHead(401).end()), false, /got 401: send credentials/],
  headers: [() => errorOf(open, { headers: fail }), true, /"headers" or "body" failed: look at "error"/],
  'content-type': [
    () => errorOf((_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>')),
    false,
    /got text\/html: check the url/,
  ],
  redirect: [
    () => errorOf((_, response) => response.writeHead(302, { location: '/' }).end()),
    false,
    /^More than 20 redirects/,
  ],
  aborted: [
    () =>
      errorOf(open, {
        fetch: (url, init) => fetch(url, { ...(init as RequestInit), signal: AbortSignal.abort() }),
      }),
    false,
    /^Aborted, but not by close/,
  ],
  unsupported: [
    () => firstError('ftp://me:hidden@example.com/?token=hidden'),
    false,
    /^Expected an http or https url/,
  ],
  'too-large': [
    () =>
      errorOf((_, response) => response.writeHead(200, eventStream).write(`data: ${'x'.repeat(500)}`), {
        maxBufferSize: 100,
      }),
    false,
    /"maxBufferSize": raise it/,
  ],
  option: [() => errorOf(open, { headers: () => ({ 'a b': 'hidden' }) }), false, /has to be valid headers/],
  attempts: [
    () => errorOf(({ socket }) => socket.destroy(), { reconnection: { maxAttempts: 1 } }),
    false,
    /^"maxAttempts" of 1 reached: The connection failed/,
  ],
};

describe('the reason', () => {
  it.each(Object.entries(reasons))('%s', async (reason, [cause, reconnecting, message]) => {
    const error = await cause();
    expect(error).toMatchObject({ reason, reconnecting, attempt: 1 });
    expect(error.message).toMatch(message);
    expect(error.message).toMatch(/\([a-z]+:(\/\/[^?@]+)?\)$/);
    expect(typeof error.delay).toBe(reconnecting ? 'number' : 'undefined');
    expect('data' in error).toBe(false);
    const hasStatus = ['status', 'content-type'].includes(reason);
    expect('status' in error).toBe(hasStatus);
    expect(error.code).toBe(error.status);
  });

  it('is in this list, or, for CORS, in what browsers run', () => {
    const code = readFileSync(join(root, 'src/errors.ts'), 'utf8');
    const union = /type EventSourceErrorReason =(.*?);/s.exec(code)![1]!;
    const all = [...union.matchAll(/'([a-z-]+)'/g)].map(([, reason]) => reason!);
    expect([...Object.keys(reasons), 'cors'].toSorted()).toEqual(all.toSorted());
    expect(readFileSync(join(root, 'test/suite/cases.js'), 'utf8')).toContain("'cors'");
  });
});

describe('an attempt that is retried', () => {
  it('is a 401 that a function of headers answers with a new token, the last event ID kept', async () => {
    let token = 'first';
    const { url, requests } = await serve(({ headers }, response, count) => {
      if (count === 2) token = 'second'; // the first one has run out
      if (headers.authorization !== `Bearer ${token}`) return void response.writeHead(401).end();
      response.writeHead(200, eventStream).write(`id: ${count}\ndata: ${count}\n\n`);
      if (count === 1) response.end();
    });
    const asked: unknown[] = [];
    let own = 'first';
    const source = new EventSource(url, {
      reconnectionTime: 1,
      reconnection: { statuses: [401] },
      async headers({ attempt, lastEventId, reason, status }) {
        asked.push([attempt, lastEventId, reason, status]);
        if (status === 401) own = await Promise.resolve('second');
        return { Authorization: `Bearer ${own}` };
      },
    });
    onTestFinished(() => source.close());
    const data: string[] = [];
    source.onmessage = (event) => data.push(event.data);
    await eventually(() => data.length === 2);
    expect(data).toEqual(['1', '3']);
    expect(asked).toEqual([
      [1, '', undefined, undefined],
      [2, '1', 'end-of-body', undefined],
      [3, '1', 'status', 401],
    ]);
    expect(
      requests.map(({ headers }) => [headers.authorization, headers['last-event-id'], headers.accept]),
    ).toEqual([
      ['Bearer first', undefined, 'text/event-stream'],
      ['Bearer first', '1', 'text/event-stream'],
      ['Bearer second', '1', 'text/event-stream'],
    ]);
  });

  it('is never made beside another, however slow the function of headers is', async () => {
    let running = 0;
    let most = 0;
    const release: (() => void)[] = [];
    const { url, requests } = await serve((_, response) => response.writeHead(200, eventStream).end());
    const source = new EventSource(url, {
      reconnectionTime: 1,
      async headers() {
        most = Math.max(most, ++running);
        await new Promise<void>((resolve) => release.push(resolve));
        running--;
        return {};
      },
    });
    onTestFinished(() => source.close());
    for (let round = 1; round <= 3; round++) {
      await eventually(() => release.length === round);
      expect(requests).toHaveLength(round - 1);
      release[round - 1]!();
      await eventually(() => requests.length === round);
    }
    expect(most).toBe(1);
  });

  it('waits as long as Retry-After asks', async () => {
    const { url } = await serve((_, response) => response.writeHead(503, { 'retry-after': '120' }).end());
    const error = await firstError(url, { reconnection: { statuses: 'transient' } });
    expect(error).toMatchObject({ reason: 'status', status: 503, reconnecting: true });
    expect(error.delay).toBeGreaterThanOrEqual(120_000);
  });
});

describe('a POST', () => {
  it('is sent with its body, and not again when its stream ends', async () => {
    const bodies: string[] = [];
    const { url, requests } = await serve((request, response) => {
      let body = '';
      request.on('data', (text) => (body += text));
      request.on('end', () => {
        bodies.push(body);
        response.writeHead(200, eventStream).end('data: a\n\n');
      });
    });
    const init = { method: 'POST', body: '{"prompt":"x"}', headers: { 'Content-Type': 'application/json' } };
    expect(await firstError(url, init)).toMatchObject({ reason: 'end-of-body', reconnecting: false });
    expect(requests.map(({ method, headers }) => [method, headers['content-type']])).toEqual([
      ['POST', 'application/json'],
    ]);
    expect(bodies).toEqual(['{"prompt":"x"}']);
  });

  it('is sent again when that is allowed, with a body made anew', async () => {
    const bodies: string[] = [];
    const { url } = await serve((request, response) => {
      request.on('data', (text) => bodies.push(`${text}`));
      request.on('end', () => response.writeHead(200, eventStream).end('data: a\n\n'));
    });
    let count = 0;
    const body = () => new Blob([`${++count}`]).stream();
    const source = new EventSource(url, {
      method: 'POST',
      body,
      reconnectionTime: 1,
      reconnection: { resend: true },
    });
    onTestFinished(() => source.close());
    await eventually(() => bodies.length === 2);
    expect(bodies).toEqual(['1', '2']);
  });
});

describe('gzip', () => {
  it('is no hindrance to idleTimeout, which counts what arrives', async () => {
    const answer: Answer = (_, response) => {
      response.writeHead(200, { ...eventStream, 'content-encoding': 'gzip' });
      const gzip = createGzip();
      gzip.pipe(response);
      gzip.write('data: compressed\n\n');
      gzip.flush();
    };
    expect(await errorOf(answer, { idleTimeout: 40 })).toMatchObject({ reason: 'idle' });
  });
});
