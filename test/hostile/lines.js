/** Hostile lines: without an end, or as long as is allowed. */
import {
  DEFAULT_LIMIT,
  bytes,
  chunked,
  END,
  FLOOD,
  gzip,
  gzipped,
  head,
  KIB,
  MIB,
  much,
  repeat,
} from './wire.js';
import { workOf } from './work.js';

/** @typedef {import('./scenarios.js').Scenario} Scenario */

const init = { maxBufferSize: MIB };
const within = Math.floor(0.9 * MIB);

/**
 * A line without an end, as long as nobody closes.
 *
 * @param {string} start
 */
const endless = (start, text = 'x', length = FLOOD) =>
  function* serve() {
    yield head() + start;
    yield* repeat(text, length);
    yield END;
  };

const megabyte = { init, heap: 1, because: '1 Mi characters of one byte', work: workOf({ bytes: FLOOD }) };

/** @type {Scenario[]} */
export const lines = [
  {
    name: 'data line without an end',
    does: '`data: xxx…`',
    serve: endless('data: '),
    ends: 'too-large',
    ...megabyte,
  },
  {
    name: '… of bytes that are no UTF-8',
    does: '`data: ` and the byte FF without end',
    *serve() {
      yield head() + 'data: ';
      const piece = new Uint8Array(64 * KIB).fill(0xff);
      for (let sent = 0; sent < FLOOD; sent += piece.length) yield piece;
    },
    ends: 'too-large',
    ...megabyte,
    heap: 2,
    because: '1 Mi characters of two bytes: each byte is one U+FFFD',
  },
  {
    name: '… as a gzip bomb',
    does: '`data: xxx…`, a thousandth of it on the wire',
    *serve() {
      yield head(['content-encoding: gzip']);
      yield gzip('data: ');
      yield* gzipped('x', FLOOD);
    },
    ends: 'too-large',
    ...megabyte,
  },
  {
    name: '… in chunks of two bytes',
    does: '`data: `, then `xx` and again',
    make: (bodyOf) => new Response(bodyOf(pairs(MIB)), { headers: { 'content-type': 'text/event-stream' } }),
    init,
    ends: 'too-large',
    heap: 2,
    because: '1 Mi characters in strings of 64: 80 bytes, and a place of 8 to 12 in a list, for each',
    work: workOf({ bytes: MIB, chunks: MIB / 2 }),
  },
  {
    name: '… against the limit that is there by itself',
    does: '`data: xxx…`, 80 MiB',
    serve: endless('data: ', 'x', 80 * MIB),
    ends: 'too-large',
    heap: 64,
    because: '64 Mi characters of one byte; they are never joined',
    work: workOf({ bytes: 80 * MIB }),
    isLong: true,
  },
  {
    name: 'lines just below that limit',
    does: 'three events, each one line of 64 Mi − 100 characters',
    *serve() {
      yield head();
      for (let count = 0; count < 3; count++) {
        yield 'data: ';
        yield* repeat('x', DEFAULT_LIMIT - 100);
        yield '\n\n';
      }
      yield END;
    },
    ends: 'close',
    events: 3,
    heap: 3 * 64,
    because:
      '64 Mi characters of one byte, again while they are joined, and the event before until its listener returns',
    work: workOf({ bytes: 2 * 3 * 64 * MIB }),
    isLong: true,
  },
  {
    name: '… of two bytes a character',
    does: 'the same with a `…` in each 64 KiB',
    *serve() {
      yield head();
      const text = bytes(`…${'x'.repeat(64 * KIB - 1)}`);
      for (let count = 0; count < 3; count++) {
        yield 'data: ';
        for (let sent = 0; sent < DEFAULT_LIMIT - 64 * KIB; sent += 64 * KIB) yield text;
        yield '\n\n';
      }
      yield END;
    },
    ends: 'close',
    events: 3,
    heap: 3 * 128,
    because: 'the same with two bytes for each character',
    work: workOf({ bytes: 2 * 3 * 64 * MIB }),
    isLong: true,
  },
  {
    name: 'comment without an end',
    does: '`: xxx…`; nobody listens to comments',
    serve: endless(':'),
    ends: 'close',
    init,
    work: workOf({ bytes: FLOOD }),
  },
  {
    name: '… with `onComment`',
    does: '`: xxx…`',
    serve: endless(':'),
    ends: 'too-large',
    ...megabyte,
    init: { ...init, onComment() {} },
  },
  {
    name: 'field name without an end',
    does: '`xxx…`',
    serve: endless(''),
    ends: 'close',
    init,
    work: workOf({ bytes: FLOOD }),
  },
  {
    name: '… that begins as a known one does',
    does: '`datadata…`',
    serve: endless('', 'data'),
    ends: 'close',
    init,
    work: workOf({ bytes: FLOOD }),
  },
  {
    name: 'id without an end',
    does: '`id: xxx…`',
    serve: endless('id: '),
    ends: 'too-large',
    ...megabyte,
  },
  {
    name: 'event name without an end',
    does: '`event: xxx…`',
    serve: endless('event: '),
    ends: 'too-large',
    ...megabyte,
  },
  {
    name: 'retry without an end',
    does: '`retry: 999…`',
    serve: endless('retry: ', '9'),
    ends: 'too-large',
    ...megabyte,
  },
  {
    name: 'retry bombs',
    does: '`retry:` with 900,000 digits, then a million times 0',
    *serve() {
      yield head() + 'retry: ';
      yield* repeat('9', within);
      yield '\n\n';
      yield* repeat('retry: 0\n', 9 * much(1e6));
      yield END;
    },
    ends: 'close',
    ...megabyte,
    heap: 2,
    because: '0.9 Mi characters, again while they are joined',
    work: workOf({ bytes: within + 9 * much(1e6), lines: much(1e6) }),
  },
  {
    name: 'ids of megabytes',
    does: 'ids of 0.9 Mi characters, each another, no data',
    *serve() {
      yield head();
      for (let sent = 0; sent < 64 * MIB; sent += within) yield `id: ${sent}${'x'.repeat(within)}\n\n`;
      yield END;
    },
    ends: 'close',
    ...megabyte,
    heap: 4,
    because: '0.9 Mi characters: the last event ID, its copy, and the next one, again while it is joined',
    work: workOf({ bytes: 64 * MIB }),
  },
  {
    name: 'event names of megabytes',
    does: 'events named with 0.9 Mi characters, each another',
    *serve() {
      yield head();
      for (let sent = 0; sent < 64 * MIB; sent += within)
        yield `event: ${sent}${'x'.repeat(within)}\ndata: x\n\n`;
      yield END;
    },
    ends: 'close',
    ...megabyte,
    heap: 4,
    because:
      '0.9 Mi characters: the last name in decoder and dispatcher, and the next one, again while it is joined',
    work: workOf({ bytes: 64 * MIB }),
  },
  {
    name: 'all fields of megabytes',
    does: '`id`, `event` and `data` of 0.9 Mi characters each',
    *serve() {
      yield head();
      for (const field of ['id', 'event', 'data']) {
        yield `${field}: `;
        yield* repeat('x', within);
        yield '\n';
      }
      yield END;
    },
    ends: 'too-large',
    ...megabyte,
    heap: 4,
    because: 'three fields of 0.9 Mi characters, the last again while it is joined',
  },
  {
    name: 'body of single bytes',
    does: 'events, each byte in an HTTP chunk of its own',
    *serve() {
      yield head(['transfer-encoding: chunked']);
      for (let count = 0; count < 10_000; count++) yield chunked('data: 01\n\n', 1);
      yield `${chunked(END, 1)}0\r\n\r\n`;
    },
    ends: 'close',
    events: 10_000,
    work: workOf({ chunks: 100_000, events: 10_000 }),
  },
];

/** @param {number} count */
function* pairs(count) {
  yield bytes('data: ');
  const pair = bytes('xx');
  for (let sent = 0; sent < 2 * count; sent++) yield pair;
}
