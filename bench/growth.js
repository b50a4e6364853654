/**
 * Does the work grow in step with the stream? Hostile and long streams at a size n, at twice and at four times that, in turn, in
 * Node 24. In step means that the work becomes four times as much; 16 times would be quadratic.
 */
import { median } from 'simple-statistics';
import { workloads } from './growth-workloads.js';
import { path, resultOf } from './processes.js';
import { table } from './report.js';
import { node24 } from './runtimes.js';

/** Between four times as much and sixteen. */
const MOST = 8;
/** What a line may cost in chunks of 64 bytes, in units of what reading and decoding costs. */
const MOST_BESIDE_DECODING = 2;

/**
 * @param {unknown} _server
 * @param {boolean} isQuick only shows that it runs: a hundredth is no measurement
 * @returns {Promise<import('./run.js').Part>}
 */
export async function measure(_server, isQuick) {
  const [share, rounds] = isQuick ? ['0.01', '1'] : ['1', '5'];
  const program = node24();
  const rows = [];
  const checks = [];
  /** @type {Record<string, object>} */
  const raw = {};
  for (const { name } of workloads) {
    const result = await resultOf(program, [path('growth-client.js'), name, share, rounds], 600_000);
    raw[name] = result;
    const [n = NaN, twice = NaN, whole = NaN] = result.times.map(median);
    const ratio = whole / n;
    rows.push([name, ...[n, twice, whole].map((time) => `${time.toFixed(0)} ms`), `× ${ratio.toFixed(1)}`]);
    checks.push({
      isGood: ratio <= MOST,
      isMust: true,
      sentence: `${name}: × ${ratio.toFixed(1)}, must ${MOST}`,
    });
    if (result.decoding.length === 0) continue;
    const beside = whole / median(result.decoding);
    const sentence = `${name}: ${beside.toFixed(2)} × reading and decoding alone, aim ${MOST_BESIDE_DECODING}`;
    checks.push({ isGood: beside <= MOST_BESIDE_DECODING, isMust: false, sentence });
  }
  const text = table(['CPU time', 'n', '2 n', '4 n', '4 n to n'], rows);
  return { heading: 'Growth', text, checks, raw };
}
