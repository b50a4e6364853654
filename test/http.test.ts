import { describe, expect, it } from 'vitest';
import * as http from '../src/http.ts';

const { signal } = new AbortController();
const get: http.Hop = {
  url: new URL('http://example.com/events'),
  method: 'GET',
  body: undefined,
  headers: {},
};
const plain: http.RequestOptions = { withCredentials: false, lastEventId: '', redirect: 'follow', signal };
const headersFor = (lastEventId: string) => http.requestInit(get, { ...plain, lastEventId }).headers;

describe('the request', () => {
  it('is what the standard asks for', () => {
    expect(http.requestInit(get, plain)).toEqual({
      mode: 'cors',
      credentials: 'same-origin',
      cache: 'no-store',
      redirect: 'follow',
      headers: { Accept: 'text/event-stream' },
      signal,
    });
  });

  it('includes credentials when asked to', () => {
    expect(http.requestInit(get, { ...plain, withCredentials: true }).credentials).toBe('include');
  });

  it("keeps Accept and Last-Event-ID beside the caller's headers", () => {
    const headers = http.plainHeaders({ Authorization: 'Bearer 1', 'X-Trace': 'a' });
    expect(http.requestInit({ ...get, headers }, { ...plain, lastEventId: '7' }).headers).toEqual({
      Accept: 'text/event-stream',
      authorization: 'Bearer 1',
      'x-trace': 'a',
      'Last-Event-ID': '7',
    });
  });

  it("sends the caller's own Accept once, whatever its case", () => {
    const headers = http.plainHeaders([['ACCEPT', 'text/event-stream, application/json']]);
    expect(http.requestInit({ ...get, headers }, plain).headers).toEqual({
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

  it('win over ours when they name the same', () => {
    const headers = { 'last-event-id': 'mine', accept: 'text/event-stream;q=1' };
    expect(http.requestInit({ ...get, headers }, { ...plain, lastEventId: '7' }).headers).toEqual(headers);
  });
});

describe('the verdict', () => {
  const judge = (status: number, type?: string) =>
    http.verdictOn({ status, headers: new Headers(type === undefined ? {} : { 'content-type': type }) });

  it('accepts status 200 with an event stream, whatever the case and the parameters', () => {
    for (const type of [
      'text/event-stream',
      'Text/Event-Stream; charset=x',
      'text/event-stream;',
      'text/event-stream;charset=windows-1252',
      ' text/event-stream ; a="b,c"',
    ]) {
      expect(judge(200, type), type).toEqual({ verdict: 'accepted' });
    }
  });

  it('refuses every other status, 204 included', () => {
    for (const status of [201, 202, 204, 205, 206, 301, 400, 401, 404, 500, 502, 503, 504]) {
      expect(judge(status, 'text/event-stream')).toEqual({ verdict: 'status' });
    }
  });

  it('refuses every other type, and none', () => {
    for (const type of ['text/html', 'text/event-stream-x', 'text/event-stream bogus', 'x', ';', '']) {
      expect(judge(200, type), type).toEqual({ verdict: 'content-type', contentType: type });
    }
    expect(judge(200)).toEqual({ verdict: 'content-type', contentType: null });
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
    ];
    expect(known.filter((url) => http.isFetchable(new URL(url)))).toEqual(known);
    expect(unknown.filter((url) => http.isFetchable(new URL(url)))).toEqual([]);
  });
});
