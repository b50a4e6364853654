import { describe, expect, it } from 'vitest';
import { DEFAULT_MAX_BUFFER_SIZE, EventStreamDecoder, type Message } from '../src/event-stream.ts';
import { fixtures } from './support/fixtures.ts';

/** Decodes pieces, and tells the reconnection times as they were after each, NaN before the first. */
function decode(pieces: Uint8Array[], maxBufferSize = DEFAULT_MAX_BUFFER_SIZE, initialId = '') {
  const reconnectionTimes: number[] = [];
  const decoder = new EventStreamDecoder({
    lastEventId: initialId,
    maxBufferSize,
    origin: 'http://a',
    reconnectionTime: NaN,
  });
  const events: Omit<Message, 'origin'>[] = [];
  for (const piece of pieces) {
    for (const { origin, ...event } of decoder.decode(piece)) {
      expect(origin).toBe('http://a');
      events.push(event);
    }
    reconnectionTimes.push(decoder.reconnectionTime);
  }
  const { lastEventId, isTooLarge } = decoder;
  return { events, lastEventId, isTooLarge, reconnectionTimes };
}

const encode = (text: string) => new TextEncoder().encode(text);
const bytewise = (bytes: Uint8Array) => Array.from(bytes, (byte) => Uint8Array.of(byte));
const dataOf = (events: readonly Pick<Message, 'data'>[]) => events.map(({ data }) => data);

describe.each(fixtures)('the stream $name', ({ bytes, expected }) => {
  const { events, lastEventId, reconnectionTimes } = expected;
  const last = reconnectionTimes.at(-1) ?? NaN;
  const result = { events, lastEventId, isTooLarge: false };

  it('gives the expected events in one chunk', () => {
    expect(decode([bytes])).toEqual({ ...result, reconnectionTimes: [last] });
  });

  it('gives the same cut in two at every byte boundary', () => {
    for (let cut = 0; cut <= bytes.length; cut++) {
      const decoded = decode([bytes.subarray(0, cut), bytes.subarray(cut)]);
      expect(decoded, `cut at ${cut}`).toMatchObject(result);
      expect(decoded.reconnectionTimes.at(-1)).toBe(last);
    }
  });

  it('gives the same in chunks of one byte, with empty chunks between', () => {
    const decoded = decode(bytewise(bytes).flatMap((byte) => [byte, new Uint8Array()]));
    expect(decoded).toMatchObject(result);
    expect([...new Set(decoded.reconnectionTimes)]).toEqual([
      ...new Set(bytes.length > 0 ? [NaN, ...reconnectionTimes] : []),
    ]);
  });
});

describe('an event stream', () => {
  it('dispatches at a lone CR without waiting for the next byte', () => {
    expect(dataOf(decode([encode('data: 1\r\r')]).events)).toEqual(['1']);
  });

  it('takes a line feed after such a CR as part of the same line end', () => {
    const { events } = decode([encode('data: 1\r'), encode('\n'), encode('data: 2\r'), encode('\n\r\n')]);
    expect(dataOf(events)).toEqual(['1\n2']);
  });

  it('starts with the last event ID that the source has', () => {
    const { events, lastEventId } = decode([encode('data: 1\n\nid: 8\nid: 9')], undefined, '7');
    expect(events).toEqual([{ type: 'message', data: '1', lastEventId: '7' }]);
    expect(lastEventId).toBe('7');
  });

  it('reports a reconnection time as soon as its line is complete', () => {
    expect(decode([encode('data: 1\nretry: 40\n')]).reconnectionTimes).toEqual([40]);
  });

  it('reports a reconnection time of 400 digits as Infinity', () => {
    expect(decode([encode(`retry: ${'9'.repeat(400)}\n`)]).reconnectionTimes).toEqual([Infinity]);
  });

  it('refuses what is not bytes', () => {
    expect(() => decode(['data: 1\n\n' as unknown as Uint8Array])).toThrow(TypeError);
  });

  it('forgets what it has of an unfinished line, however short, when it is reset', () => {
    const decoder = new EventStreamDecoder({
      lastEventId: '',
      maxBufferSize: DEFAULT_MAX_BUFFER_SIZE,
      origin: 'http://a',
      reconnectionTime: NaN,
    });
    for (const piece of ['data: 1\n', 'da']) decoder.decode(encode(piece));
    decoder.reset();
    expect(dataOf(decoder.decode(encode('data: 2\n\n')))).toEqual(['2']);
  });

  it('takes a line of 16 MB in chunks', () => {
    const piece = encode('x'.repeat(64 * 1024));
    const { events } = decode([encode('data:'), ...Array.from({ length: 256 }, () => piece), encode('\n\n')]);
    expect(events[0]?.data.length).toBe(16 * 1024 * 1024);
  });

  it('cuts a large chunk in pieces of 16 KiB without harm to what is on the seam', () => {
    for (let before = 0; before < 16; before++) {
      const text = 'x'.repeat(16 * 1024 - 'data:'.length - before);
      const { events } = decode([encode(`data:${text}\r\ndata:語\u{1F600}\r\n\r\n`)]);
      expect(dataOf(events), `${before} before it`).toEqual([`${text}\n語\u{1F600}`]);
    }
  });

  it('takes 10 million empty lines', () => {
    const piece = encode('\n'.repeat(100_000));
    const { events } = decode([...Array.from({ length: 100 }, () => piece), encode('data: 1\n\n')]);
    expect(dataOf(events)).toEqual(['1']);
  });
});

describe('what is short in a long chunk', () => {
  it('is the same text: data, event type and id', () => {
    const [type, data, lastEventId] = ['a type of its own', 'data of some length', 'an id of some length'];
    const chunk = `:${' '.repeat(10_000)}\nid: ${lastEventId}\nevent: ${type}\ndata: ${data}\n\n`;
    expect(decode([encode(chunk)])).toMatchObject({ events: [{ type, data, lastEventId }], lastEventId });
  });
});

describe('starting over', () => {
  it('forgets the unfinished block and half a character, and drops a BOM again', () => {
    const decoder = new EventStreamDecoder({
      lastEventId: '7',
      maxBufferSize: DEFAULT_MAX_BUFFER_SIZE,
      origin: 'http://a',
      reconnectionTime: 1,
    });
    decoder.decode(encode('event: x\ndata: a\nid: 8\ndata: '));
    decoder.decode(Uint8Array.of(0xe2, 0x98));
    decoder.reset();
    const events = decoder.decode(encode('\uFEFFdata: b\n\n'));
    expect(events).toEqual([{ type: 'message', data: 'b', lastEventId: '7', origin: 'http://a' }]);
  });

  it.each([`data:${'x'.repeat(900)}`, ':x'])(
    'counts nothing of what was unfinished against the limit',
    (before) => {
      const decoder = new EventStreamDecoder({
        lastEventId: '',
        maxBufferSize: 1000,
        origin: 'http://a',
        reconnectionTime: 1,
      });
      decoder.decode(encode(before));
      decoder.reset();
      // Just small enough for a new body: what comes with its first line does not count.
      const chunk = encode(`data: 0123456789abc\n:${'x'.repeat(400)}\n`);
      for (const piece of [chunk, chunk, chunk]) decoder.decode(piece);
      expect(decoder.isTooLarge).toBe(false);
      expect(decoder.decode(encode('\n'))).toHaveLength(1);
    },
  );
});

describe('comments', () => {
  /** A decoder, and what it has told. */
  function listen() {
    const comments: string[] = [];
    const decoder = new EventStreamDecoder({
      lastEventId: '',
      maxBufferSize: DEFAULT_MAX_BUFFER_SIZE,
      origin: 'http://a',
      reconnectionTime: 1,
      onComment: (comment) => comments.push(comment),
    });
    return { decoder, comments };
  }

  it('are handed over, each as soon as its line is complete', () => {
    const { decoder, comments } = listen();
    decoder.decode(encode(':a\n: b\n:c'));
    expect(comments).toEqual(['a', 'b']);
  });

  it.each(['\n', '\r', '\r\n'])(
    'are not held back when each is a chunk of its own that ends with %j',
    (end) => {
      const { decoder, comments } = listen();
      decoder.decode(encode(`: keep-alive${end}`));
      expect(comments).toEqual(['keep-alive']);
      decoder.decode(encode(`: again${end}`));
      expect(comments).toEqual(['keep-alive', 'again']);
    },
  );
});

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
