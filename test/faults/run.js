/**
 * `npm run faults -- --seeds 1-5 --in node`: streams of numbered events through connections that break in any way, from a seed. Every event must
 * come, once and in order; each reconnection must have its reason; nothing may be left. `--events`, `--faults`: how many of each.
 */
import { parseArgs } from 'node:util';
import { explain } from './explain.js';
import { FaultLab } from './lab.js';
import { watchLag } from './lag.js';
import { createPages } from './pages.js';
import { planOf, withoutHalfHead } from './plan.js';
import { platforms } from './platforms.js';
import { Tally } from './tally.js';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1-5' },
    in: { type: 'string', default: 'node' },
    events: { type: 'string' },
    faults: { type: 'string' },
    together: { type: 'string', default: '8' },
  },
});

/** @typedef {{ seed: number, how: string, where: string, platform: import('./platforms.js').Platform }} Run */

/** The end of each stream must be seen within this time. Milliseconds. */
const GONE = 5000;

async function gone(/** @type {FaultLab} */ lab) {
  for (const end = performance.now() + GONE; lab.streams > 0;) {
    if (performance.now() > end) throw new Error(`${lab.streams} streams are still open`);
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
  }
}

/** Clients start one after another: many at once would be so slow that the lab seemed to be silent. @type {Promise<void>} */
let before = Promise.resolve();

/** @param {Run} run */
async function attempt({ seed, how, where, platform }) {
  const events = Number(values.events ?? platform.events);
  const faults = Number(values.faults ?? platform.faults);
  /** @type {(report: string) => void} */
  let onReport = () => {};
  /** @type {Promise<string>} */
  const posted = new Promise((resolve) => {
    onReport = resolve;
  });
  const { takesHalfHeads, losesAborts } = platform.differences;
  const plan = planOf(seed, faults, events).map((fault) => (takesHalfHeads ? withoutHalfHead(fault) : fault));
  const lab = new FaultLab(plan, events, createPages(onReport));
  await lab.open();
  const { connections } = lab;
  const origin = `http://127.0.0.1:${lab.port}`;
  const turn = before;
  before = lab.underWay;
  await turn;
  const task = { how, url: `${origin}/events`, total: events, hasToken: seed % 2 === 0 };
  try {
    const { report: text, rest } = await platform.run(
      { origin, posted, gone: () => (losesAborts ? Promise.resolve() : gone(lab)) },
      task,
    );
    await gone(lab);
    /** @type {import('./client.js').Report} */
    const report = JSON.parse(text);
    const explained = explain(task, report, lab, lag.beats, platform.differences);
    tally.add(where, connections, explained.notes);
    const problems = [...report.problems, ...explained.problems];
    if (report.wrong !== undefined) problems.push(`not the next event: ${JSON.stringify(report.wrong)}`);
    if (report.received !== events) problems.push(`${report.received} of ${events} events`);
    if (lab.plan.length > 0) problems.push(`${lab.plan.length} faults never took effect`);
    if (rest !== '') problems.push(rest);
    return { problems, events: report.received, connections: connections.length };
  } catch (error) {
    return { problems: [`${error}`], events: 0, connections: connections.length };
  } finally {
    await lab.close();
  }
}

const [first = 1, last = first] = values.seeds.split('-').map(Number);
const tally = new Tally();
const queue = Array.from({ length: last - first + 1 }, (_, at) => first + at).flatMap((seed) =>
  values.in.split(',').flatMap((where) => {
    const platform = platforms[where];
    if (platform === undefined)
      throw new Error(`--in knows ${Object.keys(platforms).join(', ')}, not ${where}`);
    return ['source', 'stream'].map((how) => ({ seed, how, where, platform }));
  }),
);
const sum = { passed: 0, failed: 0, events: 0, connections: 0 };

async function work() {
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const result = await attempt(next);
    const isGood = result.problems.length === 0;
    sum[isGood ? 'passed' : 'failed']++;
    sum.events += result.events;
    sum.connections += result.connections;
    const name = `${next.where}, seed ${next.seed}, ${next.how}`;
    console.log(`${isGood ? 'ok   ' : 'FAIL '} ${name}: ${result.connections} connections`);
    for (const problem of result.problems.slice(0, 5)) console.log(`      ${problem}`);
  }
}

const lag = watchLag();
const startedAt = performance.now();
await Promise.all(Array.from({ length: Number(values.together) }, work));
lag.stop();
const minutes = ((performance.now() - startedAt) / 60_000).toFixed(1);
console.log(`What happened, and how often:\n${tally}`);
for (const name of tally.missing) console.log(`FAIL  never happened: ${name}`);
const { passed, failed, events, connections } = sum;
console.log(
  `${passed} passed, ${failed} failed: ${passed + failed} streams, ${events} events, ${connections} connections, ${minutes} min`,
);
process.exitCode = failed + tally.missing.length === 0 ? 0 : 1;
