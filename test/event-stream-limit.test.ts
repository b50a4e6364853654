import { describe, expect, it } from 'vitest';
import { bytewise, dataOf, decode, encode } from './support/decode.ts';

describe('the limit of the buffer', () => {
  const limit = 1000;
  /** In one chunk, but for the first event. */
  const whole = (text: string) => decode(text.split(/(?<=^data:0\n\n)/).map(encode), limit);
  const cut = (text: string) => decode(bytewise(encode(text)), limit);

  it.each([
    ['one line', `data:${'x'.repeat(900)}`, `data:${'x'.repeat(1001)}`],
    ['many lines', 'data:x\n'.repeat(13), 'data:x\n'.repeat(17)],
    ['many lines that end with CRLF', 'data:x\r\n'.repeat(13), 'data:x\r\n'.repeat(17)],
    ['many lines that end with CR', 'data:x\r'.repeat(13), 'data:x\r'.repeat(17)],
    ['empty data lines', 'data\n'.repeat(13), 'data\n'.repeat(17)],
    ['an id', `data:x\nid:${'x'.repeat(800)}`, `data:x\nid:${'x'.repeat(1001)}`],
    ['an event type', `data:x\nevent:${'x'.repeat(800)}`, `data:x\nevent:${'x'.repeat(1001)}`],
  ])('holds for %s, complete or pending, in one chunk or in many', (_, small, large) => {
    for (const feed of [whole, cut]) {
      expect(feed(`data:0\n\n${small}\n\n`)).toMatchObject({ isTooLarge: false, events: { length: 2 } });
      expect(feed(`data:0\n\n${small}`)).toMatchObject({ isTooLarge: false, events: { length: 1 } });
      expect(feed(`data:0\n\n${large}\n\ndata:2\n\n`)).toMatchObject({
        isTooLarge: true,
        events: { length: 1 },
      });
      expect(feed(`data:0\n\n${large}`)).toMatchObject({ isTooLarge: true, events: { length: 1 } });
    }
  });

  it('holds for an event that is larger by one character', () => {
    // 64 for its line, and `message`.
    const cost = (characters: number) => decode([encode(`data:${'x'.repeat(characters)}\n\n`)], limit);
    expect([929, 930].map((characters) => cost(characters).isTooLarge)).toEqual([false, true]);
  });

  it('holds for many empty lines in one chunk', () => {
    const lines = (count: number) => decode([encode(`${'data\n'.repeat(count)}\n`)], 10_000);
    expect([152, 154].map((count) => lines(count).isTooLarge)).toEqual([false, true]);
  });

  it('holds for lines that come one by one, with empty chunks between', () => {
    const lines = Array.from({ length: 17 }, () => ['data:x\n', '']).flat();
    expect(decode(lines.map(encode), limit).isTooLarge).toBe(true);
  });

  it.each([
    ['events', 'data:x\n\n'],
    ['events with CRLF', 'data:x\r\n\r\n'],
    ['events with CR', 'data:x\r\r'],
    ['empty lines', '\n'],
    ['comments', ': keep-alive, a little longer\n'],
    ['comments in blocks of their own', ': keep-alive\r\n\r\n'],
    ['ids without data', 'id: 1\n\n'],
    ['unknown lines without an event', 'ping\n'],
    ['reconnection times without an event', 'retry: 1\n'],
    ['blocks of unknown lines that begin as data does', 'date: today\n\n'],
    ['the same with CRLF', 'date: today\r\n\r\n'],
    ['the same with CR', 'date: today\r\r'],
  ])('is not used up by any number of %s', (_, block) => {
    expect(whole(block.repeat(1000)).isTooLarge).toBe(false);
    expect(cut(block.repeat(1000)).isTooLarge).toBe(false);
    expect(
      decode(
        Array.from({ length: 1000 }, () => encode(block)),
        limit,
      ).isTooLarge,
    ).toBe(false);
  });

  it('is not used up by the comments after an unknown line that begins as data does, and its block', () => {
    const chunks = [
      ': hello\n\n',
      'date: today\n',
      '\n',
      ...Array.from({ length: 1000 }, () => ': heartbeat\n\n'),
    ];
    expect(decode(chunks.map(encode), limit).isTooLarge).toBe(false);
  });

  it('is not used up by an unknown line, which is not kept', () => {
    const line = `${'x'.repeat(10_000)}\n\n`;
    for (const feed of [whole, cut]) {
      expect(feed(`data:0\n\n${line}data:1\n\n`)).toMatchObject({ isTooLarge: false, events: { length: 2 } });
    }
  });

  it('holds for the lines that are left of a chunk, at the latest when their event is complete', () => {
    const lines = 'data:x\n'.repeat(17);
    expect(decode([encode(`data:0\n\n${lines}`), encode('\n')], limit)).toMatchObject({
      isTooLarge: true,
      events: { length: 1 },
    });
  });

  it('holds for an event whose few lines lie far apart, and keep alive what comes between them', () => {
    const chunk = encode(`data: 0123456789abc\n:${'x'.repeat(400)}\n`);
    expect(decode([chunk, chunk], limit).isTooLarge).toBe(false);
    expect(decode([chunk, chunk, chunk, chunk], limit).isTooLarge).toBe(true);
  });

  it('lets an event through that is just small enough, however it is cut', () => {
    const lines = 'data: x\r\n'.repeat(15);
    for (const pieces of [[encode(lines)], bytewise(encode(lines)), lines.split(/(?<=\n)/).map(encode)]) {
      expect(decode([...pieces, encode('\r\n')], limit)).toMatchObject({
        isTooLarge: false,
        events: { length: 1 },
      });
    }
  });

  it('is not used up by what comes before the first line of data', () => {
    const comments = Array.from({ length: 100 }, () => encode(`:${'x'.repeat(400)}\n`));
    expect(decode([...comments, encode('data:1\n'), encode('\n')], limit)).toMatchObject({
      isTooLarge: false,
      events: { length: 1 },
    });
  });

  it.each([[[1001]], [[501, 500]], [[900, 101]]])(
    'holds for a line of %s characters that nothing follows',
    (parts) => {
      const [first, ...others] = parts.map((length) => 'x'.repeat(length));
      expect(decode([`id: ${first}`, ...others].map(encode), limit).isTooLarge).toBe(true);
    },
  );

  it('is what an unfinished event may cost, and no character more', () => {
    // 64 for the line, of which `data: ` and its end are 8.
    const isTooLarge = (characters: number) =>
      decode([encode(':\n'), encode(`data: ${'x'.repeat(characters)}`)], 164).isTooLarge;
    expect([102, 103].map(isTooLarge)).toEqual([false, true]);
  });

  it('lets the events before the large one through, and none after it, not even in later chunks', () => {
    const { events } = decode(
      [encode(`data: 1\n\ndata: 2\n\ndata: ${'x'.repeat(1001)}\n\ndata: 3\n\n`), encode('data: 4\n\n')],
      limit,
    );
    expect(dataOf(events)).toEqual(['1', '2']);
  });

  it('does not take the reconnection time from after the large event', () => {
    const { reconnectionTimes } = decode(
      [encode(`data: ${'x'.repeat(1001)}\n\n`), encode('retry: 1\n')],
      limit,
    );
    expect(reconnectionTimes).toEqual([NaN, NaN]);
  });
});
