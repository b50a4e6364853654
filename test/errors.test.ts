import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  exhausted,
  hide,
  lost,
  refusedByCors,
  repeatable,
  tooManyRedirects,
  trouble,
  wrongContentType,
  wrongStatus,
} from '../src/errors.ts';

const url = new URL('https://user:secret@example.com/path?token=secret#secret');
const place = '(https://example.com/path)';

describe('a trouble', () => {
  it('knows what the standard does next', () => {
    const signal = (reason: Parameters<typeof trouble>[0]) => trouble(reason, url, {}, '').signal;
    expect(['network', 'end-of-body'].map((reason) => signal(reason as 'network'))).toEqual([
      'reestablish',
      'reestablish',
    ]);
    const failing = ['status', 'content-type', 'aborted', 'unsupported', 'too-large'] as const;
    expect(failing.map(signal)).toEqual(failing.map(() => 'fail'));
  });

  it('names origin and path, and nothing that could be a secret', () => {
    expect(trouble('status', url, {}, 'Expected x').message).toBe(`Expected x ${place}`);
    expect(trouble('status', new URL('data:text/html,secret'), {}, 'Expected x').message).toBe(
      'Expected x (data:)',
    );
  });
});

describe('a rejection', () => {
  it('is an abort by its name, whatever its class', () => {
    for (const error of [new DOMException('', 'AbortError'), { name: 'AbortError' }]) {
      expect(lost(error, url)).toMatchObject({ reason: 'aborted', signal: 'fail', error });
    }
    expect(lost({ name: 'NotAnAbortError' }, url).reason).toBe('network');
    expect(lost({ name: 'TypeError', code: 'AbortError' }, url).reason).toBe('network');
  });

  it('with a trouble is that trouble', () => {
    const refused = trouble('status', url, { status: 404 }, 'x');
    expect(lost(refused, url)).toBe(refused);
  });

  it('without a code names none', () => {
    const error = new TypeError('fetch failed', { cause: new Error('other') });
    expect(lost(error, url).message).toBe(`The connection failed: check the url and the server ${place}`);
  });

  it.each([
    [undefined],
    [null],
    ['AbortError'],
    [0],
    [Symbol('x')],
    [new TypeError('x')],
    [Object.create(null)],
  ])('is a network error when it is %s', (error) => {
    expect(lost(error, url)).toMatchObject({ reason: 'network', signal: 'reestablish', error });
  });

  it.each([
    ['Node', Object.assign(new TypeError('terminated'), { cause: { code: 'UND_ERR_BODY_TIMEOUT' } })],
    ['Bun', new DOMException('The operation timed out.', 'TimeoutError')],
  ])('of a body by the time limit of the runtime (%s) says what to do', (_, error) => {
    const { reason, message } = lost(error, url);
    expect(reason).toBe('network');
    expect(message).toMatch(/^The connection failed.*: let the server send comments/);
  });

  it('of a fetch that went around in circles says so', () => {
    const error = Object.assign(new TypeError('fetch failed'), {
      cause: new Error('redirect count exceeded'),
    });
    expect(lost(error, url)).toMatchObject({ reason: 'network' });
    expect(lost(error, url).message).toMatch(/^The connection failed \(TOO_MANY_REDIRECTS\)/);
  });

  it('of a request that undici refuses to send is a mistake, and final', () => {
    for (const code of ['UND_ERR_INVALID_ARG', 'UND_ERR_NOT_SUPPORTED']) {
      const error = new TypeError('fetch failed', { cause: { code } });
      expect(lost(error, url)).toMatchObject({ reason: 'option', signal: 'fail', error });
    }
  });

  it('is a network error even when its properties cannot be read', () => {
    const error = new Proxy(
      {},
      {
        get() {
          throw new Error('hostile');
        },
      },
    );
    expect(lost(error, url).reason).toBe('network');
  });

  it("gives the runtime's code, of the error or of its cause, but never its text", () => {
    const error = new TypeError(`failed to fetch ${url}`, { cause: { code: 'ECONNREFUSED' } });
    expect(lost(error, url).message).toBe(
      `The connection failed (ECONNREFUSED): check the url and the server ${place}`,
    );
    expect(lost({ code: 'UND_ERR_SOCKET' }, url).message).toBe(
      `The connection failed (UND_ERR_SOCKET): check the url and the server ${place}`,
    );
    expect(lost({ code: 'a secret' }, url).message).not.toContain('secret');
  });
});

describe('the sentence of a reason', () => {
  it.each([
    ['end-of-body', 'The stream ended'],
    ['idle', 'Silent for "idleTimeout": let the server send comments'],
    ['connect-timeout', 'No response within "connectTimeout": check the url and the server'],
    ['headers', 'The function "headers" or "body" failed: look at "error"'],
    ['redirect', 'Redirected, against "redirect": use the final url'],
    ['aborted', 'Aborted, but not by close() or "signal"'],
    ['unsupported', 'Expected an unread Response or stream of bytes'],
    ['too-large', 'An event is larger than "maxBufferSize": raise it'],
    ['option', 'The option "headers" has to be valid headers'],
  ] as const)('%s is there unless another is given', (reason, sentence) => {
    expect(trouble(reason, url).message).toBe(`${sentence} ${place}`);
  });

  it('is another for a body after which one could follow, and for too many redirects', () => {
    expect(repeatable).toBe('The stream ended: let the server keep it open, or send 204');
    expect(tooManyRedirects).toBe('More than 20 redirects: use the final url');
  });
});

describe('a refusal by CORS', () => {
  const allow = 'Refused by CORS: let the server send Access-Control-Allow-Origin';

  it('names the headers that take a preflight, and no others', () => {
    expect(refusedByCors({ Accept: 'text/event-stream' })).toBe(allow);
    expect(refusedByCors({ accept: 'a', 'Accept-Language': 'b', 'X-Accept': 'c' })).toBe(
      `${allow} and Access-Control-Allow-Headers: Accept-Language, X-Accept`,
    );
  });

  it('knows of the way without a header for the ID', () => {
    expect(refusedByCors({ 'Last-Event-ID': '7' })).toBe(
      `${allow} and Access-Control-Allow-Headers: Last-Event-ID, or use "lastEventIdParameter"`,
    );
  });
});

describe('too many failures', () => {
  it('are final, and keep what the last one knew', () => {
    const error = new Error('last');
    const last = trouble('network', url, { error }, 'Lost');
    expect(exhausted(3, last)).toEqual({
      signal: 'fail',
      reason: 'attempts',
      message: `"maxAttempts" of 3 reached: Lost ${place}`,
      error,
    });
  });
});

describe('a sentence', () => {
  it('says what was expected, what came, and what to do about a status', () => {
    expect(wrongStatus(204)).toBe('Expected status 200, got 204: the server asks to stop');
    expect(wrongStatus(401)).toMatch(/^Expected status 200, got 401: send credentials/);
    expect(wrongStatus(403)).toMatch(/^Expected status 200, got 403: send credentials/);
    expect(wrongStatus(404)).toMatch(/^Expected status 200, got 404: check the url/);
    expect(wrongStatus(503)).toMatch(/^Expected status 200, got 503: /);
  });

  it('says what was expected, what came, and what it means of a content type', () => {
    expect(wrongContentType(null)).toMatch(/^Expected Content-Type text\/event-stream, got null: /);
    expect(wrongContentType('text/plain')).toBe(
      'Expected Content-Type text/event-stream, got text/plain: check the url and the server',
    );
    expect(wrongContentType('Text/HTML; charset=utf-8')).toMatch(
      /got Text\/HTML; charset=utf-8: check the url/,
    );
    expect(wrongContentType('x'.repeat(5000)).length).toBeLessThan(200);
  });

  it('about a content type can neither command a terminal nor begin a line of its own in a log', () => {
    expect(wrongContentType('text/\x1b[2J\x9b2K\r\n✔ all is well\u202e')).toMatch(
      /got text\/\?\[2J\?2K\?\?\? all is well\?: check/,
    );
  });
});

describe('what is hidden', () => {
  const event = { reason: 'status' };
  hide(event, { headers: 'secret', url: 'https://example.com/?token' });

  it('can be read, but not written', () => {
    expect(event).toMatchObject({ headers: 'secret', url: 'https://example.com/?token' });
    expect(() => Object.assign(event, { url: '' })).toThrow(TypeError);
  });

  it('does not show where the object is copied, made JSON or printed', () => {
    expect({ ...event }).toEqual({ reason: 'status' });
    expect(JSON.stringify(event)).toBe('{"reason":"status"}');
    expect(inspect(event)).toBe("{ reason: 'status' }");
  });
});
