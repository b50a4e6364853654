/** What each runtime's `fetch` does otherwise, with a runtime made up. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type * as http from '../src/http.ts';
import type * as quirks from '../src/quirks.ts';
import { silentStreamInit } from '../src/quirks.ts';
import { stubPage } from './support/page.ts';

const { signal } = new AbortController();
const get: http.Hop = {
  url: new URL('http://example.com/'),
  method: 'GET',
  body: undefined,
  headers: {},
  withCredentials: false,
  lastEventId: '',
  isManual: false,
  signal,
};

describe('a runtime whose fetch differs', () => {
  let fresh: typeof http;
  const load = async () => {
    vi.resetModules();
    fresh = await import('../src/http.ts');
  };
  beforeEach(load);
  afterEach(() => vi.unstubAllGlobals());

  const refuse = (isRefused: (init: RequestInit) => boolean) =>
    vi.stubGlobal(
      'Request',
      class {
        constructor(_: string, init: RequestInit) {
          if (isRefused(init)) throw new TypeError('not here');
        }
      },
    );

  it('is asked once, not at every attempt', () => {
    const asked = vi.fn(() => false);
    refuse(asked);
    fresh.requestInit({ ...get, lastEventId: '1' });
    const { length } = asked.mock.calls;
    fresh.requestInit({ ...get, lastEventId: '2' });
    expect(length).toBeGreaterThan(0);
    expect(asked).toHaveBeenCalledTimes(length);
  });

  it('does without cache where Request throws on it (workerd before 2024-11)', () => {
    refuse((init) => 'cache' in init);
    const init = fresh.requestInit(get);
    expect(init).not.toHaveProperty('cache');
    expect(init.headers).toEqual({ Accept: 'text/event-stream', 'Cache-Control': 'no-cache' });
  });

  it.each(['Deno', 'Bun'])('spells out Cache-Control where cache is ignored (%s)', (name) => {
    vi.stubGlobal(name, {});
    const init = fresh.requestInit(get);
    expect(init.cache).toBe('no-store');
    expect(init.headers['Cache-Control']).toBe('no-cache');
  });

  it("keeps the caller's own Cache-Control", () => {
    vi.stubGlobal('Deno', {});
    const init = fresh.requestInit({ ...get, headers: { 'cache-control': 'no-transform' } });
    expect(init.headers).toEqual({ Accept: 'text/event-stream', 'cache-control': 'no-transform' });
  });

  it('gets the id as it is where fetch encodes it (workerd)', () => {
    refuse(({ headers }) => JSON.stringify(headers)?.includes(String.raw`\n`));
    expect(fresh.requestInit({ ...get, lastEventId: 'é☃' }).headers['Last-Event-ID']).toBe('é☃');
  });

  it('gets the id as it is where fetch encodes Latin-1 only, and no other id (WebKit)', () => {
    const userAgent =
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/605.1.15 (KHTML, like Gecko) Safari/605.1.15';
    vi.stubGlobal('navigator', { userAgent });
    const sent = (lastEventId: string) => fresh.requestInit({ ...get, lastEventId }).headers['Last-Event-ID'];
    expect(['é', 'é 1', 'é☃', '☃é'].map(sent)).toEqual(['é', 'é 1', undefined, undefined]);
  });

  it('gets bytes in Chromium, whose name has AppleWebKit in it', () => {
    const userAgent = 'Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36';
    vi.stubGlobal('navigator', { userAgent });
    expect(fresh.requestInit({ ...get, lastEventId: 'é' }).headers['Last-Event-ID']).toBe('\xC3\xA9');
  });

  it('gets bytes where Request checks nothing (happy-dom)', () => {
    refuse(() => false);
    expect(fresh.requestInit({ ...get, lastEventId: 'é' }).headers['Last-Event-ID']).toBe('\xC3\xA9');
  });
});

describe('the questions to the runtime', () => {
  let fresh: typeof quirks;
  beforeEach(async () => {
    vi.resetModules();
    fresh = await import('../src/quirks.ts');
  });
  afterEach(() => vi.unstubAllGlobals());

  it('are answered by its own Request', () => {
    expect(fresh.fetchCacheMode()).toBe('obeyed');
  });

  it('are answered by its name where nothing else tells', () => {
    vi.stubGlobal('Deno', {});
    expect(fresh.fetchCacheMode()).toBe('ignored');
  });

  it('need no navigator', () => {
    vi.stubGlobal('navigator', undefined);
    expect(fresh.isWebKit()).toBe(false);
  });

  it('tell a page by the cookies that it may not send', () => {
    const location = { origin: 'http://page.example' };
    const request = (headers: unknown) =>
      vi.fn(function asked() {
        return { headers };
      });
    vi.stubGlobal('location', undefined);
    expect(fresh.pageLocation()).toBeUndefined();
    stubPage(location);
    expect(fresh.pageLocation()).toBe(location);
    const free = request(new Headers({ cookie: 'a=b' }));
    for (const Request of [free, request(new Headers()), request(undefined), undefined]) {
      vi.stubGlobal('Request', Request);
      expect(fresh.pageLocation()).toBe(Request === free ? undefined : location);
    }
    expect(free.mock.calls).toEqual([['http://localhost/', { headers: { Cookie: 'a=b' } }]]);
  });
});

describe('a silent stream', () => {
  const first = Symbol.for('undici.globalDispatcher.1');
  const second = Symbol.for('undici.globalDispatcher.2');
  const globals = globalThis as unknown as Record<symbol, unknown>;
  const before = [globals[first], globals[second]];

  beforeEach(() => {
    globals[first] = globals[second] = undefined; // not to be deleted, once undici has defined them
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    [globals[first], globals[second]] = before;
  });

  const dispatcherOf = (init: object) =>
    (init as { dispatcher: { isMockActive: boolean; dispatch(options: object, handler: object): boolean } })
      .dispatcher;

  it('needs nothing where fetch does not end it', () => {
    expect(silentStreamInit()).toEqual({});
  });

  it('stays open in Bun with a member of its own', () => {
    vi.stubGlobal('Bun', {});
    expect(silentStreamInit()).toEqual({ timeout: false });
  });

  it('stays open in Node by the global dispatcher, whichever that is by then, without its limit', () => {
    const agent = { dispatch: vi.fn(() => true) };
    const proxy = { dispatch: vi.fn(() => true), isMockActive: true };
    globals[first] = agent;
    const dispatcher = dispatcherOf(silentStreamInit());
    const handler = { onConnect() {} };
    expect(dispatcher.isMockActive).toBe(false);
    expect(dispatcher.dispatch({ path: '/' }, handler)).toBe(true);
    expect(agent.dispatch.mock.calls).toEqual([[{ path: '/', bodyTimeout: 0 }, handler]]);
    globals[first] = proxy;
    dispatcher.dispatch({ path: '/', bodyTimeout: 300_000 }, handler);
    expect(dispatcher.isMockActive).toBe(true);
    expect(proxy.dispatch.mock.calls).toEqual([[{ path: '/', bodyTimeout: 0 }, handler]]);
  });

  it('stays open in Node 26, whose handlers only its own dispatcher takes', () => {
    const wrapper = { dispatch: vi.fn(() => true) };
    const agent = { dispatch: vi.fn(() => true) };
    globals[first] = wrapper;
    globals[second] = agent;
    const dispatcher = dispatcherOf(silentStreamInit());
    expect(dispatcher.isMockActive).toBe(false);
    globals[second] = { ...agent, isMockActive: true };
    expect(dispatcher.isMockActive).toBe(true);
    globals[second] = agent;
    dispatcher.dispatch({}, { onRequestStart() {} });
    dispatcher.dispatch({}, { onConnect() {} });
    expect([agent.dispatch.mock.calls.length, wrapper.dispatch.mock.calls.length]).toEqual([1, 1]);
  });
});
