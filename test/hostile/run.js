/**
 * `npm run hostile`: what hostile servers can do to a client. Each scenario is played to an `EventSource`, to `eventStream` and to bare `fetch`,
 * in processes of their own. How it ends must be as the table says, and by itself; what is alive meanwhile, and the CPU time, must not be
 * more than bare `fetch` takes and the bound. `--quick`: less of everything, for CI. `--only WORDS`: the scenarios with that in the name.
 */
import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { tableOf } from './report.js';

const { values: options } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, only: { type: 'string', default: '' } },
});
// Before the scenarios are made.
if (options.quick) process.env['HOSTILE_SHARE'] = '0.1';
const { scenarios } = await import('./scenarios.js');

/** Longer than this is a hang. Milliseconds. */
const LIMIT = 120_000;

/**
 * MiB that may be alive besides what a scenario allows: what a chunk of 64 KiB brings, as text and as events, our code, and what V8 has
 * not given back of its pages. Seen 3.
 */
const BESIDE = 8;

/** MiB by which V8 may exceed what is alive before it is out of memory: it has to copy what is young, and divides its heap into pages. */
const ROOM = 16;

/** A client may also take so many times the CPU time of bare `fetch`, which depends on the machine as ours does. */
const TIMES = 2;

/**
 * @typedef {object} Report of a client
 * @property {string} ends
 * @property {boolean} isReconnecting
 * @property {number} events
 * @property {number} delay
 * @property {number} thrown
 * @property {number} heap MiB, as the next
 * @property {number} rss
 * @property {number} cpu seconds
 *
 * @typedef {{ scenario: import('./scenarios.js').Scenario, bare: Report, clients: Report[], bounds: { heap: number, cpu: number }, problems: string[] }} Result
 */

const server = fork(join(import.meta.dirname, 'server.js'));
const [{ origin }] = /** @type {[{ origin: string }]} */ (await once(server, 'message'));

/**
 * @param {string} client
 * @param {number} number
 * @param {number} [heap] MiB that V8 may use at most, so that no moment can be missed in which more is needed
 * @returns {Promise<Report>}
 */
function play(client, number, heap) {
  const limits = heap === undefined ? [] : [`--max-old-space-size=${Math.ceil(heap)}`];
  const args = ['--expose-gc', '--max-semi-space-size=1', ...limits, join(import.meta.dirname, 'client.js')];
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [...args, client, `${number}`, origin],
      { timeout: LIMIT },
      (error, stdout, stderr) => {
        if (!error) return resolve(JSON.parse(stdout));
        if (error.killed) return reject(new Error('does not end'));
        const isFull = stderr.includes('heap out of memory');
        return reject(new Error(isFull ? `needs more than ${heap?.toFixed(0)} MiB of heap` : stderr.trim()));
      },
    );
  });
}

/**
 * @param {import('./scenarios.js').Scenario} scenario
 * @param {Report} report
 * @param {Result['bounds']} bounds
 */
function problemsOf({ ends, isReconnecting = false, events = 0, delay, listener }, report, bounds) {
  const problems = [];
  if (report.ends !== ends) problems.push(`ends with ${report.ends}, not ${ends}`);
  if (report.isReconnecting !== isReconnecting) problems.push(isReconnecting ? 'is closed' : 'is not closed');
  if (report.events !== events) problems.push(`${report.events} of ${events} events`);
  if (listener === 'throw' && report.thrown !== events) problems.push(`${report.thrown} errors`);
  if (report.heap > bounds.heap) problems.push(`${report.heap.toFixed(1)} MiB are alive`);
  if (report.cpu > bounds.cpu) problems.push(`${report.cpu.toFixed(1)} s of CPU time`);
  return { problems, delay };
}

/** Both; in CI, where they may, in turn. @param {import('./scenarios.js').Scenario} scenario @param {number} number */
function clientsOf({ clients = ['source', 'stream'] }, number) {
  return options.quick ? [clients[number % clients.length] ?? 'source'] : clients;
}

/** @param {number} number @returns {Promise<Result>} */
async function attempt(number) {
  const scenario = /** @type {import('./scenarios.js').Scenario} */ (scenarios[number]);
  const bare = await play('bare', number).catch((error) => {
    throw new Error(`${scenario.name}, bare: ${error.message}`);
  });
  const bounds = { heap: bare.heap + (scenario.heap ?? 0) + BESIDE, cpu: TIMES * bare.cpu + scenario.work };
  /** @type {Result} */
  const result = { scenario, bare, clients: [], bounds, problems: [] };
  for (const client of clientsOf(scenario, number)) {
    try {
      const report = await play(client, number, bounds.heap + ROOM);
      const { problems, delay } = problemsOf(scenario, report, bounds);
      if (client === 'source' && delay !== undefined && report.delay !== delay)
        problems.push(`waits ${report.delay} ms`);
      result.clients.push(report);
      result.problems.push(...problems.map((problem) => `${client}: ${problem}`));
    } catch (error) {
      result.problems.push(`${client}: ${/** @type {Error} */ (error).message}`);
    }
  }
  return result;
}

const isChosen = (/** @type {import('./scenarios.js').Scenario} */ { name, isLong = false }) =>
  name.includes(options.only) && !(isLong && options.quick);
const queue = [...scenarios.keys()].filter((number) => isChosen(/** @type {any} */ (scenarios[number])));
/** @type {Result[]} */
const results = [];

async function work() {
  for (let number = queue.shift(); number !== undefined; number = queue.shift()) {
    const result = await attempt(number);
    results[number] = result;
    for (const problem of result.problems) console.log(`FAIL  ${result.scenario.name}: ${problem}`);
  }
}

await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, work));
server.disconnect();
const played = results.filter((result) => result !== undefined);
console.log(tableOf(played));
const failed = played.filter(({ problems }) => problems.length > 0).length;
console.log(`\n${played.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 && played.length > 0 ? 0 : 1;
