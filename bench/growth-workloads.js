/** The streams of `growth.js`: hostile ones, and long ones. */

const encoder = new TextEncoder();

/**
 * @typedef {object} Workload
 * @property {string} name
 * @property {number} size
 * @property {true} [isDecoded] whether reading and decoding alone is measured beside it
 * @property {(size: number) => Iterable<Uint8Array>} chunks must carry exactly one event named `end`, at the end
 */

/**
 * @param {string} text
 * @param {number} count
 */
function* repeat(text, count) {
  const chunk = encoder.encode(text);
  for (let sent = 0; sent < count; sent++) yield chunk;
}

const end = encoder.encode('\nevent: end\ndata\n\n');

/** @type {Workload[]} */
export const workloads = [
  {
    name: 'events in chunks of 1 byte',
    size: 400_000,
    *chunks(size) {
      const bytes = encoder.encode('id: 1\ndata: 0123456789\n\n');
      for (let at = 0; at < size; at++) yield bytes.subarray(at % bytes.length, (at % bytes.length) + 1);
      yield encoder.encode('\n\n');
      yield end;
    },
  },
  {
    name: 'one line, in chunks of 64 KiB (bytes)',
    size: 64 * 1024 * 1024,
    *chunks(size) {
      yield encoder.encode('data: ');
      yield* repeat('x'.repeat(65_536), size / 65_536);
      yield encoder.encode('\n\n');
      yield end;
    },
  },
  {
    name: 'one line, in chunks of 64 bytes (bytes)',
    size: 64 * 1024 * 1024,
    isDecoded: true,
    *chunks(size) {
      yield encoder.encode('data: ');
      yield* repeat('x'.repeat(64), size / 64);
      yield encoder.encode('\n\n');
      yield end;
    },
  },
  {
    name: 'one line, in chunks of 1 byte (bytes)',
    size: 400_000,
    *chunks(size) {
      yield encoder.encode('data: ');
      yield* repeat('x', size);
      yield encoder.encode('\n\n');
      yield end;
    },
  },
  {
    name: 'empty lines, in chunks of 64 KiB',
    size: 10_000_000,
    *chunks(size) {
      yield* repeat('\n'.repeat(65_536), Math.ceil(size / 65_536));
      yield end;
    },
  },
  {
    name: 'comments, in chunks of 64 KiB',
    size: 5_000_000,
    *chunks(size) {
      yield* repeat(':\n'.repeat(32_768), Math.ceil(size / 32_768));
      yield end;
    },
  },
  {
    name: 'events in chunks that begin and end with a lone CR',
    size: 1_000_000,
    *chunks(size) {
      yield* repeat('\rdata: 0\r', size);
      yield encoder.encode('\n\n');
      yield end;
    },
  },
  {
    name: 'data lines of one event, in chunks of 7 bytes',
    size: 200_000,
    *chunks(size) {
      yield* repeat('data:x\n', size);
      yield encoder.encode('\n');
      yield end;
    },
  },
  {
    name: 'comment lines without an event, in chunks of 1 line',
    size: 400_000,
    *chunks(size) {
      yield* repeat(': keep-alive\n', size);
      yield end;
    },
  },
];
