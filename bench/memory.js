/** What is kept: of a connection on which nothing happens, of what is over, and of a chunk of which little is needed. In Node 24. */
import { median } from 'simple-statistics';
import { path, resultOf } from './processes.js';
import { table } from './report.js';
import { node24 } from './runtimes.js';

/** What an idle connection may cost above one of bare fetch. Bytes of JS heap. */
const MOST_ABOVE_FETCH = { must: 5000, aim: 4000 };
/** By how much the heap may grow from the first third of the samples to the last. Bytes. */
const MOST_CHANGE = 0.5e6;
/** Of the chunk from which something small is kept, and what may be kept with it. Bytes. */
const CHUNK = 64 * 1024;
const MOST_KEPT = 1024;

const LIMIT = 600_000;
const clients = ['fetch', 'everysource', 'eventStream', 'eventsource'];
const happenings = { events: 1_000_000, reconnections: 10_000, cycles: 100_000 };
const keepers = [
  'an event',
  'the data of an event',
  'the lastEventId of an event',
  'an event of eventStream',
  'an open source, with its last event ID',
];

/** @typedef {import('./report.js').Check} Check */

const run = (/** @type {string} */ file, /** @type {string[]} */ ...args) =>
  resultOf(node24(), ['--expose-gc', path(file), ...args], LIMIT);

const kilobytes = (/** @type {number} */ bytes) => `${(bytes / 1000).toFixed(1)} kB`;
const megabytes = (/** @type {number} */ bytes) => `${(bytes / 1e6).toFixed(2)} MB`;

async function idle(/** @type {string} */ origin, /** @type {number} */ count) {
  /** @type {Record<string, number>} */
  const heaps = {};
  for (const name of clients)
    heaps[name] = await run('memory-idle.js', name, `${origin}/silence`, `${count}`);
  const above = (/** @type {string} */ name) => Number(heaps[name]) - Number(heaps.fetch);
  const rows = clients.map((name) => [name, kilobytes(Number(heaps[name])), kilobytes(above(name))]);
  const ours = above('everysource');
  const checks = Object.entries(MOST_ABOVE_FETCH).map(([kind, most]) => {
    const sentence = `${kilobytes(ours)} above fetch for each idle connection, ${kind} ${kilobytes(most)}`;
    return { isGood: ours <= most, isMust: kind === 'must', sentence };
  });
  const title = `JS heap of each of ${count} idle connections`;
  return { text: table([title, 'heap', 'above fetch'], rows), checks, raw: heaps };
}

async function happen(/** @type {string} */ origin, /** @type {number} */ share) {
  const rows = [];
  /** @type {Check[]} */
  const checks = [];
  /** @type {Record<string, number[]>} */
  const raw = {};
  for (const [what, count] of Object.entries(happenings)) {
    const total = count * share;
    const { heaps, done } = await run('memory-growth.js', what, origin, `${total}`);
    raw[what] = heaps;
    const third = Math.floor(heaps.length / 3);
    const [early, late] = [heaps.slice(0, third), heaps.slice(-third)].map(median);
    const change = Number(late) - Number(early);
    const isGood = done >= total && change <= MOST_CHANGE;
    const label = `${total.toLocaleString('en')} ${what}`;
    rows.push([label, ...[3, 7, 11, 15, 19].map((at) => megabytes(heaps[at]))]);
    checks.push({
      isGood,
      isMust: true,
      sentence: `${label}: the heap changes by ${megabytes(change)}, must ${megabytes(MOST_CHANGE)}`,
    });
  }
  const head = ['JS heap after', '20 %', '40 %', '60 %', '80 %', 'all'];
  return { text: table(head, rows), checks, raw };
}

async function keep() {
  const rows = [];
  /** @type {Check[]} */
  const checks = [];
  /** @type {Record<string, number>} */
  const raw = {};
  for (const what of keepers) {
    // What it costs whatever the length of the chunk, a source above all, is no part of the chunk.
    const bytes = (await run('memory-pins.js', what, `${CHUNK}`)) - (await run('memory-pins.js', what, '0'));
    raw[what] = bytes;
    rows.push([what, kilobytes(bytes)]);
    const sentence = `${what} keeps ${kilobytes(bytes)} of a chunk of 64 KiB, must ${kilobytes(MOST_KEPT)}`;
    checks.push({ isGood: bytes <= MOST_KEPT, isMust: true, sentence });
  }
  return { text: table(['What is kept of a chunk of 64 KiB, with', 'heap'], rows), checks, raw };
}

/**
 * @param {{ origin: string }} server
 * @param {boolean} isQuick
 * @returns {Promise<import('./run.js').Part>}
 */
export async function measure({ origin }, isQuick) {
  const results = [
    await idle(origin, isQuick ? 500 : 5000),
    await happen(origin, isQuick ? 0.02 : 1),
    await keep(),
  ];
  const [idleRaw, happenRaw, keepRaw] = results.map(({ raw }) => raw);
  return {
    heading: 'Memory',
    text: results.map(({ text }) => text).join('\n\n'),
    checks: results.flatMap(({ checks }) => checks),
    raw: { idle: idleRaw, happenings: happenRaw, kept: keepRaw },
  };
}
