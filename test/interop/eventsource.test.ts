/** What the READMEs of `eventsource` 3 to 5 show, with the package installed under that name. */
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import type * as Everysource from 'everysource';
import { eventually } from '../support/eventually.ts';
import { eventStream, serve } from '../support/server.ts';
import { load, require } from './load.ts';

const { EventSource } = await load<typeof Everysource>('eventsource');

function follow(url: string, init?: Everysource.EventSourceInit) {
  const source = new EventSource(url, init);
  onTestFinished(() => source.close());
  return source;
}

/** A url at which nobody listens any more. */
async function refusedUrl() {
  const { url, server } = await serve(() => {});
  await promisify(server.close.bind(server))();
  return url;
}

/** The `error` event, as the samples treat it, and the state at that moment. */
function firstError(source: Everysource.EventSource) {
  return new Promise<{ code?: number; message: string; readyState: number; event: Event }>((resolve) => {
    source.addEventListener('error', (event) => {
      const { code, message } = event as Everysource.EventSourceErrorEvent;
      resolve({ ...(code !== undefined && { code }), message, readyState: source.readyState, event });
    });
  });
}

describe('the package named eventsource', () => {
  it('is ours, by import and by require', () => {
    expect(require('eventsource/package.json').name).toBe('everysource');
    expect(EventSource).toHaveProperty('fromReadableStream');
    expect(require('eventsource').EventSource).toHaveProperty('fromReadableStream');
  });

  it('gives named events and messages to their listeners', async () => {
    const text = 'event: notice\ndata: a\n\nevent: update\ndata: b\n\ndata: c\n\nevent: message\ndata: d\n\n';
    const { url } = await serve((_, response) => response.writeHead(200, eventStream).write(text));
    const es = follow(url);
    const seen: unknown[] = [];
    for (const name of ['notice', 'update', 'message']) {
      es.addEventListener(name, (event) => seen.push([name, event.data, event instanceof MessageEvent]));
    }
    await eventually(() => seen.length === 4);
    expect(seen).toEqual([
      ['notice', 'a', true],
      ['update', 'b', true],
      ['message', 'c', true],
      ['message', 'd', true],
    ]);
    es.close();
    expect(es.readyState).toBe(EventSource.CLOSED);
  });

  it('lets a custom fetch add a header to those that it spreads, at reconnections too', async () => {
    const { url, requests } = await serve((_, response) =>
      response.writeHead(200, eventStream).end('retry: 1\nid: 7\ndata: a\n\n'),
    );
    follow(url, {
      fetch: (input, init) =>
        fetch(input, { ...init, headers: { ...init.headers, Authorization: 'Bearer myToken' } }),
    });
    await eventually(() => requests.length >= 2);
    const [first, second] = requests.map(({ headers }) => headers);
    expect(first).toMatchObject({ authorization: 'Bearer myToken', accept: 'text/event-stream' });
    expect(first).not.toHaveProperty('last-event-id');
    expect(second).toMatchObject({
      authorization: 'Bearer myToken',
      accept: 'text/event-stream',
      'last-event-id': '7',
    });
  });

  it('says in the class that fetch can be given', () => {
    const key = Symbol.for('eventsource.supports-fetch-override');
    expect(key in EventSource).toBe(true);
    expect((EventSource as unknown as Record<symbol, unknown>)[key]).toBe(true);
    expect(Object.getOwnPropertyDescriptor(EventSource, key)!.enumerable).toBe(false);
  });

  it('has its constants on the class and on its objects', async () => {
    const { url } = await serve((_, response) => response.writeHead(204).end());
    const constants = { CONNECTING: 0, OPEN: 1, CLOSED: 2 };
    for (const owner of [EventSource, follow(url)]) {
      const { CONNECTING, OPEN, CLOSED } = owner;
      expect({ CONNECTING, OPEN, CLOSED }).toEqual(constants);
    }
  });
});

describe('its error event', () => {
  it.each([401, 403])('has the code %i of a refusal, and comes when the source is closed', async (status) => {
    const { url } = await serve((_, response) => response.writeHead(status).end());
    const { event, ...facts } = await firstError(follow(url));
    expect(facts).toEqual({ code: status, message: expect.stringContaining(`${status}`), readyState: 2 });
    expect(event).not.toHaveProperty('data');
    expect(event).toHaveProperty('status', status);
  });

  it('has the code 200 and the type of what is no event stream', async () => {
    const { url } = await serve((_, response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end(),
    );
    const { event, ...facts } = await firstError(follow(url));
    expect(facts).toEqual({ code: 200, message: expect.stringContaining('text/html'), readyState: 2 });
    expect(event).toHaveProperty('status', 200);
  });

  it.each([
    ['nobody answers', refusedUrl],
    ['a custom fetch rejects', refusedUrl, () => Promise.reject(new TypeError('no'))],
    [
      'the stream ends',
      async () => (await serve((_, response) => response.writeHead(200, eventStream).end())).url,
    ],
    [
      'the connection breaks',
      async () => {
        const { url } = await serve((_, response) => {
          response.writeHead(200, eventStream).write(':\n', () => response.destroy());
        });
        return url;
      },
    ],
  ])(
    'has a message, but no code, status or data, when %s',
    async (_, locate, fetch?: Everysource.FetchLike) => {
      const source = follow(await locate(), { fetch });
      const { event, ...facts } = await firstError(source);
      expect(facts).toEqual({ message: expect.stringMatching(/\w/), readyState: source.CONNECTING });
      for (const name of ['code', 'status', 'data']) expect(name in event).toBe(false);
    },
  );
});
