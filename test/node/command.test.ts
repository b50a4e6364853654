import { describe, expect, it } from 'vitest';
import { UsageError, commandOf, inOptions, usage, type Command } from '../../src/command.ts';

const files: Record<string, string> = {
  headers: '\uFEFFAuthorization: Bearer 1\r\n  \nX-B:2 é\n',
  marked: 'A: x\uFEFFy',
  faulty: 'A: 1\n\nsecret\n',
  'body.json': '{"a":1}',
  empty: '',
  '-': 'A: from standard input',
};

async function read(path: string): Promise<Buffer> {
  const text = files[path];
  if (text === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
  return Buffer.from(text);
}

const parse = (...argv: string[]) => commandOf(argv, read) as Promise<Command>;
const mistake = async (...argv: string[]) => {
  const error = await commandOf(argv, read).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UsageError);
  return (error as UsageError).message;
};

describe('a command', () => {
  it('is a url, and nothing else has to be said', async () => {
    const { url, init, show } = await parse('https://example.com/a?b=c');
    expect(url.href).toBe('https://example.com/a?b=c');
    expect(init).toEqual({ headers: [], method: 'GET', reconnection: { statuses: [] } });
    expect(show).toEqual({ format: 'text', types: new Set(), count: Infinity, until: undefined });
  });

  it.each([
    ['example.com/a', 'https://example.com/a'],
    ['localhost:8080/a', 'http://localhost:8080/a'],
    ['127.0.0.1', 'http://127.0.0.1/'],
    ['127.10.20.30:81', 'http://127.10.20.30:81/'],
    ['mylocalhost', 'https://mylocalhost/'],
    ['a.example/?next=http://b', 'https://a.example/?next=http://b'],
    ['[::1]:80/a', 'http://[::1]/a'],
    ['localhost.example.com', 'https://localhost.example.com/'],
    ['HTTP://example.com', 'http://example.com/'],
  ])('completes the url %s', async (text, href) => {
    expect((await parse(text)).url.href).toBe(href);
  });

  it('has headers from words and from files', async () => {
    const { init } = await parse('a.example', '-H', 'X-A: 1: 2 ', '--header=@headers', '-HX-C:');
    expect(init.headers).toEqual([
      ['X-A', '1: 2'],
      ['Authorization', 'Bearer 1'],
      ['X-B', '2 é'.replace('é', '\xC3\xA9')],
      ['X-C', ''],
    ]);
    expect((await parse('a.example', '-H', '@marked')).init.headers).toEqual([['A', 'x\xEF\xBB\xBFy']]);
  });

  it.each(['X-Host', 'Hosts', 'X-Last-Event-ID', 'Last-Event-IDs'])('may have a header %s', async (name) => {
    expect((await parse('a.example', '-H', `${name}: 1`)).init.headers).toEqual([[name, '1']]);
  });

  it('may read standard input once, and files besides', async () => {
    const first = (await parse('a.example', '-H', '@-', '-d', '@body.json')).init;
    expect([first.headers, `${first.body as string}`]).toEqual([
      [
        ['A', 'from standard input'],
        ['Content-Type', 'application/json'],
      ],
      '{"a":1}',
    ]);
    const second = (await parse('a.example', '-H', '@headers', '-d', '-')).init;
    expect(`${second.body as string}`).toBe('A: from standard input');
  });

  it('posts data from a word, a file and standard input, and says when it is JSON', async () => {
    const bodyOf = async (...argv: string[]) => {
      const { method, body, headers } = (await parse('a.example', ...argv)).init;
      return [method, `${body as string}`, headers];
    };
    const json = [['Content-Type', 'application/json']];
    expect(await bodyOf('-d', 'hello')).toEqual(['POST', 'hello', []]);
    expect(await bodyOf('-d', '[1]')).toEqual(['POST', '[1]', json]);
    expect(await bodyOf('-d', '@body.json', '-X', 'put')).toEqual(['PUT', '{"a":1}', json]);
    expect(await bodyOf('--data', '-')).toEqual(['POST', 'A: from standard input', []]);
    expect(await bodyOf('-d', '1', '-H', 'X-A: 1')).toEqual(['POST', '1', [['X-A', '1'], ...json]]);
    expect(await bodyOf('-d', '1', '-H', 'content-type: a/b')).toEqual([
      'POST',
      '1',
      [['content-type', 'a/b']],
    ]);
  });

  it('posts the bytes of a file as they are', async () => {
    const bytes = Buffer.from([0, 0xff, 0xfe, 0x80]);
    const command = (await commandOf(['a.example', '-d', '@file'], async () => bytes)) as Command;
    expect(command.init.body).toBe(bytes);
  });

  it('says what to print and when to end', async () => {
    const { show } = await parse(
      'a.example',
      '--event',
      'a',
      '--event',
      'b',
      '--json',
      '--count',
      '3',
      '--until',
      'x',
    );
    expect(show).toEqual({ format: 'json', types: new Set(['a', 'b']), count: 3, until: 'x' });
    expect((await parse('a.example', '--raw')).show.format).toBe('raw');
    expect((await parse('a.example', '--count', '25')).show.count).toBe(25);
    expect((await parse('a.example', '--until', '')).show.until).toBe('');
  });

  it('says how to connect', async () => {
    const { init } = await parse(
      'a.example',
      '--last-event-id',
      '7',
      '--retry-status',
      '429,503',
      '--retry-status=401',
    );
    expect(init).toMatchObject({ lastEventId: '7', reconnection: { statuses: [429, 503, 401] } });
    expect((await parse('a.example', '--no-reconnect')).init.reconnection).toBe(false);
    const transient = (await parse('a.example', '--retry-status', '401,transient')).init.reconnection;
    expect(transient).toEqual({ statuses: [401, 408, 425, 429, 500, 502, 503, 504] });
  });

  it.each([
    ['45s', 45_000],
    ['500ms', 500],
    ['1.5s', 1500],
    ['1.25s', 1250],
    ['2m', 120_000],
    ['250', 250],
  ])('takes %s for a time', async (text, milliseconds) => {
    expect((await parse('a.example', '--idle-timeout', text)).init.idleTimeout).toBe(milliseconds);
  });

  it('may ask for help or the version, whatever else is wrong', async () => {
    expect(await commandOf(['--help'], read)).toBe('help');
    expect(await commandOf(['-h', 'a', '--bogus'], read)).toBe('help');
    expect(await commandOf(['-V'], read)).toBe('version');
  });
});

describe('a mistake is named, without the value:', () => {
  it.each([
    ['no url', [], 'Expected a URL'],
    [
      'words that belong together',
      ['-H', 'Authorization:', 'Bearer', 'secret', 'a.example'],
      'Expected one URL, got 3 words',
    ],
    ['a url that cannot be parsed', ['https://secret:secret:1'], 'The URL cannot be parsed'],
    ['another scheme', ['ftp://secret.example'], 'Expected an http or https URL, got ftp:'],
    ['one that begins alike', ['httpx://secret.example'], 'Expected an http or https URL, got httpx:'],
    ['an unknown option', ['a.example', '--tokn=secret'], "Unknown option '--tokn'"],
    [
      'an option and its value as one word',
      ['a.example', '--header Authorization: Bearer secret'],
      "Unknown option '--header…': an option and its value are quoted each by itself",
    ],
    [
      'the same, with what the advice of the parser begins with',
      ['a.example', '--data secret. To specify a secret'],
      "Unknown option '--data…': an option and its value are quoted each by itself",
    ],
    [
      'the same, with a quote left over',
      ['a.example', "--data' secret"],
      "Unknown option '--data…': an option and its value are quoted each by itself",
    ],
    ['an option without its value', ['a.example', '--until'], "Option '--until <value>' argument missing"],
    ['a value for a switch', ['a.example', '--json=secret'], "Option '--json' does not take an argument"],
    ['two formats', ['a.example', '--json', '--raw'], '--json and --raw exclude each other'],
    ['a header without a name', ['a.example', '-H', 'secret'], '--header has to be "NAME: VALUE"'],
    [
      'a header that cannot be sent',
      ['a.example', '-H', 'se(cret: secret'],
      '--header has to be valid headers',
    ],
    [
      'a file that is not there',
      ['a.example', '-d', '@secret'],
      'Cannot read the file given to --data (ENOENT)',
    ],
    ['a count of none', ['a.example', '--count', '0'], '--count has to be a whole number'],
    ['a count that is no number', ['a.example', '--count', '1e3'], '--count has to be a whole number'],
    ['a time', ['a.example', '--idle-timeout', 'soon'], '--idle-timeout has to be a time'],
    [
      'a header forgotten behind @',
      ['a.example', '-H', '@Authorization: Bearer secret'],
      'Cannot read the file given to --header (ENOENT)',
    ],
    ['a line of a file', ['a.example', '-H', '@faulty'], 'Line 3 of the file given to --header has to be'],
    ['a header of fetch', ['a.example', '-H', 'Host: secret'], '--header cannot set Host'],
    [
      'an id as a header',
      ['a.example', '-H', 'Last-Event-ID: secret'],
      '--header: for this one there is --last',
    ],
    ['a second value', ['a.example', '-d', 'a', '-d', 'secret'], '--data can be given only once'],
    [
      'standard input for two',
      ['a.example', '-H', '@empty', '-d', '-', '-H', '@-'],
      'Standard input can be read',
    ],
    [
      'a value that begins with a dash',
      ['a.example', '--until', '-secret'],
      "Option '--until' argument is ambiguous: a value",
    ],
    ['no name', ['a.example', '--event', ''], '--event has to be the name of an event'],
    [
      'the status of success',
      ['a.example', '--retry-status', '200'],
      '--retry-status has to be status codes',
    ],
    [
      'a retry without retries',
      ['a.example', '--no-reconnect', '--retry-status', '503'],
      '--retry-status is for',
    ],
    [
      'a retry of a POST',
      ['a.example', '-d', 'a', '--retry-status', '503'],
      '--retry-status is for requests',
    ],
    ['a status', ['a.example', '--retry-status', '600'], '--retry-status has to be status codes'],
    ['data with GET', ['a.example', '-X', 'GET', '-d', 'secret'], '--data has to be left out with GET'],
    ['a method', ['a.example', '-X', 'HEAD'], '--method has to be a method that fetch allows'],
    ['an id with a line end', ['a.example', '--last-event-id', 'secret\n'], '--last-event-id has to be'],
  ])('%s', async (_, argv, message) => {
    const text = await mistake(...argv);
    expect(text.slice(0, message.length)).toBe(message);
    expect(text).not.toContain('secret');
    expect(text).not.toContain('\n');
  });

  it.each([
    [['-H', 'a'], '--header has to be "NAME: VALUE", or @FILE'],
    [['-H', 'a b: c'], '--header has to be "NAME: VALUE", or @FILE'],
    [['-H', '@faulty'], 'Line 3 of the file given to --header has to be "NAME: VALUE"'],
    [['--tokn'], "Unknown option '--tokn'"],
    [['--data=a', '--data=b'], '--data can be given only once'],
    [['--idle-timeout', 'in 5s'], '--idle-timeout has to be a time such as 45s, 500ms or 2m'],
    [['--idle-timeout', '5s more'], '--idle-timeout has to be a time such as 45s, 500ms or 2m'],
    [['--retry-status', '1429'], '--retry-status has to be status codes such as 429,503, or transient'],
    [['--retry-status', 'x429'], '--retry-status has to be status codes such as 429,503, or transient'],
  ])('%j, and says no more than that', async (argv, message) => {
    expect(await mistake('a.example', ...argv)).toBe(message);
  });

  it.each(['xhttp', 'h2c'])('the scheme %s', async (scheme) => {
    expect(await mistake(`${scheme}://a.example`)).toBe(`Expected an http or https URL, got ${scheme}:`);
  });

  it('an unreadable standard input', async () => {
    const failing = () => Promise.reject(Object.assign(new Error('x'), { code: 'EAGAIN' }));
    await expect(commandOf(['a.example', '-d', '-'], failing)).rejects.toThrow(
      'Cannot read standard input (EAGAIN)',
    );
  });
});

describe('the usage text', () => {
  it('fits a terminal, and tells of every option', () => {
    expect(Math.max(...usage.split('\n').map((line) => line.length))).toBeLessThan(80);
    const names = [...usage.matchAll(/--([a-z-]+)/g)].map(([, name]) => name);
    expect(new Set(names)).toEqual(
      new Set(
        'header method data last-event-id event json raw count until idle-timeout retry-status no-reconnect help version'.split(
          ' ',
        ),
      ),
    );
  });
});

describe("a message of the engine's", () => {
  it('names what there is on the command line', () => {
    expect(inOptions('send credentials with "headers" or "withCredentials" (http://a/)')).toBe(
      'send credentials with --header (http://a/)',
    );
    expect(inOptions('with a "method" other than GET')).toBe('with a --method other than GET');
    expect(inOptions('within "idleTimeout"')).toBe('within --idle-timeout');
    expect(inOptions('look at "error"')).toBe('look at "error"');
    expect(inOptions('An event is larger than "maxBufferSize": raise it (http://a/)')).toBe(
      'An event is larger than what is kept: send smaller events (http://a/)',
    );
  });
});
