/**
 * Does memory grow with what has happened? `memory-growth.js WHAT ORIGIN COUNT` makes it happen half as often first, until what the
 * runtime compiles and throws away has settled, then so often, and tells the JS heap after a collection of garbage, twenty times on the
 * way. It needs `--expose-gc`.
 */
import { EventSource } from 'everysource';

const [what = '', origin = '', count = ''] = process.argv.slice(2);
const counted = Number(count);
const total = 1.5 * counted;
const SAMPLES = 20;

/** @type {number[]} */
const heaps = [];
let done = 0;

const turn = () =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

async function sample() {
  // What has just been closed ends in the turns that follow.
  for (let turns = 0; turns < 3; turns++) await turn();
  for (let times = 0; times < 2; times++) globalThis.gc?.();
  heaps.push(process.memoryUsage().heapUsed);
}

/** A sample is due now and then. */
const isDue = () => done > total - counted && (total - done) % (counted / SAMPLES) === 0;

/** Counts one. */
function note() {
  done++;
  if (isDue()) void sample();
}

/** Events of one source. */
function events() {
  return new Promise((resolve) => {
    const source = new EventSource(`${origin}/workload?workload=tiny&cycles=${Math.ceil(total / 15_000)}`);
    source.onmessage = note;
    source.onerror = () => resolve(source.close());
  });
}

/** Reconnections of a hundred sources, as each waits for a tenth of a second. */
function reconnections() {
  const sources = Array.from({ length: 100 }, () => new EventSource(`${origin}/one-event`));
  return new Promise((resolve) => {
    for (const source of sources) {
      source.onerror = () => {
        note();
        if (done < total) return;
        for (const other of sources) other.close();
        resolve(undefined);
      };
    }
  });
}

/**
 * A source that is closed at once, if its number is even, or when it is open.
 *
 * @param {number} index
 */
const cycle = (index) =>
  new Promise((resolve) => {
    const source = new EventSource(`${origin}/silence`);
    const close = () => resolve(source.close());
    if (index % 2 === 0) close();
    else source.onopen = source.onerror = close;
  });

const TOGETHER = 50;

async function cycles() {
  while (done < total) {
    await Promise.all(Array.from({ length: TOGETHER }, (_, index) => cycle(index)));
    done += TOGETHER;
    if (isDue()) await sample();
  }
}

/** @type {Record<string, () => Promise<unknown>>} */
const happenings = { events, reconnections, cycles };
await happenings[what]?.();
await sample();
console.log(`result: ${JSON.stringify({ heaps: heaps.slice(0, SAMPLES), done })}`);
process.exit();
