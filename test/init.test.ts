import { describe, expect, it } from 'vitest';
import { convertInit } from '../src/init.ts';

describe('the options', () => {
  it('have defaults', () => {
    expect(convertInit({})).toMatchObject({
      withCredentials: false,
      headers: {},
      method: 'GET',
      body: undefined,
      fetch: undefined,
      lastEventIdParameter: undefined,
      redirect: 'follow',
      lastEventId: '',
      reconnectionTime: 3000,
      maxBufferSize: 64 * 1024 * 1024,
      signal: undefined,
      idleTimeout: 0,
      connectTimeout: 0,
      unref: false,
      isOn: true,
      maxAttempts: Infinity,
      maxDelay: 30_000,
      spread: 0,
      afterEnd: true,
      resend: false,
      onComment: undefined,
    });
  });

  it.each([
    ['fetch', 'x'],
    ['signal', {}],
    ['signal', new EventTarget()],
    ['signal', { aborted: true }],
    ['method', 'HEAD'],
    ['method', 'trace'],
    ['method', 'CONNECT'],
    ['lastEventId', 7],
    ['lastEventId', 'a\nb'],
    ['lastEventId', 'a\0b'],
    ['lastEventId', 'a\rb'],
    ['reconnectionTime', -1],
    ['reconnectionTime', NaN],
    ['reconnectionTime', '500'],
    ['reconnectionTime', null],
    ['maxBufferSize', 0],
    ['maxBufferSize', NaN],
    ['maxBufferSize', '70'],
    ['method', 'a b'],
    ['body', 'x'],
    ['lastEventIdParameter', ''],
    ['lastEventIdParameter', 1],
    ['idleTimeout', -1],
    ['connectTimeout', NaN],
    ['redirect', 'manual'],
    ['onComment', 'x'],
    ['reconnection', true],
  ])('refuse %s: %j, and name it', (option, value) => {
    expect(() => convertInit({ [option]: value })).toThrow(TypeError);
    expect(() => convertInit({ [option]: value })).toThrow(new RegExp(`"${option}"`));
  });

  it.each([
    ['method', 'HEAD', 'a method that fetch allows, other than HEAD'],
    ['fetch', 'x', 'a function'],
    ['signal', {}, 'an AbortSignal'],
    ['lastEventId', 7, 'a string without NUL, CR and LF'],
    ['lastEventIdParameter', '', 'the name of a query parameter'],
    ['reconnectionTime', -1, 'a number of milliseconds, 0 or more'],
    ['reconnection', true, 'false or an object'],
    ['maxBufferSize', 0, 'a number of characters, 1 or more'],
    ['redirect', 'manual', '"follow" or "error"'],
    ['onComment', 'x', 'a function'],
    ['body', 'x', 'left out with GET'],
    ['https', {}, 'left out: see demo/recipes/own-ca.js'],
    ['rejectUnauthorized', false, 'left out: see demo/recipes/own-ca.js'],
    ['proxy', 'x', 'left out: see demo/recipes/proxy.js'],
    ['agent', {}, 'left out: see demo/recipes/proxy.js'],
  ])('say of %s: %j what it has to be', (option, value, expected) => {
    const message = `everysource: the option "${option}" has to be ${expected}`;
    expect(() => convertInit({ [option]: value })).toThrow(new TypeError(message));
  });

  it('are the same object for all who give none', () => {
    const { isRetried, ...defaults } = convertInit(undefined);
    expect(convertInit({})).toEqual({ ...defaults, isRetried: expect.any(Function) });
    expect(isRetried).toBe(convertInit(null).isRetried);
    expect(convertInit(undefined)).toBe(convertInit(null));
  });

  it('take what is valid as it comes', () => {
    const { signal } = new AbortController();
    expect(convertInit({ signal, redirect: 'follow' })).toMatchObject({ redirect: 'follow' });
    expect(convertInit({ signal }).signal).toBe(signal);
    expect(convertInit({ signal: null as never }).signal).toBeNull();
    expect(convertInit({ reconnection: false }).isOn).toBe(false);
    expect(convertInit({ lastEventId: null as never }).lastEventId).toBe('');
  });

  it('refuse what only looks like a signal', () => {
    expect(() => convertInit({ signal: { aborted: 0, addEventListener() {} } as never })).toThrow(/"signal"/);
  });

  it('refuse what is no object', () => {
    expect(() => convertInit(5 as never)).toThrow(/expected an object of options, got number/);
  });

  it.each([
    ['statuses', 503],
    ['statuses', ['503']],
    ['statuses', 'all'],
    ['maxAttempts', 0],
    ['maxAttempts', '3'],
    ['maxDelay', -1],
    ['spread', NaN],
  ])('refuse reconnection.%s: %j, and name it', (option, value) => {
    const init = { reconnection: { [option]: value } };
    expect(() => convertInit(init)).toThrow(new RegExp(`"reconnection.${option}"`));
  });

  it('refuse a body with GET, or a stream that would have to be sent twice', () => {
    const body = new ReadableStream();
    expect(() => convertInit({ method: 'get', body: 'x' })).toThrow(/"body"/);
    expect(() => convertInit({ method: 'POST', body, reconnection: { resend: true } })).toThrow(
      /"body".*a function/,
    );
    expect(convertInit({ method: 'POST', body }).body).toBe(body);
  });

  it('write the method as fetch does', () => {
    expect(convertInit({ headers: null as never }).headers).toEqual({});
    const method = (text: string) => convertInit({ method: text }).method;
    expect(['post', 'get', 'patch', 'QUERY'].map(method)).toEqual(['POST', 'GET', 'patch', 'QUERY']);
    const others = ['target', 'posts', 'tracer'];
    expect(others.map(method)).toEqual(others);
  });

  it('take an initial last event ID from fixed headers, and leave a function alone', () => {
    const headers = { 'Last-Event-ID': '6', a: '1' };
    expect(convertInit({ headers }).lastEventId).toBe('6');
    expect(convertInit({ headers }).headers).toEqual({ a: '1' });
    expect(convertInit({ headers, lastEventId: '7' }).lastEventId).toBe('7');
    const given = () => headers;
    expect(convertInit({ headers: given })).toMatchObject({ headers: given, lastEventId: '' });
    expect(convertInit({ headers: given, lastEventId: '7' })).toMatchObject({ lastEventId: '7' });
  });

  it.each(['https', 'proxy', 'rejectUnauthorized', 'agent'])(
    'refuse %s of other clients, and name the recipe',
    (option) => {
      expect(() => convertInit({ [option]: false })).toThrow(/demo\/recipes\/[a-z-]+\.js/);
      expect(convertInit({ [option]: undefined })).toBeDefined();
    },
  );
});
