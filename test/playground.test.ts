/** The parts of the playground that need no page. */
import { readdirSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { sendFile } from '../demo/files.js';
import { History, KEPT_CHANGES, Rate } from '../demo/playground/history.js';
import { BoundedList, Journal, KEPT_EVENTS } from '../demo/playground/journal.js';
import { beginning, formatBytes, formatDelay, pretty } from '../demo/playground/present.js';
import { HeaderLineError, parseHeaders, readSettings } from '../demo/playground/settings.js';

describe('a bounded list', () => {
  it('keeps the newest, and counts those that it dropped', () => {
    const list: BoundedList<number> = new BoundedList(3);
    for (const item of [1, 2, 3, 4, 5]) list.push(item);
    expect([list.newestFirst(), list.length, list.dropped]).toEqual([[5, 4, 3], 3, 2]);
  });

  it('drops old ones when all cost too much together, but never the newest', () => {
    const list: BoundedList<string> = new BoundedList(10, 5, (item: string) => item.length);
    for (const item of ['aa', 'bb', 'cc']) list.push(item);
    expect(list.newestFirst()).toEqual(['cc', 'bb']);
    list.push('much too long');
    expect([list.newestFirst(), list.dropped]).toEqual([['much too long'], 3]);
    list.push('d');
    expect(list.newestFirst()).toEqual(['d']);
  });
});

describe('the journal', () => {
  const event = { time: 0, type: 'message', id: '', data: 'a' };

  it('counts every event, and keeps a bounded number of them', () => {
    const journal = new Journal();
    for (let index = 0; index < KEPT_EVENTS + 5; index++) journal.receive(event);
    expect([journal.eventCount, journal.events.length, journal.events.dropped]).toEqual([1005, 1000, 5]);
    expect(journal.events.newestFirst()[0]!.number).toBe(1005);
    journal.begin();
    expect([journal.eventCount, journal.events.length, journal.events.dropped]).toEqual([0, 0, 0]);
  });

  it('waits after an error that has a delay, and is closed after one that has none', () => {
    const journal = new Journal();
    const error = { time: 1000, reason: 'network', message: '', status: undefined, attempt: 1 };
    journal.fail({ ...error, delay: 500 });
    expect([journal.state, journal.due]).toEqual(['waiting', 1500]);
    journal.fail({ ...error, delay: undefined });
    expect([journal.state, journal.errorCount]).toEqual(['closed', 2]);
    journal.change('closed', 2000, 'by you');
    expect(journal.history.errorsSince(0)).toEqual([1000, 1000]);
    expect(journal.history.errorsSince(1001)).toEqual([]);
  });
});

describe('the history', () => {
  it('gives segments that meet, cut to what is shown, and joins what is the same', () => {
    const history = new History();
    history.add({ state: 'connecting', time: 10, note: '' });
    history.add({ state: 'connecting', time: 15, note: '' });
    history.add({ state: 'open', time: 20, note: '' });
    history.add({ state: 'waiting', time: 50, note: '' });
    expect(history.segments(0, 60)).toEqual([
      { state: 'connecting', start: 10, end: 20 },
      { state: 'open', start: 20, end: 50 },
      { state: 'waiting', start: 50, end: 60 },
    ]);
    expect(history.segments(30, 40)).toEqual([{ state: 'open', start: 30, end: 40 }]);
    expect(history.newestFirst(2).map(({ state }) => state)).toEqual(['waiting', 'open']);
  });

  it('is bounded', () => {
    const history = new History();
    for (let time = 0; time < 5000; time++) history.add({ state: 'open', time, note: '' });
    expect(history.newestFirst(5000).length).toBe(KEPT_CHANGES);
    // The last minute of a source that goes round as fast as it may.
    expect(KEPT_CHANGES).toBeGreaterThan(60 * 10 * 3);
  });
});

describe('the rate', () => {
  it('is the count of the last full second, and remembers no more than the picture shows', () => {
    const rate = new Rate();
    for (let time = 0; time < 100_000; time += 250) rate.add(time);
    expect([rate.perSecond(100_000), rate.perSecond(102_000)]).toEqual([4, 0]);
    expect(rate.between(0, 100_000).length).toBe(62);
    expect(rate.between(97_500, 98_500)).toEqual([
      { time: 97_000, count: 4 },
      { time: 98_000, count: 4 },
    ]);
  });
});

describe('headers', () => {
  it('are read line by line', () => {
    expect(parseHeaders('Authorization: Bearer a:b\r\n\n  X-Empty:\nx: 1\nx: 2')).toEqual([
      ['Authorization', 'Bearer a:b'],
      ['X-Empty', ''],
      ['x', '1'],
      ['x', '2'],
    ]);
    expect(parseHeaders(' \n')).toEqual([]);
  });

  it.each([
    ['a: 1\nAuthorization Bearer x', 2, 'Headers, line 2: expected “Name: value”, but there is no colon.'],
    ['\nbad name: 1', 2, 'Headers, line 2: “bad name” cannot be the name of a header.'],
    [': 1', 1, 'Headers, line 1: “” cannot be the name of a header.'],
    ['a: ☃', 1, 'Headers, line 1: the value of “a” has a character that no header can carry.'],
    ['Cookie: a', 1, 'Headers, line 1: browsers let no page set “Cookie”, and would drop it in silence.'],
    [
      'Sec-Fetch: a',
      1,
      'Headers, line 1: browsers let no page set “Sec-Fetch”, and would drop it in silence.',
    ],
  ])('name the line that is wrong: %j', (text, line, message) => {
    expect(() => parseHeaders(text)).toThrow(expect.objectContaining({ line, message }));
    expect(() => parseHeaders(text)).toThrow(HeaderLineError);
  });
});

describe('the settings', () => {
  const read = (fields: Record<string, string>) => {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    return readSettings(form);
  };

  it('leave out what was left empty', () => {
    const { url, init } = read({
      url: ' /feed ',
      method: 'GET',
      body: '',
      idleTimeout: ' ',
      reconnects: 'on',
    });
    expect(url).toBe('/feed');
    const given = Object.entries(init).filter(([, value]) => value !== undefined);
    expect(Object.fromEntries(given)).toEqual({
      withCredentials: false,
      method: 'GET',
      reconnection: { afterEnd: false, resend: false },
    });
  });

  it('give numbers, statuses and switches, and leave what is wrong to the constructor', () => {
    const { init } = read({
      url: '/',
      reconnectionTime: '-1',
      idleTimeout: 'soon',
      reconnects: 'on',
      afterEnd: 'on',
      statuses: '429, 503',
      redirect: 'error',
    });
    expect(init).toMatchObject({
      reconnectionTime: -1,
      idleTimeout: NaN,
      redirect: 'error',
      reconnection: { afterEnd: true, statuses: [429, 503] },
    });
    expect(read({ url: '/' }).init.reconnection).toBe(false);
    expect(read({ url: '/', reconnects: 'on', statuses: 'transient' }).init.reconnection).toMatchObject({
      statuses: 'transient',
    });
  });

  it('need an address', () => {
    expect(() => read({ url: ' ' })).toThrow('Give the address of a stream first.');
  });
});

describe('data', () => {
  it('is indented when it is JSON', () => {
    expect(pretty('{"a":[1,{"b":"c, {d}"}],"e":{},"f":[ ]}')).toBe(
      '{\n  "a": [\n    1,\n    {\n      "b": "c, {d}"\n    }\n  ],\n  "e": {},\n  "f": []\n}',
    );
  });

  it('keeps what JSON.parse would change: long numbers, doubled names, escapes', () => {
    expect(pretty('{"a":12345678901234567890,"a":1.0,"b":"\\u00e9\\""}')).toBe(
      '{\n  "a": 12345678901234567890,\n  "a": 1.0,\n  "b": "\\u00e9\\""\n}',
    );
  });

  it.each(['plain', '{no JSON', '5', '"text"', '', '<b>', '['.repeat(60) + ']'.repeat(60)])(
    'stays as it is: %s',
    (data) => {
      expect(pretty(data)).toBe(data);
    },
  );

  it('stays as it is when it is too long to be read, and is indented however long one of its texts is', () => {
    const text = 'x\\n'.repeat(330_000);
    expect(pretty(`["${text}"]`)).toBe(`[\n  "${text}"\n]`);
    const longer = `["${text.repeat(2)}"]`;
    expect(pretty(longer)).toBe(longer);
  });

  it('is cut after some lines, after many characters, and between two whole characters', () => {
    expect(beginning('a\nb')).toBe('a\nb');
    expect(beginning('a\n'.repeat(20)).split('\n').length).toBe(8);
    expect(beginning('x'.repeat(599) + '😀')).toBe('x'.repeat(599));
  });
});

describe('figures', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.00 kB'],
    [3_377_790, '3.38 MB'],
    [123_456_789, '123.5 MB'],
  ])('%d bytes are %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

  it.each([
    [-5, '0.0 s'],
    [1040, '1.0 s'],
    [61_000, '1 min 1 s'],
  ])('%d ms are %s', (time, text) => expect(formatDelay(time)).toBe(text));
});

describe('the files', () => {
  function answerTo(pathname: string) {
    let sent: Record<string, string> = {};
    const response = { writeHead: (_: number, headers: typeof sent) => (sent = headers), end: () => {} };
    return { isSent: sendFile(pathname, response as unknown as ServerResponse), headers: sent };
  }

  it('are served with their types, under a policy that allows nothing inline', () => {
    const names = readdirSync('demo/playground').filter((name) => /\.(?:js|css)$/.test(name));
    expect(names.length).toBeGreaterThan(10);
    for (const name of names) {
      const { isSent, headers } = answerTo(`/playground/${name}`);
      expect([name, isSent]).toEqual([name, true]);
      expect(headers['content-type']).toBe(
        name.endsWith('.js') ? 'text/javascript; charset=utf-8' : 'text/css; charset=utf-8',
      );
    }
    const policy = answerTo('/').headers['content-security-policy']!;
    expect(policy).toMatch(
      /^default-src 'none'; script-src 'self'; style-src 'self'; connect-src \*; img-src 'self' data:;/,
    );
    expect(policy).not.toContain('unsafe');
  });

  it.each([
    '/playground/',
    '/playground/../start.js',
    '/server.js',
    '/__proto__',
    '/playground/screenshot.js',
  ])('are no others: %s', (pathname) => expect(answerTo(pathname).isSent).toBe(false));
});
