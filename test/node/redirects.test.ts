/** What a redirect takes along, between two real origins. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { EventSource } from '../../src/event-source.ts';
import type { EventSourceInit } from '../../src/init.ts';
import { eventually } from '../support/eventually.ts';
import { eventStream, serve, type TestServer } from '../support/server.ts';

const headers = { Authorization: 'Bearer 1', Cookie: 'a=b', 'X-Api-Key': 'k' };

/** Follows a url that redirects, and gives what the final request brought along. */
async function follow(url: string, final: TestServer, init: EventSourceInit) {
  const source = new EventSource(url, { headers, lastEventId: '7', ...init });
  onTestFinished(() => source.close());
  const opens: { redirected?: boolean; url?: string }[] = [];
  source.onopen = (event) => opens.push(event as { redirected?: boolean; url?: string });
  await eventually(() => opens.length === 1);
  const {
    authorization,
    cookie,
    'x-api-key': key,
    accept,
    'last-event-id': id,
  } = final.requests.at(-1)!.headers;
  return {
    own: { authorization, cookie, key },
    ours: { accept, id },
    method: final.requests.at(-1)!.method,
    open: opens[0]!,
  };
}

const stream = () => serve((_, response) => response.writeHead(200, eventStream).write(':\n'));
const statuses = [[301], [302], [303], [307], [308]] as const;
const ours = { accept: 'text/event-stream', id: '7' };

describe('a redirect to another origin', () => {
  it.each(statuses)('with %i gets none of the caller’s headers', async (status) => {
    const target = await stream();
    const { url } = await serve((_, response) => response.writeHead(status, { location: target.url }).end());
    const seen = await follow(url, target, {});
    expect(seen.own).toEqual({ authorization: undefined, cookie: undefined, key: undefined });
    expect(seen.ours).toEqual(ours);
    expect(seen.open).toMatchObject({ redirected: true, url: target.url });
  });

  it('gets none of them, by a protocol-relative location and with a user and a password in the url either', async () => {
    const target = await stream();
    const { url } = await serve((_, response) => {
      response.writeHead(307, { location: target.url.replace('http:', '') }).end();
    });
    const seen = await follow(url.replace('//', '//me:secret@'), target, { headers: { 'X-Api-Key': 'k' } });
    expect(seen.own).toEqual({ authorization: undefined, cookie: undefined, key: undefined });
  });

  it('does not get them back on the way home', async () => {
    let home = '';
    const away = await serve((_, response) => response.writeHead(302, { location: `${home}?back` }).end());
    const server = await serve((request, response) => {
      if (request.url!.endsWith('?back')) return void response.writeHead(200, eventStream).write(':\n');
      return void response.writeHead(302, { location: away.url }).end();
    });
    home = server.url;
    const seen = await follow(home, server, {});
    expect(server.requests).toHaveLength(2);
    expect(seen.own).toEqual({ authorization: undefined, cookie: undefined, key: undefined });
  });

  it('drops them for that attempt only', async () => {
    const target = await serve((_, response) => response.writeHead(200, eventStream).end());
    const server = await serve((_, response) => response.writeHead(302, { location: target.url }).end());
    const source = new EventSource(server.url, { headers, reconnectionTime: 1 });
    onTestFinished(() => source.close());
    await eventually(() => server.requests.length === 2 && target.requests.length === 2);
    expect(server.requests.map((request) => request.headers['x-api-key'])).toEqual(['k', 'k']);
    expect(target.requests.map((request) => request.headers['x-api-key'])).toEqual([undefined, undefined]);
  });
});

describe('a redirect within the origin', () => {
  it.each(statuses)('with %i keeps the caller’s headers', async (status) => {
    const server = await serve((request, response) => {
      if (request.url === '/final') return void response.writeHead(200, eventStream).write(':\n');
      return void response.writeHead(status, { location: 'final' }).end();
    });
    const seen = await follow(server.url, server, {});
    expect(seen.own).toEqual({ authorization: 'Bearer 1', cookie: 'a=b', key: 'k' });
    expect(seen.ours).toEqual(ours);
  });

  it.each([
    [301, 'GET', ''],
    [302, 'GET', ''],
    [303, 'GET', ''],
    [307, 'POST', 'x'],
    [308, 'POST', 'x'],
  ])('with %i sends a POST on as %s', async (status, method, sent) => {
    const bodies: string[] = [];
    const server = await serve((request, response) => {
      if (request.url !== '/final') return void response.writeHead(status, { location: '/final' }).end();
      let body = '';
      request.on('data', (text) => (body += text));
      request.on('end', () => {
        bodies.push(body);
        response.writeHead(200, eventStream).write(':\n');
      });
    });
    const seen = await follow(server.url, server, { method: 'POST', body: 'x' });
    expect([seen.method, bodies]).toEqual([method, [sent]]);
  });
});
