/**
 * `npm run faults -- --seeds 1-5`: streams of numbered events through connections that break in any way, from a seed. Every event must come,
 * once and in order; each reconnection must have its reason; nothing may be left. `--events`, `--faults`: how many of each.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { FaultLab } from './lab.js';
import { kinds, planOf } from './plan.js';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1-5' },
    events: { type: 'string', default: '50000' },
    faults: { type: 'string', default: '200' },
    together: { type: 'string', default: '6' },
  },
});
const events = Number(values.events);
const faults = Number(values.faults);

/** Longer than this is a hang. Milliseconds. */
const LIMIT = 300_000;

/** @typedef {{ received: number, wrong?: unknown, errors: { reason: string, code: string }[], problems: string[] }} Report */

/** @returns {Promise<{ report: Report, rest: string }>} */
function run(/** @type {string} */ how, /** @type {string} */ url) {
  const args = [join(import.meta.dirname, 'client.js'), how, url, `${events}`];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { timeout: LIMIT }, (error, stdout, stderr) => {
      if (error) return reject(new Error(error.killed ? 'does not end' : `${error.message}${stderr}`));
      return resolve({ report: JSON.parse(stdout), rest: stderr });
    });
  });
}

/**
 * Each error of the client beside the connection that it must come from.
 *
 * @param {Report} report
 * @param {import('./plan.js').Fault[]} connections
 */
function unexplained({ errors }, connections) {
  // Who refuses has no connection.
  const told = errors.filter(({ code }) => code !== 'ECONNREFUSED');
  // The first hop of a redirect ends without a word; the last connection is the one that was closed.
  const ended = connections.filter(({ kind }) => !kind.startsWith('redirect')).slice(0, -1);
  const problems = ended.flatMap(({ kind }, index) => {
    const reason = told[index]?.reason ?? 'nothing';
    const isExpected = reason === 'end-of-body' || kinds[kind]?.includes(reason);
    return isExpected ? [] : [`connection ${index + 1}, ${kind}, ended with ${reason}`];
  });
  if (told.length !== ended.length) {
    problems.push(`${ended.length} connections ended, the client tells of ${told.length}`);
  }
  return problems;
}

/** @param {number} seed @param {string} how */
async function attempt(seed, how) {
  const lab = new FaultLab(planOf(seed, faults, events), events);
  await lab.open();
  try {
    const { report, rest } = await run(how, `http://127.0.0.1:${lab.port}/`);
    const explained = how === 'source' ? unexplained(report, lab.connections) : [];
    const problems = [...report.problems, ...explained.slice(0, 3)];
    if (report.wrong !== undefined) problems.push(`not the next event: ${JSON.stringify(report.wrong)}`);
    if (report.received !== events) problems.push(`${report.received} of ${events} events`);
    if (lab.connections.length < faults) problems.push(`only ${lab.connections.length} faults`);
    if (rest !== '') problems.push(rest);
    return { problems, connections: lab.connections.length };
  } catch (error) {
    return { problems: [`${error}`], connections: lab.connections.length };
  } finally {
    await lab.close();
  }
}

const [first = 1, last = first] = values.seeds.split('-').map(Number);
const queue = Array.from({ length: last - first + 1 }, (_, at) => first + at).flatMap((seed) =>
  ['source', 'stream'].map((how) => ({ seed, how })),
);
let passed = 0;
let failed = 0;
let connections = 0;

async function work() {
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const result = await attempt(next.seed, next.how);
    connections += result.connections;
    if (result.problems.length === 0) passed++;
    else failed++;
    const verdict = result.problems.length === 0 ? 'ok   ' : 'FAIL ';
    console.log(`${verdict} seed ${next.seed}, ${next.how}: ${result.connections} connections`);
    for (const problem of result.problems) console.log(`      ${problem}`);
  }
}

const startedAt = performance.now();
await Promise.all(Array.from({ length: Number(values.together) }, work));
const minutes = ((performance.now() - startedAt) / 60_000).toFixed(1);
console.log(
  `${passed} passed, ${failed} failed: ${passed + failed} streams of ${events} events, ${connections} connections, ${minutes} min`,
);
process.exitCode = failed === 0 ? 0 : 1;
