/**
 * What becomes of events that come faster than they can be handled? A server writes 1,000,000 of them as fast as its socket takes
 * them, and a consumer takes 10 ms for each: first with `eventStream`, then with `EventSource` and a queue. Prints the
 * client's memory after a collection of garbage and how far the server has come, and draws both into `backpressure.svg`. Fails when the heap
 * of `eventStream` grew, when the server was not held up, and when an event was lost, repeated or out of place.
 *
 * `--seconds N`: for how long the consumer is slow. `--quick` only shows that it holds, and draws nothing.
 */
import { fork } from 'node:child_process';
import { on, once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';

const TOTAL = 1_000_000;

/**
 * By how much the heap may change while the consumer is slow, from the first third of the time to the last. In a minute it was seen to
 * grow by 0.2 MB (Node 20 and 24), and as much with a bare `fetch`; to keep each event would take more than 1 MB. Bytes.
 */
const MAX_CHANGE = 0.5e6;

/** By how much it may have grown after all events: 2 bytes for each of them, as what was compiled meanwhile takes its share. Bytes. */
const MAX_GROWTH = 2e6;

/**
 * How many events may be under way. The kernel's buffers hold them, on Linux at most 4 MiB for sending and 32 MiB for receiving, which
 * is about a fifth of all.
 */
const MAX_AHEAD = TOTAL / 4;

const { values: options } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, seconds: { type: 'string' } },
});
const seconds = Number(options.seconds ?? (options.quick ? 6 : 60));
if (!(seconds >= 3)) throw new RangeError('--seconds: expected 3 or more');
/** Between two lines of the tables. */
const interval = Math.ceil(seconds / 12);
const file = (/** @type {string} */ path) => new URL(path, import.meta.url).pathname;

/**
 * @typedef {object} Sample
 * @property {number} second since the client started
 * @property {number} heapUsed bytes, as the next two
 * @property {number} external
 * @property {number} rss
 * @property {number} consumed events
 * @property {number} misplaced events that were not the next one
 * @property {number} written events that the server has given to its socket
 * @property {boolean} isHeldUp whether its socket takes no more
 * @property {boolean} isLast
 */

/** @param {unknown[]} cells */
const print = (...cells) => console.log(cells.map((cell) => `${cell}`.padStart(12)).join(''));
const megabytes = (/** @type {number} */ bytes) => (bytes / 1e6).toFixed(1);
const count = (/** @type {number} */ events) => events.toLocaleString('en');

/** @param {Sample} sample */
function row({ second, heapUsed, external, rss, consumed, written, isHeldUp }) {
  const memory = [heapUsed, external, rss].map(megabytes);
  print(second.toFixed(1), ...memory, count(consumed), count(written), isHeldUp ? 'full' : '');
}

/** @param {import('node:child_process').ChildProcess} child */
async function answer(child) {
  const [message] = await once(child, 'message');
  return message;
}

/**
 * Lets a client be slow for the time. `isReadOut`: then it stops sleeping, and reads on until it has everything.
 *
 * @param {string} name
 * @param {boolean} isReadOut
 */
async function run(name, isReadOut) {
  const server = fork(file('backpressure-server.js'), [`${TOTAL}`]);
  const { url, eventSize } = await answer(server);
  const client = fork(file('backpressure-client.js'), [name, url], { execArgv: ['--expose-gc'] });
  console.log(`\n${name}, events of ${eventSize} bytes; memory in MB`);
  print('second', 'heap', 'external', 'RSS', 'consumed', 'written', 'socket');
  /** @type {Sample[]} */
  const slow = [];
  /** @type {Sample[]} */
  const after = [];
  for await (const [message] of on(client, 'message', { close: ['exit'] })) {
    server.send('how far?');
    /** @type {Sample} */
    const sample = { ...message, ...(await answer(server)) };
    const isOver = sample.second >= seconds;
    const phase = after.length === 0 && (slow.at(-1)?.second ?? 0) < seconds ? slow : after;
    phase.push(sample);
    if (phase === after || isOver || (slow.length - 1) % interval === 0) row(sample);
    if (sample.isLast || (isOver && !isReadOut)) break;
    if (isOver && phase === slow) client.send('read on');
  }
  for (const child of [client, server]) child.kill();
  return { slow, after };
}

/** @param {number[]} values */
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

/**
 * The usual heap of the first third of the time and of the last. The first sample is left out: there was no connection yet.
 *
 * @param {Sample[]} slow
 */
function heapsOf(slow) {
  const heaps = slow.slice(1).map(({ heapUsed }) => heapUsed);
  const third = Math.ceil(heaps.length / 3);
  return { early: median(heaps.slice(0, third)), late: median(heaps.slice(-third)) };
}

let isGood = true;

/**
 * @param {boolean} isSo
 * @param {string} sentence
 */
function check(isSo, sentence) {
  console.log(`${isSo ? 'ok  ' : 'FAIL'}  ${sentence}`);
  isGood &&= isSo;
}

/** @param {Awaited<ReturnType<typeof run>>} stream */
function checkStream({ slow, after }) {
  const { early, late } = heapsOf(slow);
  const handled = slow.at(-1)?.consumed ?? 0;
  const last = after.at(-1);
  const ahead = Math.max(...slow.map(({ written, consumed }) => written - consumed));
  const isHeldUp = slow.length > 2 && slow.slice(1).every((sample) => sample.isHeldUp);
  const final = last?.heapUsed ?? NaN;
  const isFlat = Math.abs(late - early) <= MAX_CHANGE;
  check(isFlat, `the heap stays flat: ${megabytes(early)} MB, then ${megabytes(late)} MB`);
  check(final - early <= MAX_GROWTH, `and after all events it is ${megabytes(final)} MB`);
  check(isHeldUp, 'the server finds its socket full each time that it is asked');
  check(ahead <= MAX_AHEAD, `and is never further ahead than ${count(ahead)} events`);
  check(handled > 10 * seconds, `the consumer handles ${count(handled)} events meanwhile`);
  const isWhole = last?.isLast === true && last.consumed === TOTAL && last.misplaced === 0;
  check(isWhole, `and all ${count(last?.consumed ?? 0)} in the end, each once and in order`);
}

const stream = await run('eventStream', true);
const queue = await run('EventSource', false);
console.log('');
checkStream(stream);
const peak = Math.max(...queue.slow.map(({ heapUsed }) => heapUsed));
check(peak > 100e6, `the queue beside EventSource takes ${megabytes(peak)} MB`);
if (!isGood) process.exitCode = 1;
if (!options.quick) {
  // Needs an install of its own.
  const { draw } = await import('./chart/backpressure-chart.js');
  await writeFile(file('backpressure.svg'), await draw(stream.slow, queue.slow));
}
