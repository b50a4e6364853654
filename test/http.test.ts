import { describe, expect, it } from 'vitest';
import * as http from '../src/http.ts';

const { signal } = new AbortController();
const get: http.Hop = {
  url: new URL('http://example.com/events'),
  method: 'GET',
  body: undefined,
  headers: {},
  withCredentials: false,
  lastEventId: '',
  isManual: false,
  signal,
};
const headersFor = (lastEventId: string) => http.requestInit({ ...get, lastEventId }).headers;

describe('the request', () => {
  it('is what the standard asks for', () => {
    expect(http.requestInit(get)).toEqual({
      mode: 'cors',
      credentials: 'same-origin',
      cache: 'no-store',
      redirect: 'follow',
      headers: { Accept: 'text/event-stream' },
      signal,
    });
  });

  it('has no body where none is sent', () => {
    expect(http.requestInit(get)).not.toHaveProperty('body');
  });

  it('leaves redirects to us when they are ours to follow', () => {
    expect(http.requestInit({ ...get, isManual: true }).redirect).toBe('manual');
  });

  it('includes credentials when asked to', () => {
    expect(http.requestInit({ ...get, withCredentials: true }).credentials).toBe('include');
  });

  it("keeps Accept and Last-Event-ID beside the caller's headers", () => {
    const headers = http.plainHeaders({ Authorization: 'Bearer 1', 'X-Trace': 'a' });
    expect(http.requestInit({ ...get, headers, lastEventId: '7' }).headers).toEqual({
      Accept: 'text/event-stream',
      authorization: 'Bearer 1',
      'x-trace': 'a',
      'Last-Event-ID': '7',
    });
  });

  it("sends the caller's own Accept once, whatever its case", () => {
    const headers = http.plainHeaders([['ACCEPT', 'text/event-stream, application/json']]);
    expect(http.requestInit({ ...get, headers }).headers).toEqual({
      accept: 'text/event-stream, application/json',
    });
  });
});

describe('the Last-Event-ID header', () => {
  it('is left out for the empty string', () => {
    expect(headersFor('')).not.toHaveProperty('Last-Event-ID');
  });

  it('is UTF-8, one character per byte', () => {
    expect(headersFor('é☃😀')['Last-Event-ID']).toBe('\xC3\xA9\xE2\x98\x83\xF0\x9F\x98\x80');
  });

  it('is the same for a long id, wherever it is divided', () => {
    for (const start of ['', 'a', 'aé']) {
      const id = start + '☃😀'.repeat(1000);
      expect(headersFor(id)['Last-Event-ID']).toBe(Buffer.from(id).toString('latin1'));
    }
  });

  it('turns a lone surrogate into U+FFFD', () => {
    expect(headersFor('\uD800')['Last-Event-ID']).toBe('\xEF\xBF\xBD');
  });

  it('is left out for an id that no header can carry', () => {
    for (const code of [0, 1, 8, 10, 13, 27, 31, 127]) {
      expect(headersFor(`a${String.fromCharCode(code)}b`)).not.toHaveProperty('Last-Event-ID');
    }
    expect(headersFor('a\tb')['Last-Event-ID']).toBe('a\tb');
  });
});

describe("the caller's headers", () => {
  it('may be a Headers object, pairs or a record, or none', () => {
    expect(http.plainHeaders(new Headers({ a: '1' }))).toEqual({ a: '1' });
    expect(http.plainHeaders([['a', '1']])).toEqual({ a: '1' });
    expect(http.plainHeaders({ A: '1' })).toEqual({ a: '1' });
    expect(http.plainHeaders(undefined)).toEqual({});
  });

  it('that cannot be sent are not shown in the error', () => {
    const secret = {
      get a() {
        throw new TypeError('SECRET');
      },
    };
    let error: unknown;
    try {
      http.plainHeaders(secret as never);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({
      message: 'everysource: the option "headers" has to be valid headers',
      code: 'INVALID_ARG',
    });
    expect(`${error} ${(error as Error).cause}`).not.toContain('SECRET');
  });

  it('win over ours when they name the same', () => {
    const headers = { 'last-event-id': 'mine', accept: 'text/event-stream;q=1' };
    expect(http.requestInit({ ...get, headers, lastEventId: '7' }).headers).toEqual(headers);
  });
});

describe('the essence of repeated types', () => {
  it.each([
    ['text/html, text/event-stream', 'text/event-stream'],
    ['text/event-stream, text/html', 'text/html'],
    ['text/event-stream, bogus', 'text/event-stream'],
    ['text/event-stream, */*', 'text/event-stream'],
    ['text/event-stream;a="x,text/html"', 'text/event-stream'],
    ['text/event-stream;a="x\\",text/html"', 'text/event-stream'],
    ['text/event-stream;a="open, text/html', 'text/event-stream'],
    // An open quote swallows the comma, and a quote is no part of a type.
    ['a"b, text/event-stream', undefined],
    ['text/"x"event-stream', undefined],
    ['text/event-stream ;a=b', 'text/event-stream'],
    ['text/event-stream@b', undefined],
    ['bogus text/event-stream', undefined],
    [null, undefined],
    ['', undefined],
    ['"\\', undefined],
  ])('of %j is %j', (value, essence) => {
    expect(http.essenceOf(value)).toBe(essence);
  });
});

describe('a scheme', () => {
  it('is given to fetch when fetch knows it', () => {
    const known = ['http://a/', 'https://a/', 'data:,x', 'blob:http://a/1'];
    const unknown = [
      'ftp://a/',
      'file:///etc/passwd',
      'about:blank',
      'mailto:a@b',
      'javascript:1',
      'ws://a/',
      'xhttp://a/',
    ];
    expect(known.filter((url) => http.isFetchable(new URL(url)))).toEqual(known);
    expect(unknown.filter((url) => http.isFetchable(new URL(url)))).toEqual([]);
  });
});

describe('the url of a request', () => {
  const requested = (url: string, id = '', parameter?: string) =>
    http.requestUrl(new URL(url), id, parameter).href;

  it('has no user and no password, which fetch refuses', () => {
    expect(requested('https://me:secret@example.com/a?b#c')).toBe('https://example.com/a?b#c');
    expect(requested('https://me@example.com/a')).toBe('https://example.com/a');
    expect(requested('https://:secret@example.com/a')).toBe('https://example.com/a');
  });

  it('carries the id where a parameter is named for it', () => {
    expect(requested('https://example.com/a?topic=b', 'é 1', 'lastEventID')).toBe(
      'https://example.com/a?topic=b&lastEventID=%C3%A9+1',
    );
    expect(requested('https://example.com/a?lastEventID=0&b&%6CastEventID=1', '7', 'lastEventID')).toBe(
      'https://example.com/a?b&lastEventID=7',
    );
    expect(requested('https://example.com/a', '7', 'id')).toBe('https://example.com/a?id=7');
    expect(requested('https://example.com/a', '', 'lastEventID')).toBe('https://example.com/a');
    expect(requested('https://example.com/a', '1')).toBe('https://example.com/a');
  });
});

describe('a signed url', () => {
  it('keeps its own query to the letter when the id is added', () => {
    for (const query of ['sig=a%20b/c%27~&flag&x=%E4', '?a=b', 'a=b&?id=1', '?id=1']) {
      const signed = `https://example.com/p?${query}`;
      expect(http.requestUrl(new URL(signed), '7', 'id').href).toBe(`${signed}&id=7`);
    }
  });
});

describe('user and password in a url', () => {
  const url = new URL('https://m%C3%A9:a%3Ab@example.com/');
  const page = { origin: 'https://page.example' };
  const encoded = Buffer.from('mé:a:b').toString('base64');

  it('become Basic, in UTF-8', () => {
    expect(http.credentialsOf(url, false, undefined)).toEqual({ authorization: `Basic ${encoded}` });
    expect(http.credentialsOf(new URL('https://me@example.com/'), false, undefined)).toEqual({
      authorization: `Basic ${btoa('me:')}`,
    });
    expect(http.credentialsOf(new URL('https://example.com/'), true, undefined)).toEqual({});
  });

  it('are sent from a page to its own origin, and to another one withCredentials only', () => {
    expect(http.credentialsOf(url, false, page)).toEqual({});
    expect(http.credentialsOf(url, true, page)).toHaveProperty('authorization');
    expect(http.credentialsOf(url, false, { origin: url.origin })).toHaveProperty('authorization');
  });

  it('are taken as they are when they are no percent-encoding', () => {
    for (const password of ['100%', '%FF']) {
      expect(http.credentialsOf(new URL(`https://me:${password}@example.com/`), false, undefined)).toEqual({
        authorization: `Basic ${btoa(`me:${password}`)}`,
      });
    }
  });
});

describe('a redirect', () => {
  const headers = { authorization: 'Bearer 1', 'content-type': 'text/plain', 'x-api-key': 'k' };
  const post: http.Hop = { ...get, method: 'POST', body: 'x', headers };
  const next = (hop: http.Hop, status: number, location?: string) =>
    http.nextHop(hop, {
      status,
      headers: { get: (name: string) => (name === 'location' ? (location ?? null) : 'x') },
      body: null,
    });

  it.each([
    ['/b', 'http://example.com/b'],
    ['b?c', 'http://example.com/b?c'],
    ['//other.example/b', 'http://other.example/b'],
    ['https://other.example/b', 'https://other.example/b'],
    ['/caf\xC3\xA9', 'http://example.com/caf%C3%A9'],
    ['/caf%C3%A9', 'http://example.com/caf%C3%A9'],
    ['/\u2603', 'http://example.com/%E2%98%83'],
  ])('to %s leads to %s', (location, expected) => {
    const hop = next(get, 302, location) as http.Hop;
    expect([hop.url.href, hop.method]).toEqual([expected, 'GET']);
  });

  it('keeps headers within the origin, and drops all of them beyond it', () => {
    const kept = (location: string) => (next({ ...get, headers }, 307, location) as http.Hop).headers;
    expect(kept('/b')).toEqual(headers);
    for (const location of ['//other.example/', 'https://example.com/', 'http://example.com:81/']) {
      expect(kept(location)).toEqual({});
    }
  });

  it.each([
    [301, 'GET'],
    [302, 'GET'],
    [303, 'GET'],
    [307, 'POST'],
    [308, 'POST'],
  ])('with %i sends a POST on as %s', (status, method) => {
    const hop = next(post, status, '/b');
    expect(hop).toMatchObject({ method, body: method === 'GET' ? undefined : 'x' });
    expect(Object.keys((hop as http.Hop).headers)).toEqual(
      method === 'GET' ? ['authorization', 'x-api-key'] : ['authorization', 'content-type', 'x-api-key'],
    );
  });

  it('with 303 leaves a GET as it is', () => {
    expect((next({ ...get, headers }, 303, '/b') as http.Hop).headers).toEqual(headers);
  });

  it('sends other methods on as they are, but with 303', () => {
    const put = { ...post, method: 'PUT' };
    expect([301, 302, 303].map((status) => (next(put, status, '/b') as http.Hop).method)).toEqual([
      'PUT',
      'PUT',
      'GET',
    ]);
  });

  it.each([
    ['a url that fetch refuses', get, 'ftp://example.com/'],
    ['a url that fetch refuses', get, 'http://['],
    ['a url that fetch refuses', get, 'http://me@example.com/'],
    ['only once', { ...post, body: new ReadableStream() }, '/b'],
  ])('cannot be followed: %s', (sentence, hop, location) => {
    expect(next(hop, 307, location)).toMatch(sentence);
  });

  it('is none without a location, or with another status', () => {
    expect(next(get, 302)).toBeUndefined();
    for (const status of [200, 300, 304, 401]) expect(next(get, status, '/b')).toBeUndefined();
  });
});

describe('Retry-After', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');

  it.each([
    [null, 0],
    ['120', 120_000],
    [' 0 ', 0],
    ['Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
    ['Wed, 31 Dec 2025 23:00:00 GMT', 0],
    ['-5', 0],
    ['soon', 0],
  ])('%s is %i ms', (value, expected) => {
    expect(http.retryAfter(value, now)).toBe(expected);
  });
});

describe('a body to send', () => {
  it('is part of the request, and a stream says so', () => {
    const body = new ReadableStream();
    expect(http.requestInit({ ...get, method: 'POST', body: 'x' })).toMatchObject({
      method: 'POST',
      body: 'x',
    });
    expect(http.requestInit({ ...get, method: 'POST', body })).toMatchObject({ body, duplex: 'half' });
    expect(http.requestInit({ ...get, method: 'POST', body: 'x' })).not.toHaveProperty('duplex');
  });

  it('can be read only once when it is a stream of any kind', async () => {
    async function* generate() {}
    const reader = { getReader() {} }; // as in browsers whose streams are not iterable
    expect([new ReadableStream(), generate(), reader].map(http.isStream)).toEqual([true, true, true]);
    expect(['x', new Uint8Array(), new URLSearchParams(), null, undefined].map(http.isStream)).toEqual(
      Array(5).fill(false),
    );
  });
});
