/** What other code on the page or in the process may try, and what must not come of it. `SECURITY.md` names these tests. */
import { inspect } from 'node:util';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { EventSource } from '../src/event-source.ts';
import { EventSourceErrorEvent, EventSourceOpenEvent } from '../src/events.ts';
import type { EventSourceInit } from '../src/init.ts';
import { fetchCacheMode } from '../src/quirks.ts';
import { eventStream } from '../src/stream.ts';
import type { FetchLike } from '../src/transport.ts';
import { connect, make, url } from './support/source.ts';
import { until } from './support/until.ts';

/**
 * Gives every object of the process these properties, as a bad merge of JSON does, until the test is finished.
 *
 * @returns takes them back before
 */
function pollute(properties: Record<string, unknown>): () => void {
  const prototype = Object.prototype as Record<string, unknown>;
  for (const [name, value] of Object.entries(properties)) {
    Object.defineProperty(prototype, name, { value, writable: true, enumerable: true, configurable: true });
  }
  const restore = () => Object.keys(properties).forEach((name) => delete prototype[name]);
  onTestFinished(restore);
  return restore;
}

/** A global `fetch` that keeps what it is asked for, and answers nothing. */
function watchFetch() {
  const asked: object[] = [];
  vi.stubGlobal(
    'fetch',
    (_: string, { signal: _signal, dispatcher: _ours, ...init }: Record<string, unknown>) => {
      asked.push(init);
      return new Promise<never>(() => {});
    },
  );
  onTestFinished(() => void vi.unstubAllGlobals());
  return asked;
}

describe('a polluted Object.prototype', () => {
  const options: EventSourceInit = {
    withCredentials: true,
    headers: { 'x-polluted': '1' },
    method: 'POST',
    body: 'polluted',
    lastEventId: 'polluted',
    lastEventIdParameter: 'polluted',
    redirect: 'error',
    reconnection: false,
    unref: true,
    signal: AbortSignal.abort(),
  };
  const others = { statuses: [200], maxAttempts: 1, proxy: 'polluted' };

  it('reaches no source without options, nor what it asks fetch for', async () => {
    fetchCacheMode(); // Node's own `Request` refuses everything then
    const asked = watchFetch();
    const restore = pollute({ ...options, ...others });
    const sources = [new EventSource(url), new EventSource(url, null as never)];
    const stream = eventStream(url);
    void stream.next();
    await until(() => asked.length === 3);
    const seen = sources.map((source) => [source.readyState, source.withCredentials, source.lastEventId]);
    await stream.return();
    restore();
    for (const source of sources) source.close();
    const request = {
      mode: 'cors',
      credentials: 'same-origin',
      cache: 'no-store',
      redirect: 'follow',
      headers: { Accept: 'text/event-stream' },
    };
    expect(seen.flat()).toEqual([0, false, '', 0, false, '']);
    expect(asked).toEqual([request, request, request]);
  });

  it('is inherited by options that are given, as those of fetch inherit it', () => {
    const restore = pollute({ withCredentials: true });
    const { source } = connect({});
    restore();
    expect(source.withCredentials).toBe(true);
  });

  it('is no event handler, and keeps none from being called', async () => {
    const handler = vi.fn();
    const restore = pollute({ message: handler, open: handler, error: handler });
    const { source, body } = connect();
    const handlers = [source.onmessage, source.onopen, source.onerror];
    const seen: unknown[] = [];
    source.onmessage = ({ data }) => seen.push(data);
    body.send('data: a\n\n');
    await until(() => seen.length === 1);
    restore();
    expect([handlers, seen, handler.mock.calls]).toEqual([[null, null, null], ['a'], []]);
  });
});

describe('options made of JSON', () => {
  const evil = '{ "polluted": true, "x-polluted": "1" }';
  const keys = `"__proto__": ${evil}, "constructor": { "prototype": ${evil} }`;

  it('with __proto__ and constructor among their keys, at any depth, pollute nothing', async () => {
    const init = JSON.parse(
      `{ ${keys}, "headers": { "__proto__": "1", "constructor": "2" }, "reconnection": { ${keys} } }`,
    ) as EventSourceInit;
    const { fetch } = connect(init);
    const { headers } = fetch.mock.calls[0]![1];
    expect(Object.entries(headers)).toEqual(expect.arrayContaining([['constructor', '2']]));
    expect(Object.getPrototypeOf(headers)).toBe(Object.prototype);
    for (const object of [{}, headers, Object, EventTarget.prototype]) {
      expect([Reflect.get(object, 'polluted'), Reflect.get(object, 'x-polluted')]).toEqual([
        undefined,
        undefined,
      ]);
    }
  });

  it('cannot be a function, a signal or anything else that runs', () => {
    for (const name of ['fetch', 'signal', 'onComment']) {
      expect(() => make(url, { [name]: JSON.parse(`{ ${keys} }`) })).toThrow(TypeError);
    }
  });
});

describe('names that a server chooses', () => {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];

  it('may be those of the language: they are names of events like any other', async () => {
    const { source, body } = connect();
    const seen: string[] = [];
    for (const name of names) source.addEventListener(name, ({ type }) => seen.push(type));
    body.send(names.map((name) => `event: ${name}\nid: ${name}\ndata: ${name}\n\n`).join(''));
    await until(() => seen.length === names.length);
    expect(seen).toEqual(names);
    expect(source.lastEventId).toBe('hasOwnProperty');
    expect(Object.getPrototypeOf(source)).toBe(source.constructor.prototype);
  });
});

describe('a url', () => {
  it('that is an object is asked once for its text', () => {
    const toString = vi.fn<() => string>().mockReturnValueOnce(url).mockReturnValue('file:///etc/passwd');
    expect(make({ toString }).url).toBe(url);
    expect(toString).toHaveBeenCalledOnce();
  });

  it('whose conversion throws opens nothing, and the exception comes out', () => {
    const fetch = vi.fn<FetchLike>();
    const hostile = {
      toString() {
        throw new RangeError('mine');
      },
    };
    expect(() => make(hostile, { fetch })).toThrow(RangeError);
    expect(() => make(Symbol('x'), { fetch })).toThrow(TypeError);
    expect(fetch).not.toHaveBeenCalled();
  });

  it.each(['javascript:alert(1)', 'file:///etc/passwd', 'ftp://a/', 'about:blank', 'ws://a/'])(
    '%s is not fetched',
    async (target) => {
      const fetch = vi.fn<FetchLike>();
      const source = make(target, { fetch });
      await until(() => source.readyState === 2);
      expect(fetch).not.toHaveBeenCalled();
    },
  );
});

describe('an event that is printed or made JSON', () => {
  const target = 'https://example.com/path?key=secret';
  const headers = new Headers({ 'set-cookie': 'secret', 'x-key': 'secret' });
  // As Bun's fetch rejects: the whole url is a property of the error.
  const error = Object.assign(new TypeError('secret'), { path: target });
  const open = { status: 200, headers, url: target, redirected: true, attempt: 1 };
  const loss = { reason: 'network', message: 'm', headers, error, reconnecting: false, attempt: 1 } as const;

  it.each([
    ['open', new EventSourceOpenEvent('open', open), ['headers', 'url']],
    ['error', new EventSourceErrorEvent('error', loss), ['headers', 'error']],
  ])('shows no url, no header and no other error: %s', (_, event, hidden) => {
    for (const name of hidden) expect(Reflect.get(event, name)).toBeDefined();
    const copy = { ...event };
    expect(JSON.stringify(event) + JSON.stringify(copy) + inspect(copy, { depth: 5 })).not.toContain(
      'secret',
    );
    expect(inspect(event, { depth: 5, customInspect: false })).not.toContain('secret');
  });
});
