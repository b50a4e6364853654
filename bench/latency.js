/** How long is an event under way that comes alone? One every 2 ms, in Node 24: ours and the reference in turn. */
import { median, quantile } from 'simple-statistics';
import { path, resultOf } from './processes.js';
import { table } from './report.js';
import { node24 } from './runtimes.js';
import { REFERENCE } from './targets.js';

const names = ['everysource', REFERENCE];
const INTERVAL = 2;
/** Of each run, so that what is compiled only once does not count. */
const WARM_UP = 200;

/**
 * @param {{ origin: string }} server
 * @param {boolean} isQuick
 * @returns {Promise<import('./run.js').Part>}
 */
export async function measure({ origin }, isQuick) {
  const [rounds, count] = isQuick ? [1, 600] : [10, 1500];
  const program = node24();
  const url = `${origin}/times?interval=${INTERVAL}&count=${count}`;
  /** @type {number[][][]} */
  const runs = [[], []];
  for (let round = 0; round < rounds; round++) {
    for (const at of round % 2 === 0 ? [0, 1] : [1, 0]) {
      const times = await resultOf(program, [path('latency-client.js'), names[at] ?? '', url]);
      runs[at]?.push(times.slice(WARM_UP));
    }
  }
  // The rounds are not put together: in a bad one all is late.
  const of = (/** @type {number} */ share) => runs.map((list) => list.map((times) => quantile(times, share)));
  const shares = [0.5, 0.9, 0.99].map(of);
  const rows = names.map((name, at) => [
    name,
    ...shares.map((figures) => `${median(figures[at] ?? []).toFixed(0)} µs`),
    [0.25, 0.75].map((share) => quantile(shares[0]?.[at] ?? [], share).toFixed(0)).join('–'),
  ]);
  const head = ['', 'p50', 'p90', 'p99', 'quartiles of the p50'];
  const text = `Events every ${INTERVAL} ms, medians of ${rounds} rounds.\n\n${table(head, rows)}`;
  const [ours = NaN, theirs = NaN] = (shares[0] ?? []).map(median);
  const sentence = `half of the events come within ${ours.toFixed(0)} µs, must ${theirs.toFixed(0)} as with ${REFERENCE}`;
  return {
    heading: 'Latency',
    text,
    checks: [{ isGood: ours <= theirs, isMust: true, sentence }],
    raw: { shares },
  };
}
