/** The requests of an attempt: what the caller gives to them, and where redirects lead. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { convertInit, type EventSourceInit } from '../src/init.ts';
import { fetchTransport, type FetchLike, type HeadersFunction } from '../src/transport.ts';
import { attempt, outcomeOf, requestWith, url } from './support/attempt.ts';
import { Body } from './support/body.ts';
import { stubPage } from './support/page.ts';

const type = { 'content-type': 'text/event-stream' };

describe('what the caller gives', () => {
  afterEach(() => vi.unstubAllGlobals());
  const accept = async () => new Response('', { headers: type });
  const headersOf = (fetch: { mock: { calls: unknown[][] } }, call = 0) =>
    (fetch.mock.calls[call]![1] as { headers: Record<string, string> }).headers;

  it('goes out at once when it is fixed', () => {
    const fetch = vi.fn<FetchLike>(accept);
    void attempt(fetch, { init: { headers: { a: '1' } } });
    expect(headersOf(fetch)).toEqual({ Accept: 'text/event-stream', a: '1' });
  });

  it('is asked of a function, which is told of this attempt and of the one before', async () => {
    const fetch = vi.fn<FetchLike>(accept);
    const headers = vi.fn<HeadersFunction>(async () => ({ Authorization: 'Bearer 2' }));
    const transport = fetchTransport(new URL(url), convertInit({ headers, fetch }));
    const onRequest = vi.fn();
    const told = requestWith({ attempt: 3, lastEventId: '7', reason: 'status', status: 401, onRequest });
    await transport.attempt(told);
    const { onRequest: _, ...context } = told;
    expect(headers.mock.calls).toEqual([[context]]);
    expect(headersOf(fetch)).toEqual({
      Accept: 'text/event-stream',
      authorization: 'Bearer 2',
      'Last-Event-ID': '7',
    });
    expect(onRequest).toHaveBeenCalledOnce();
  });

  it('wins over ours when a function returns it', async () => {
    const fetch = vi.fn<FetchLike>(accept);
    const given = { accept: 'text/event-stream, */*', 'Last-Event-ID': '9' };
    await attempt(fetch, { lastEventId: '7', init: { headers: () => given } });
    expect(headersOf(fetch)).toEqual({ accept: 'text/event-stream, */*', 'last-event-id': '9' });
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('secret');
      },
    ],
    [
      'rejects',
      async () => {
        throw new Error('secret');
      },
    ],
  ])('is a failed attempt when the function %s, and its message stays out', async (_, fail) => {
    for (const init of [{ headers: fail }, { method: 'POST', body: fail }]) {
      const fetch = vi.fn<FetchLike>(accept);
      const news = await attempt(fetch, { init });
      expect(news).toMatchObject({ reason: 'headers', signal: 'reestablish', error: new Error('secret') });
      expect((news as { message: string }).message).not.toContain('secret');
      expect(fetch).not.toHaveBeenCalled();
    }
  });

  const unreadable = () => {
    throw new TypeError('not a header');
  };

  it('is an invalid option when it cannot become headers', async () => {
    const news = await attempt(vi.fn<FetchLike>(accept), {
      init: { headers: () => Object.defineProperty({}, 'a', { enumerable: true, get: unreadable }) },
    });
    expect(news).toMatchObject({ reason: 'option', signal: 'fail', error: expect.any(TypeError) });
  });

  it('is waited for, whatever class the promises of the caller have', async () => {
    const fetch = vi.fn<FetchLike>(accept);
    const answered = attempt(fetch, {
      init: { method: 'POST', headers: async () => ({ a: '1' }), body: async () => 'x' },
    });
    vi.stubGlobal('Promise', class extends Promise<unknown> {});
    const other = attempt(fetch, {
      init: { method: 'POST', headers: async () => ({ a: '1' }), body: async () => 'x' },
    });
    await answered;
    await other;
    expect(fetch.mock.calls.map(([, { body, headers }]) => [body, headers['a']])).toEqual([
      ['x', '1'],
      ['x', '1'],
    ]);
  });

  it('may be no headers at all', async () => {
    const fetch = vi.fn<FetchLike>(accept);
    await attempt(fetch, { init: { headers: () => null as never } });
    expect(headersOf(fetch)).toEqual({ Accept: 'text/event-stream' });
  });

  it('asks for no body when the attempt was given up while the headers were asked for', async () => {
    const controller = new AbortController();
    const headers = async () => controller.abort() as undefined;
    const body = vi.fn(() => 'x');
    const transport = fetchTransport(
      new URL(url),
      convertInit({ method: 'POST', headers, body, fetch: accept }),
    );
    await outcomeOf(transport, requestWith({ signal: controller.signal }));
    expect(body).not.toHaveBeenCalled();
  });

  it('is not sent when the attempt was given up meanwhile', async () => {
    const fetch = vi.fn<FetchLike>(accept);
    const controller = new AbortController();
    const headers = async () => {
      controller.abort();
      return {};
    };
    const transport = fetchTransport(new URL(url), convertInit({ headers, fetch }));
    const onRequest = vi.fn();
    const request = requestWith({ signal: controller.signal, onRequest });
    expect(await outcomeOf(transport, request)).toMatchObject({ reason: 'aborted', signal: 'fail' });
    expect(fetch).not.toHaveBeenCalled();
    expect(onRequest).not.toHaveBeenCalled();
  });

  it('can be a body, of a function anew for each attempt', async () => {
    const fetch = vi.fn<FetchLike>(accept);
    let count = 0;
    const init = { method: 'POST', body: () => `${++count}`, reconnection: { resend: true } };
    const transport = fetchTransport(new URL(url), convertInit({ ...init, fetch }));
    await transport.attempt(requestWith());
    await transport.attempt(requestWith());
    expect(fetch.mock.calls.map(([, { method, body }]) => [method, body])).toEqual([
      ['POST', '1'],
      ['POST', '2'],
    ]);
    expect(transport.isRepeatable).toBe(true);
  });

  it('is there only once with a method other than GET', () => {
    const repeatable = (init: EventSourceInit) =>
      fetchTransport(new URL(url), convertInit(init)).isRepeatable;
    expect([{}, { method: 'get' }, { method: 'POST' }].map(repeatable)).toEqual([true, true, false]);
  });

  it('goes into the url where a parameter is named for the last event ID', async () => {
    const fetch = vi.fn<FetchLike>(accept);
    await attempt(fetch, { lastEventId: '7', init: { lastEventIdParameter: 'lastEventID' } });
    expect(fetch.mock.calls[0]![0]).toBe(`${url}&lastEventID=7`);
    expect(headersOf(fetch)).not.toHaveProperty('Last-Event-ID');
  });

  it('is Basic for a user and a password in the url, unless an Authorization is given', async () => {
    vi.stubGlobal('location', undefined);
    const fetch = vi.fn<FetchLike>(accept);
    const href = 'http://me:secret@example.com/events';
    await attempt(fetch, { href });
    await attempt(fetch, { href, init: { headers: { Authorization: 'Bearer 1' } } });
    expect(fetch.mock.calls.map(([address]) => address)).toEqual(Array(2).fill('http://example.com/events'));
    const sent = [0, 1].map((call) => headersOf(fetch, call)['authorization']);
    expect(sent).toEqual([`Basic ${btoa('me:secret')}`, 'Bearer 1']);
  });
});

describe('redirects', () => {
  const redirect = (location: string, status = 302) => ({
    status,
    headers: new Headers({ location }),
    body: null,
  });
  afterEach(() => vi.unstubAllGlobals());

  /** The global fetch of a runtime without pages, with its answer to each call. */
  function answers(...list: unknown[]) {
    const fetch = vi.fn<FetchLike>(async () => (list.length > 1 ? list.shift() : list[0]) as Response);
    vi.stubGlobal('fetch', fetch);
    vi.stubGlobal('location', undefined);
    return fetch;
  }
  const stream = () => new Response('', { headers: type });
  const headers = { Authorization: 'Bearer 1', Cookie: 'a=b', 'X-Api-Key': 'k' };

  it('are left to fetch where there is nothing to protect, and with a custom one', async () => {
    const fetch = answers(stream());
    await attempt(undefined);
    await attempt(fetch, { init: { headers } });
    stubPage({ origin: 'http://example.com' });
    await attempt(undefined, { init: { headers } });
    expect(fetch.mock.calls.map(([, init]) => init.redirect)).toEqual(['follow', 'follow', 'follow']);
  });

  it('are followed by us with headers to protect, which another origin does not get', async () => {
    const broken = new Body();
    const fetch = answers(
      { ...redirect('/b'), body: broken.stream },
      redirect('//other.example/c', 307),
      redirect('http://example.com/d'),
      stream(),
    );
    const admission = await attempt(undefined, { lastEventId: '7', init: { headers } });
    expect(admission).toMatchObject({ redirected: true, url: { href: 'http://example.com/d' } });
    expect(fetch.mock.calls.map(([address]) => address)).toEqual([
      url,
      'http://example.com/b',
      'http://other.example/c',
      'http://example.com/d',
    ]);
    const ours = { Accept: 'text/event-stream', 'Last-Event-ID': '7' };
    const all = { ...ours, authorization: 'Bearer 1', cookie: 'a=b', 'x-api-key': 'k' };
    expect(fetch.mock.calls.map(([, init]) => init.headers)).toEqual([all, all, ours, ours]);
    expect(broken.isCancelled).toBe(true);
  });

  it('are followed by us where a runtime without pages has a location, as a worker of Deno', async () => {
    const fetch = answers(redirect('//other.example/'), stream());
    vi.stubGlobal('location', { origin: 'http://example.com' });
    vi.stubGlobal(
      'Request',
      class {
        headers = new Map([['cookie', 'a=b']]);
      },
    );
    await attempt(undefined, { init: { headers } });
    expect(fetch.mock.calls.map(([, init]) => init.redirect)).toEqual(['manual', 'manual']);
    expect(fetch.mock.calls[1]![1].headers).toEqual({ Accept: 'text/event-stream' });
  });

  it('that fetch has followed all the same are taken, unless they are forbidden', async () => {
    answers({ status: 200, redirected: true, headers: new Headers(type), body: null });
    expect(await attempt(undefined, { init: { headers } })).toMatchObject({ status: 200, redirected: true });
  });

  it('end after 20', async () => {
    const fetch = answers(redirect('/again'));
    const news = await attempt(undefined, { init: { headers } });
    expect(news).toMatchObject({ reason: 'redirect', signal: 'fail' });
    expect((news as { message: string }).message).toMatch(/^More than 20 redirects/);
    expect(fetch).toHaveBeenCalledTimes(21);
  });

  it('that lead nowhere fail', async () => {
    answers(redirect('ftp://example.com/'));
    expect(await attempt(undefined, { init: { headers } })).toMatchObject({
      reason: 'redirect',
      signal: 'fail',
    });
  });

  it.each([
    ['seen', redirect('/b')],
    ['followed all the same', { status: 200, redirected: true, headers: new Headers(type), body: null }],
    ['opaque, as in a page', { status: 0, type: 'opaqueredirect', headers: new Headers(), body: null }],
  ])('can be forbidden, with a custom fetch too: %s', async (_, response) => {
    const fetch = vi.fn<FetchLike>(async () => response as Response);
    const news = await attempt(fetch, { init: { redirect: 'error' } });
    expect(news).toMatchObject({ reason: 'redirect', signal: 'fail' });
    expect(fetch.mock.calls).toMatchObject([[url, { redirect: 'manual' }]]);
  });
});
