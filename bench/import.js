/** What does it cost to import us? CPU time, and whether anything is made but classes and constants. In Node 24. */
import { max, median, min } from 'simple-statistics';
import { path, resultOf } from './processes.js';
import { table } from './report.js';
import { node24 } from './runtimes.js';

const entries = ['everysource', 'everysource/stream', 'eventsource'];
const ours = entries.slice(0, 2);
/** Milliseconds. */
const MOST = 10;
/** What constants are kept in. */
const constants = new Set(['Map', 'Set', 'RegExp']);

const run = (/** @type {string[]} */ ...args) => resultOf(node24(), [path('import-client.js'), ...args]);

/**
 * @param {unknown} _server
 * @param {boolean} isQuick
 * @returns {Promise<import('./run.js').Part>}
 */
export async function measure(_server, isQuick) {
  /** @type {Record<string, number[]>} */
  const times = Object.fromEntries(entries.map((entry) => [entry, []]));
  for (let round = 0; round < (isQuick ? 3 : 20); round++) {
    for (const entry of entries) times[entry]?.push(await run(entry));
  }
  const rows = Object.entries(times).map(([entry, list]) => [
    entry,
    ...[median(list), min(list), max(list)].map((time) => `${time.toFixed(1)} ms`),
  ]);
  const checks = [];
  /** @type {Record<string, string[]>} */
  const constructed = {};
  for (const entry of ours) {
    const middle = median(times[entry] ?? []);
    const sentence = `${entry} takes ${middle.toFixed(1)} ms, must ${MOST}`;
    checks.push({ isGood: middle <= MOST, isMust: true, sentence });
    const made = /** @type {string[]} */ (await run(entry, 'constructed'));
    constructed[entry] = made;
    const isGood = made.every((name) => constants.has(name));
    checks.push({
      isGood,
      isMust: true,
      sentence: `${entry} makes with \`new\`: ${made.join(', ') || 'nothing'}`,
    });
  }
  const text = table(['CPU time of an import', 'median', 'least', 'most'], rows);
  return { heading: 'Import', text, checks, raw: { times, constructed } };
}
