import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { cancel, type Admission } from '../src/admission.ts';
import { Trouble } from '../src/errors.ts';
import { convertInit } from '../src/init.ts';
import { fetchTransport, responseTransport, streamTransport, type FetchLike } from '../src/transport.ts';
import { attempt, outcomeOf, url } from './support/attempt.ts';
import { Body } from './support/body.ts';
import { stubPage } from './support/page.ts';
import { until } from './support/until.ts';

const type = { 'content-type': 'text/event-stream' };

const answer = (response: unknown) => attempt(async () => response as Response);

describe('an attempt', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('fetches the whole url with the last event ID', async () => {
    const fetch = vi.fn<FetchLike>(async () => new Response('', { headers: type }));
    await attempt(fetch, { lastEventId: '7' });
    expect(fetch.mock.calls).toMatchObject([[url, { headers: { 'Last-Event-ID': '7' } }]]);
  });

  it('looks the global fetch up each time', async () => {
    for (let call = 0; call < 2; call++) {
      const fetch = vi.fn<FetchLike>(async () => new Response('', { headers: type }));
      vi.stubGlobal('fetch', fetch);
      await attempt(undefined);
      expect(fetch).toHaveBeenCalledOnce();
    }
  });

  it('is refused where there is no fetch at all', async () => {
    vi.stubGlobal('fetch', undefined);
    expect(await attempt(undefined)).toMatchObject({
      reason: 'unsupported',
      signal: 'fail',
      message: 'This runtime has no fetch: define it (http://example.com/events)',
    });
  });

  it.each(['TextDecoder', 'TextEncoder'])(
    'is refused where there is no %s, and so is a stream',
    async (name) => {
      vi.stubGlobal(name, undefined);
      const refusal = { reason: 'unsupported', signal: 'fail' };
      expect(await answer(new Response('', { headers: type }))).toMatchObject(refusal);
      expect(await outcomeOf(streamTransport(new Body().stream))).toMatchObject(refusal);
    },
  );

  it('tells the global fetch, and no other, to leave a silent stream open', async () => {
    vi.stubGlobal('Bun', {});
    const fetch = vi.fn<FetchLike>(async () => new Response('', { headers: type }));
    await attempt(fetch);
    vi.stubGlobal('fetch', fetch);
    await attempt(undefined);
    const inits = fetch.mock.calls.map(([, init]) => ({ ...init }));
    expect(inits.map((init) => 'timeout' in init)).toEqual([false, true]);
  });

  it('is lost when a custom fetch gives nothing, and does not fall back to the global one', async () => {
    const fetch = vi.fn<FetchLike>();
    vi.stubGlobal('fetch', fetch);
    expect(await answer(undefined)).toMatchObject({ reason: 'unsupported' });
    expect(fetch).not.toHaveBeenCalled();
  });

  it('never gives fetch a scheme that some runtime could load', async () => {
    const fetch = vi.fn<FetchLike>();
    expect(await attempt(fetch, { href: 'file:///etc/passwd' })).toMatchObject({
      reason: 'unsupported',
      message: 'Expected an http or https url, got file: (file:)',
    });
    expect(fetch).not.toHaveBeenCalled();
  });

  it('does not reject when fetch throws before it returns a promise', async () => {
    const error = new RangeError('at once');
    const fetch = () => {
      throw error;
    };
    expect(await attempt(fetch)).toMatchObject({ reason: 'network', signal: 'reestablish', error });
  });
});

describe('a transport', () => {
  it('tells what it is', () => {
    const fetching = fetchTransport(new URL(url), convertInit(undefined));
    expect(fetching).toMatchObject({ kind: 'fetch', url, isRepeatable: true });
    const given = { kind: 'stream', url: 'about:event-stream', isRepeatable: false };
    expect(streamTransport(new Body().stream)).toMatchObject(given);
    expect(responseTransport(new Response())).toMatchObject(given);
  });

  it('of a stream admits it as it is', async () => {
    const admission = (await outcomeOf(streamTransport(new Body().stream))) as Admission;
    expect(admission).toMatchObject({ status: 0, url: { href: 'about:event-stream' }, redirected: false });
    expect([...admission.headers]).toEqual([]);
  });

  it('of a response judges it, once and for all', async () => {
    const admission = await outcomeOf(responseTransport(new Response('', { headers: type })));
    expect(admission).toMatchObject({ status: 200, redirected: false });
    const refused = await outcomeOf(responseTransport(new Response('', { status: 503 })));
    expect(refused).toMatchObject({ reason: 'status', signal: 'fail', status: 503 });
  });

  it('of a response that has been read in part refuses it', async () => {
    const body = new Body().stream;
    const response = { status: 200, headers: new Headers(type), body, bodyUsed: true };
    expect(await outcomeOf(responseTransport(response))).toMatchObject({
      reason: 'unsupported',
      signal: 'fail',
    });
  });
});

describe('a rejection in a page', () => {
  const page = { origin: 'http://page.example' };
  afterEach(() => vi.unstubAllGlobals());

  /** The global fetch, with its answer to each call; a TypeError is how fetch reports both a refusal and a lost network. */
  function inPage(...answers: (() => Response)[]) {
    let calls = 0;
    const fetch = vi.fn<FetchLike>(async () => answers[calls++]!());
    vi.stubGlobal('fetch', fetch);
    stubPage(page);
    return fetch;
  }
  const refuse = () => {
    throw new TypeError('Failed to fetch');
  };
  const abort = () => {
    throw new DOMException('not ours', 'AbortError');
  };
  const opaque = () => new Response();
  const admit = () => new Response('', { headers: type });

  it('is a CORS refusal when somebody answers and the request is refused once more', async () => {
    const fetch = inPage(refuse, opaque, refuse);
    const trouble = await attempt(undefined, { lastEventId: '7' });
    expect(trouble).toMatchObject({ reason: 'cors', signal: 'fail', error: expect.any(TypeError) });
    expect(trouble).toHaveProperty(
      'message',
      expect.stringContaining('Access-Control-Allow-Headers: Last-Event-ID'),
    );
    const [first, probe, second] = fetch.mock.calls as unknown as [string, RequestInit][];
    expect(probe![1]).toMatchObject({ method: 'HEAD', mode: 'no-cors', credentials: 'omit' });
    expect(probe![1]).not.toHaveProperty('headers');
    expect(second).toEqual(first);
  });

  it('names no header when none but the safe ones were sent', async () => {
    inPage(refuse, opaque, refuse);
    expect(await attempt(undefined)).toHaveProperty('message', expect.not.stringContaining('Allow-Headers'));
  });

  it('is forgotten when the second request is admitted', async () => {
    inPage(refuse, opaque, admit);
    expect(await attempt(undefined)).toMatchObject({ status: 200 });
  });

  it('is a network error when nobody answers', async () => {
    const fetch = inPage(refuse, refuse);
    expect(await attempt(undefined)).toMatchObject({ reason: 'network', signal: 'reestablish' });
    expect(fetch).toHaveBeenCalledTimes(2);
  });

  it('is a network error when nobody answers in time, as some servers never answer HEAD', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    stubPage(page);
    const fetch = vi.fn<FetchLike>((_, { mode }) =>
      (mode as string) === 'no-cors'
        ? new Promise(() => {})
        : Promise.reject(new TypeError('Failed to fetch')),
    );
    vi.stubGlobal('fetch', fetch);
    const outcome = attempt(undefined);
    await until(() => fetch.mock.calls.length === 2);
    vi.advanceTimersByTime(10_000);
    expect(await outcome).toMatchObject({
      reason: 'network',
      signal: 'reestablish',
      error: expect.any(TypeError),
    });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is an abort when somebody aborts the second request', async () => {
    inPage(refuse, opaque, abort);
    expect(await attempt(undefined)).toMatchObject({ reason: 'aborted', signal: 'fail' });
  });

  it.each([
    ['the origin of the page', refuse, { href: `${page.origin}/events` }],
    ['a data: url', refuse, { href: 'data:text/event-stream,' }],
    ['what is no TypeError', abort, {}],
  ])('is not looked into for %s', async (_, response, options) => {
    const fetch = inPage(response);
    expect(await attempt(undefined, options)).toBeInstanceOf(Trouble);
    expect(fetch).toHaveBeenCalledOnce();
  });

  it('is not looked into for a POST, which would be sent twice', async () => {
    const fetch = inPage(refuse);
    const news = await attempt(undefined, { init: { method: 'POST', reconnection: { resend: true } } });
    expect(news).toMatchObject({ reason: 'network' });
    expect(fetch).toHaveBeenCalledOnce();
  });

  it('names the headers to allow, and what helps without', async () => {
    inPage(refuse, opaque, refuse);
    const init = { headers: { Authorization: 'Bearer secret', 'X-Trace': 't' } };
    const { message } = (await attempt(undefined, { lastEventId: '7', init })) as { message: string };
    expect(message).toContain('Access-Control-Allow-Headers: Last-Event-ID, authorization, x-trace');
    expect(message).toContain('"lastEventIdParameter"');
    expect(message).not.toMatch(/secret/);
  });

  it('is not looked into for a custom fetch', async () => {
    const fetch = inPage();
    expect(await attempt(refuse)).toMatchObject({ reason: 'network' });
    expect(fetch).not.toHaveBeenCalled();
  });
});

describe('a response', () => {
  it('is admitted with what the open event shows', async () => {
    const headers = new Headers({ ...type, 'x-server': 'a' });
    const final = { url: 'http://other.example/final', redirected: true };
    const body = new Body();
    const admission = await answer({ status: 200, headers, body: body.stream, ...final });
    expect(admission).toMatchObject({ status: 200, url: { href: final.url }, redirected: true });
    expect((admission as Admission).headers).toBe(headers);
    expect(body.stream.locked).toBe(true);
  });

  it('has the url that was asked for when it does not say', async () => {
    expect(await answer(new Response('', { headers: type }))).toMatchObject({
      url: { href: url },
      redirected: false,
    });
    expect(await answer({ status: 200, headers: new Headers(type) })).toMatchObject({
      url: { href: url },
      redirected: false,
    });
  });

  it.each([
    ['/other', 'http://example.com/other'],
    ['http://[', url],
    [5, 'http://example.com/5'],
  ])('of a made-up fetch may have the url %j', async (given, expected) => {
    const response = { status: 200, headers: new Headers(type), url: given, body: null };
    expect(await answer(response)).toMatchObject({
      url: { href: expected, origin: 'http://example.com' },
    });
    expect(await answer({ ...response, status: 404 })).toMatchObject({ reason: 'status', signal: 'fail' });
  });

  it.each([
    ['the url', { url: 'get' }],
    ['the body', { body: 'get' }],
    ['the headers', { headers: { get: 'call' } }],
  ])('fails when %s cannot be read', async (_, hostile) => {
    const fail = () => {
      throw new Error('hostile');
    };
    const response = { status: 200, headers: new Headers(type), body: null };
    if ('headers' in hostile) Object.assign(response, { headers: { get: fail } });
    else Object.defineProperty(response, Object.keys(hostile)[0]!, { get: fail });
    expect(await answer(response)).toMatchObject({
      reason: 'unsupported',
      signal: 'fail',
      error: new Error('hostile'),
    });
  });

  it('without a body is an empty stream', async () => {
    const admission = await answer(new Response(null, { headers: type }));
    expect(admission).toMatchObject({ reader: undefined });
  });

  it.each([
    ['status', 500, type],
    ['content-type', 200, { 'content-type': 'text/html' }],
  ])('that is refused for its %s is released', async (reason, status, headers) => {
    const body = new Body();
    const trouble = await answer(new Response(body.stream, { status, headers }));
    expect(trouble).toMatchObject({ reason, signal: 'fail', status });
    expect(body.isCancelled).toBe(true);
  });

  it.each([
    ["Node's own kind of stream", { pipe() {} }],
    [
      'a stream that somebody else reads',
      (() => {
        const { stream } = new Body();
        stream.getReader();
        return stream;
      })(),
    ],
  ])('with %s fails', async (_, body) => {
    const trouble = await answer({ status: 200, headers: new Headers(type), body });
    expect(trouble).toMatchObject({ reason: 'unsupported', signal: 'fail' });
  });

  it.each([
    [undefined],
    [null],
    ['text'],
    [{}],
    [{ status: 200 }],
    [{ status: '200', headers: new Headers() }],
  ])('that is none fails: %j', async (response) => {
    expect(await answer(response)).toMatchObject({ reason: 'unsupported', signal: 'fail' });
  });
});

describe('cancelling', () => {
  it('takes whatever a response can have for a body', () => {
    for (const body of [null, undefined, {}]) expect(cancel(body)).toBeUndefined();
  });

  it('does not leave a rejection behind for a broken stream', async () => {
    const body = new Body().break(new Error('broken'));
    expect(cancel(body.stream)).toBeUndefined();
    await expect(body.stream.cancel()).rejects.toThrow('broken');
  });

  it('takes a body whose cancel throws', () => {
    const body = {
      cancel() {
        throw new Error('at once');
      },
    };
    expect(cancel(body)).toBeUndefined();
  });
});
