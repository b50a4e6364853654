import { describe, expect, it } from 'vitest';
import { bytewise, dataOf, decode, encode, listen } from './support/decode.ts';
import { fixtures } from './support/fixtures.ts';

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
    const { decoder, messages } = listen();
    for (const piece of ['data: 1\n', 'da']) decoder.decode(encode(piece));
    decoder.reset();
    decoder.decode(encode('data: 2\n\n'));
    expect(dataOf(messages)).toEqual(['2']);
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

  it.each(['\n', '\r\n', '\r'])(
    'takes the end of a line from a long chunk, near its beginning or not: %j',
    (lineEnd) => {
      const others = Array.from({ length: 3000 }, (_, at) => `event ${at}`);
      const blocks = others.map((data) => `data: ${data}${lineEnd}${lineEnd}`).join('');
      for (const length of [0, 1, 1000, 1023, 1024, 1025, 20_000]) {
        const rest = '語'.repeat(length);
        const { events } = decode([encode('data: a'), encode(`${rest}${lineEnd}${lineEnd}${blocks}`)]);
        expect(dataOf(events), `after ${length} characters`).toEqual([`a${rest}`, ...others]);
      }
    },
  );

  it.each([
    ['a character with 0x80 in it, the first byte beyond ASCII,', [0xe2, 0x80, 0x80], '\u2000'],
    ['half a character before ASCII', [0xe2, 0x80, 0x61], '\uFFFDa'],
    ['half a character before another', [0xc3, 0x61, 0xc3, 0xa9], '\uFFFDaé'],
    ['bytes that are none of UTF-8, as many as characters', [0xff, 0x61, 0xff, 0xc3, 0xa9], '\uFFFDa\uFFFDé'],
  ])('takes %s after ASCII, cut anywhere', (_, bytes, data) => {
    const stream = Uint8Array.from([...encode('data:'), ...bytes, ...encode('\n\ndata:é\n\n')]);
    for (let first = 1; first < stream.length; first++) {
      for (let second = first; second <= stream.length; second++) {
        const pieces = [stream.subarray(0, first), stream.subarray(first, second), stream.subarray(second)];
        expect(dataOf(decode(pieces).events), `cut at ${first} and ${second}`).toEqual([data, 'é']);
      }
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
    const { decoder, messages } = listen({ lastEventId: '7' });
    decoder.decode(encode('event: x\ndata: a\nid: 8\ndata: '));
    decoder.decode(Uint8Array.of(0xe2, 0x98));
    decoder.reset();
    decoder.decode(encode('\uFEFFdata: b\n\n'));
    expect(messages).toEqual([{ type: 'message', data: 'b', lastEventId: '7', origin: 'http://a' }]);
  });

  it('waits until the chunk is decoded, when whoever is told of something in it asks for it', () => {
    const told: string[] = [];
    const tell = (text: string) => {
      told.push(text);
      decoder.reset();
    };
    const { decoder } = listen({
      onMessage: ({ data }) => tell(data),
      onRetry: (milliseconds) => tell(`${milliseconds}`),
      onComment: tell,
    });
    decoder.decode(encode(':a\nretry: 1\ndata: b\n\ndata: c\n\ndata: d\n'));
    decoder.decode(encode('data: e\n\n'));
    expect(told).toEqual(['a', '1', 'b', 'c', 'e']);
  });

  it.each([`data:${'x'.repeat(900)}`, ':x'])(
    'counts nothing of what was unfinished against the limit',
    (before) => {
      const { decoder, messages } = listen({ maxBufferSize: 1000 });
      decoder.decode(encode(before));
      decoder.reset();
      // Just small enough for a new body: what comes with its first line does not count.
      const chunk = encode(`data: 0123456789abc\n:${'x'.repeat(400)}\n`);
      for (const piece of [chunk, chunk, chunk]) decoder.decode(piece);
      expect(decoder.isTooLarge).toBe(false);
      decoder.decode(encode('\n'));
      expect(messages).toHaveLength(1);
    },
  );
});

describe('what is told', () => {
  it('comes in the order of the stream', () => {
    const told: string[] = [];
    const { decoder } = listen({
      onMessage: ({ data }) => told.push(data),
      onRetry: (milliseconds) => told.push(`${milliseconds}`),
      onComment: (comment) => told.push(comment),
    });
    decoder.decode(encode('retry: 1\ndata: a\n\n: b\nretry: 2\ndata: c\n\n'));
    expect(told).toEqual(['1', 'a', 'b', '2', 'c']);
  });
});

describe('comments', () => {
  function hear() {
    const comments: string[] = [];
    const { decoder } = listen({ onComment: (comment) => comments.push(comment) });
    return { decoder, comments };
  }

  it('are handed over, each as soon as its line is complete', () => {
    const { decoder, comments } = hear();
    decoder.decode(encode(':a\n: b\n:c'));
    expect(comments).toEqual(['a', 'b']);
  });

  it.each(['\n', '\r', '\r\n'])(
    'are not held back when each is a chunk of its own that ends with %j',
    (end) => {
      const { decoder, comments } = hear();
      decoder.decode(encode(`: keep-alive${end}`));
      expect(comments).toEqual(['keep-alive']);
      decoder.decode(encode(`: again${end}`));
      expect(comments).toEqual(['keep-alive', 'again']);
    },
  );
});
