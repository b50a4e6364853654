/**
 * Does the work grow in step with the stream? Each workload runs at a size and at four times that size, five times in turn, and
 * the median CPU times (user and system, all threads) are compared. In step means a ratio of about 4; 16 would be quadratic.
 */
import { EventSource } from 'everysource';

// `--quick` only shows that it runs: a round of a hundredth is no measurement.
const isQuick = process.argv.includes('--quick');
const rounds = isQuick ? 1 : 5;
const share = isQuick ? 0.01 : 1;
const encoder = new TextEncoder();

/**
 * @typedef {object} Workload
 * @property {string} name
 * @property {number} size
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
const workloads = [
  {
    name: 'events in chunks of 1 byte',
    size: 100_000,
    *chunks(size) {
      const bytes = encoder.encode('id: 1\ndata: 0123456789\n\n');
      for (let at = 0; at < size; at++) yield bytes.subarray(at % bytes.length, (at % bytes.length) + 1);
      yield encoder.encode('\n\n');
      yield end;
    },
  },
  {
    name: 'one line, in chunks of 64 KiB (bytes)',
    size: 16 * 1024 * 1024,
    *chunks(size) {
      yield encoder.encode('data: ');
      yield* repeat('x'.repeat(65_536), size / 65_536);
      yield encoder.encode('\n\n');
      yield end;
    },
  },
  {
    name: 'one line, in chunks of 1 byte (bytes)',
    size: 100_000,
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
    name: 'data lines of one event, in chunks of 6 bytes',
    size: 50_000,
    *chunks(size) {
      yield* repeat('data:x\n', size);
      yield encoder.encode('\n');
      yield end;
    },
  },
  {
    name: 'comment lines without an event, in chunks of 1 line',
    size: 100_000,
    *chunks(size) {
      yield* repeat(': keep-alive\n', size);
      yield end;
    },
  },
];

/**
 * CPU time of a whole stream, in milliseconds.
 *
 * @param {Workload} workload
 * @param {number} size
 * @returns {Promise<number>}
 */
async function measure({ chunks }, size) {
  const iterator = chunks(size)[Symbol.iterator]();
  const body = new ReadableStream({
    pull(controller) {
      const { value, done } = iterator.next();
      if (!done) controller.enqueue(value);
    },
  });
  const headers = { 'content-type': 'text/event-stream' };
  const before = process.cpuUsage();
  const source = new EventSource('http://localhost/', {
    fetch: async () => new Response(body, { headers }),
    maxBufferSize: Infinity,
  });
  await new Promise((resolve) => {
    source.addEventListener('end', resolve);
  });
  source.close();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** @param {number[]} values */
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

let isInStep = true;
for (const workload of workloads) {
  const size = workload.size * share;
  await measure(workload, size / 4); // warm up
  /** @type {[number[], number[]]} */
  const times = [[], []];
  for (let round = 0; round < rounds; round++) {
    times[0].push(await measure(workload, size));
    times[1].push(await measure(workload, size * 4));
  }
  const [small, large] = times.map(median);
  const ratio = Number(large) / Number(small);
  isInStep &&= ratio < 8;
  const cost = `${Number(small).toFixed(0).padStart(6)} ms ${Number(large).toFixed(0).padStart(6)} ms`;
  console.log(`${workload.name.padEnd(52)} ${cost}   × ${ratio.toFixed(1)}`);
}
if (!isInStep && !isQuick) process.exitCode = 1;
