import { describe, expect, it } from 'vitest';
import { attemptLine, errorLine, eventLines, openLine, paint, summaryLine } from '../../src/printer.ts';

const pipe = { isTerminal: false, isColored: false };
const terminal = { isTerminal: true, isColored: false };
const colored = { isTerminal: true, isColored: true };

const message = { type: 'a', data: '{"x":1}', lastEventId: '7', origin: 'http://example.com' };
/** What sets the title of a terminal, then deletes a line; by characters of both sets of controls. */
const hostile = '\x1b]0;title\x07\x9b2K\rx\ty\f\u202E\u061C';
const harmless = '\\u001b]0;title\\u0007\\u009b2K\\u000dx\ty\\u000c\\u202e\\u061c';

describe('an event', () => {
  it('is one line with name, id and data, or its data, or JSON', () => {
    expect(eventLines(message, 'text', pipe)).toBe('a #7 {"x":1}');
    expect(eventLines({ ...message, lastEventId: '' }, 'text', pipe)).toBe('a {"x":1}');
    expect(eventLines(message, 'raw', pipe)).toBe('{"x":1}');
    expect(JSON.parse(eventLines(message, 'json', pipe))).toEqual(message);
  });

  it('of several lines is indented, so that it can be told from the next; raw data is not', () => {
    const lines = { ...message, data: 'x\n\ny' };
    expect(eventLines(lines, 'text', pipe)).toBe('a #7 x\n  \n  y');
    expect(eventLines(lines, 'raw', pipe)).toBe('x\n\ny');
    expect(eventLines(lines, 'json', pipe)).not.toContain('\n');
  });

  it('cannot command a terminal, and goes through a pipe as it is', () => {
    const attack = { type: hostile, data: hostile, lastEventId: hostile, origin: message.origin };
    expect(eventLines(attack, 'text', terminal)).toBe(`${harmless} #${harmless} ${harmless}`);
    expect(eventLines(attack, 'raw', terminal)).toBe(harmless);
    const json = eventLines(attack, 'json', terminal);
    // oxlint-disable-next-line no-control-regex
    expect(json).not.toMatch(/[\x00-\x1f\x7f-\x9f\u061c\u202e]/);
    expect(JSON.parse(json)).toEqual(attack);
    expect(eventLines(attack, 'raw', pipe)).toBe(hostile);
  });

  it('has colours where they are wanted', () => {
    expect(eventLines(message, 'text', colored)).toBe('\x1b[36ma\x1b[0m \x1b[2m#7\x1b[0m {"x":1}');
    expect(paint('x', 'red', colored)).toBe('\x1b[31mx\x1b[0m');
    expect(paint('x', 'red', terminal)).toBe('x');
  });
});

describe('news', () => {
  const url = 'https://user:secret@example.com/a?secret#secret';

  it('tell of an attempt, where it goes and after which event', () => {
    expect(attemptLine(url, 1, '', pipe)).toBe('· connecting to https://example.com/a');
    expect(attemptLine(url, 2, hostile, pipe)).toBe(
      `· connecting to https://example.com/a again, attempt 2, after event #${harmless}`,
    );
  });

  it('tell of a response, and where it came from if that is elsewhere', () => {
    const details = { status: 200, headers: new Headers(), url, redirected: false, attempt: 1 };
    expect(openLine(details, pipe)).toBe('✔ open, status 200');
    expect(openLine({ ...details, redirected: true }, pipe)).toBe(
      '✔ open, status 200 at https://example.com/a',
    );
  });

  it('tell why it was lost, and when it goes on', () => {
    const details = { reason: 'network', message: 'Expected x', attempt: 1 } as const;
    expect(errorLine({ ...details, reconnecting: true, delay: 1500 }, pipe)).toBe(
      '✘ network: Expected x\n  next attempt in 1.5 s',
    );
    expect(errorLine({ ...details, reconnecting: false }, colored)).toBe(
      '\x1b[31m✘ network: Expected x\x1b[0m',
    );
    expect(errorLine({ ...details, reason: 'end-of-body', reconnecting: true, delay: 100 }, colored)).toBe(
      '\x1b[33m· end-of-body: Expected x\n  next attempt in 100 ms\x1b[0m',
    );
    expect(errorLine({ ...details, reason: 'status', status: 204, reconnecting: false }, pipe)).toBe(
      '· status: Expected x',
    );
    expect(errorLine({ ...details, message: hostile, reconnecting: false }, pipe)).toContain(harmless);
    const silent = 'Silent for "idleTimeout": let the server send comments';
    expect(errorLine({ ...details, reason: 'idle', message: silent, reconnecting: false }, pipe)).toContain(
      'Silent for --idle-timeout: ',
    );
    // What a server sends may look like the name of an option.
    const sentence = 'Expected Content-Type text/event-stream, got text/html; a="body"; b="constructor"';
    expect(
      errorLine({ ...details, reason: 'content-type', message: sentence, reconnecting: false }, pipe),
    ).toContain(sentence);
  });
});

describe('the summary', () => {
  it.each([
    [
      { events: 1, bytes: 999, reconnects: 1, time: 999.4 },
      '1 event, 999 B, 1 reconnect in 999 ms, 1 events/s',
    ],
    [{ events: 0, bytes: 0, reconnects: 0, time: 0 }, '0 events, 0 B, 0 reconnects in 0 ms'],
    [
      { events: 25, bytes: 12_345, reconnects: 2, time: 2000 },
      '25 events, 12.3 kB, 2 reconnects in 2 s, 12.5 events/s',
    ],
    [
      { events: 5_000_000, bytes: 123_456_789, reconnects: 0, time: 10_000 },
      '5000000 events, 123 MB, 0 reconnects in 10 s, 500000 events/s',
    ],
    [
      { events: 10, bytes: 2.5e9, reconnects: 0, time: 3 },
      '10 events, 2.5 GB, 0 reconnects in 3 ms, 3333 events/s',
    ],
  ])('counts: %j', (tally, text) => {
    expect(summaryLine(tally, pipe)).toBe(`· ${text}`);
  });

  const none = { events: 0, bytes: 0, reconnects: 0, time: 0 };

  it.each([
    [1000, '1 kB'],
    [999_999, '1000 kB'],
    [1e6, '1 MB'],
    [1e9, '1 GB'],
    [99_960, '100 kB'],
    [100_400, '100 kB'],
  ])('writes %i bytes as %s', (bytes, text) => {
    expect(summaryLine({ ...none, bytes }, pipe)).toBe(`· 0 events, ${text}, 0 reconnects in 0 ms`);
  });

  it.each([
    [1000, '1 s'],
    [119_000, '119 s'],
    [120_000, '2 min'],
    [7_199_000, '120 min'],
    [7_200_000, '2 h'],
    [9_000_000, '2.5 h'],
  ])('writes %i ms as %s', (time, text) => {
    expect(summaryLine({ ...none, time }, pipe)).toBe(`· 0 events, 0 B, 0 reconnects in ${text}, 0 events/s`);
  });

  it('is dim, as an attempt is; a response is green, what goes on is yellow', () => {
    const response = { status: 200, headers: new Headers(), url: 'http://a/', redirected: false, attempt: 1 };
    const lost = { reason: 'network', message: 'x', attempt: 1, reconnecting: true, delay: 1 } as const;
    const ended = { reason: 'end-of-body', message: 'x', attempt: 1, reconnecting: false } as const;
    const lines = (screen: typeof pipe) => [
      summaryLine(none, screen),
      attemptLine('http://a/', 1, '', screen),
      openLine(response, screen),
      errorLine(lost, screen),
      errorLine(ended, screen),
    ];
    const colors = ['dim', 'dim', 'green', 'yellow', 'yellow'] as const;
    expect(lines(colored)).toEqual(lines(pipe).map((line, index) => paint(line, colors[index]!, colored)));
  });

  it('paints each colour as terminals know it', () => {
    const codes = { dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 };
    for (const [color, code] of Object.entries(codes)) {
      expect(paint('x', color as keyof typeof codes, colored)).toBe(`\x1b[${code}mx\x1b[0m`);
    }
  });
});
