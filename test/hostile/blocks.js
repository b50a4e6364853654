/** Hostile blocks: of very many lines, and very many of them. */
import { bytes, END, FLOOD, gzipped, head, KIB, MIB, much, repeat } from './wire.js';
import { workOf } from './work.js';

/** @typedef {import('./scenarios.js').Scenario} Scenario */

const init = { maxBufferSize: MIB };
const headers = { 'content-type': 'text/event-stream' };
const MILLION = much(1e6);

/**
 * A stream of one text again and again.
 *
 * @param {string} text
 * @param {number} length
 */
const flood = (text, length = FLOOD) =>
  function* serve() {
    yield head();
    yield* repeat(text, length);
    yield END;
  };

/** As much of one text as `length` has room for. @param {string} text */
const linesIn = (text, length = FLOOD) => Math.ceil(length / text.length);

/** @param {string} text */
const harmless = (text) =>
  /** @type {const} */ ({
    serve: flood(text),
    init,
    ends: 'close',
    work: workOf({ bytes: FLOOD, lines: linesIn(text) }),
  });

const filler = `:${'x'.repeat(64 * KIB - 1)}\n`;

/** @type {Scenario[]} */
export const blocks = [
  { name: 'empty lines', does: '`\\n` without end', ...harmless('\n') },
  { name: 'lone CRs', does: '`\\r` without end', ...harmless('\r') },
  { name: 'comment lines', does: '`:\\n` without end', ...harmless(':\n') },
  {
    name: '… with `onComment`',
    does: '`: keep-alive\\n` without end',
    ...harmless(': keep-alive\n'),
    init: { ...init, onComment() {} },
  },
  {
    name: '… as a gzip bomb',
    does: '`: keep-alive..\\n`, a thousandth of it on the wire',
    *serve() {
      yield head(['content-encoding: gzip']);
      yield* gzipped(': keep-alive..\r\n', 4 * FLOOD);
    },
    init,
    ends: 'end-of-body',
    isReconnecting: true,
    work: workOf({ bytes: 4 * FLOOD, lines: (4 * FLOOD) / 16 }),
  },
  { name: 'unknown fields in one block', does: '`foo: bar\\n` without end', ...harmless('foo: bar\n') },
  { name: 'event names in one block', does: '`event: x\\n` without end', ...harmless('event: x\n') },
  {
    name: 'ids in one block',
    does: '`id: 0123456789abcdef\\n` without end',
    ...harmless('id: 0123456789abcdef\n'),
  },
  { name: 'ids in blocks without data', does: '`id: 1\\n\\n` without end', ...harmless('id: 1\n\n') },
  {
    name: 'short data lines',
    does: '`data:x\\n` without end',
    serve: flood('data:x\n'),
    init,
    ends: 'too-large',
    heap: 2,
    because: '16,384 lines, as each counts 64; and two strings of 32 bytes for each, or three',
    work: workOf({ bytes: FLOOD }),
  },
  {
    name: '… a million of them',
    does: '`data:x\\n` a million times, then an empty line',
    serve: flood('data:x\n', 7e6),
    ends: 'close',
    events: 1,
    heap: 96 + 2 * 2,
    because: 'a million lines, three strings of 32 bytes for each; and 2 MB of text, joined',
    work: workOf({ bytes: 2 * 7e6, lines: 1e6 }),
    isLong: true,
  },
  {
    name: '… without end, against the limit that is there by itself',
    does: '`data:0123456789abc\\n` without end',
    serve: flood('data:0123456789abc\n', 64 * MIB),
    ends: 'too-large',
    heap: 96 + 64,
    because: 'a million lines, three strings of 32 bytes for each; and the text that they are cut from',
    work: workOf({ bytes: 64 * MIB, lines: 1e6 }),
    isLong: true,
  },
  {
    name: 'empty data lines',
    does: '`data\\n` without end',
    serve: flood('data\n'),
    init,
    ends: 'too-large',
    heap: 2,
    because: 'as of short ones',
    work: workOf({ bytes: FLOOD }),
  },
  {
    name: 'data lines far apart',
    does: '`data: 0123456789abc`, a comment of 64 KiB, and so on without end',
    serve: flood(`data: 0123456789abc\n${filler}`),
    init,
    ends: 'too-large',
    heap: 2,
    because: 'what is cut from a text keeps it: all that comes between the lines counts too',
    work: workOf({ bytes: FLOOD }),
  },
  {
    name: 'smallest events',
    does: '`data\\n\\n` a million times',
    serve: flood('data\n\n', 6 * MILLION),
    init,
    ends: 'close',
    events: MILLION,
    heap: 4,
    because:
      '11,000 events in a chunk of 64 KiB, at 64 bytes for the message and as many for its event, and the lists',
    work: workOf({ bytes: 6 * MILLION, lines: 2 * MILLION, events: MILLION }),
  },
  {
    name: '… at lone CRs',
    does: '`data:x\\r\\r` a million times',
    serve: flood('data:x\r\r', 8 * MILLION),
    init,
    ends: 'close',
    events: MILLION,
    heap: 4,
    because: 'the same',
    work: workOf({ bytes: 8 * MILLION, lines: 2 * MILLION, events: MILLION }),
  },
  {
    name: 'close() in the first of many',
    does: '10,000 events in one chunk',
    make: (bodyOf) => new Response(bodyOf(whole('data: x\n\n'.repeat(10_000))), { headers }),
    listener: 'close',
    ends: 'close',
    events: 1,
    heap: 4,
    because: '10,000 events, as above',
    work: workOf({ events: 10_000 }),
  },
  {
    name: 'many large events in one chunk',
    does: '35 of 0.9 Mi characters in 32 MiB; whoever iterates takes 20 ms for each',
    make: (bodyOf) =>
      new Response(bodyOf(whole(`data: ${'x'.repeat(0.9 * MIB)}\n\n`.repeat(35) + END)), { headers }),
    init,
    listener: 'wait',
    ends: 'close',
    events: 35,
    heap: 2 * 32,
    because: 'the chunk as text, which the events are cut from, and again where they are joined',
    work: workOf({ bytes: 2 * 32 * MIB }),
  },
  {
    name: 'one too large among them',
    does: 'one chunk: two events, one of 2 Mi characters, and more',
    make: (bodyOf) =>
      new Response(
        bodyOf(whole(`data:1\n\ndata:2\n\ndata: ${'x'.repeat(2 * MIB)}\n\n${'data:4\n\n'.repeat(1e5)}`)),
        {
          headers,
        },
      ),
    init,
    ends: 'too-large',
    events: 2,
    heap: 2,
    because: '1 Mi characters of it; the chunk is decoded in parts',
    work: workOf({ bytes: 3 * MIB }),
  },
  {
    name: 'small events far apart, all kept',
    does: '`data:` with 100 characters and a comment of 64 KiB, 1,000 times',
    serve: flood(`data: ${'x'.repeat(100)}\n\n${filler}`, 1000 * (108 + 64 * KIB)),
    init,
    listener: 'keep',
    ends: 'close',
    events: 1000,
    heap: (1000 * 16) / KIB,
    because: '16 KiB for each: what an event may keep of the text around it',
    work: workOf({ bytes: 64 * MIB }),
  },
  {
    name: 'events named as those of the class',
    does: '`event: error` and `event: open`, a million times',
    serve: flood('event: error\ndata: x\n\nevent: open\ndata: x\n\n', 43 * Math.ceil(MILLION / 2)),
    init,
    ends: 'close',
    heap: 4,
    because: 'as of the smallest events',
    work: workOf({ bytes: 21.5 * MILLION, lines: 3 * MILLION, events: MILLION }),
  },
  {
    name: 'a listener that throws',
    does: 'a million events, for each of which it throws',
    serve: flood('data:x\n\n', 8 * MILLION),
    init,
    listener: 'throw',
    clients: ['source'],
    ends: 'close',
    events: MILLION,
    heap: 16,
    because:
      '8,192 events in a chunk of 64 KiB, and for each an error of 2 KiB that Node throws when they are through',
    // Seen 10 µs in Node itself for each.
    work: workOf({ bytes: 8 * MILLION, lines: 2 * MILLION, events: MILLION }) + MILLION * 50e-6,
  },
];

/** @param {string} text */
function* whole(text) {
  yield bytes(text);
}
