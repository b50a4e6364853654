/**
 * `npm run soak`: half an hour with 2,000 connections whose events come at 0 to 10,000 a second in all, with heartbeats, and which break at
 * random. Draws heap, RSS, handles and lag of the client. Fails when an event is lost, repeated or out of place, when anything goes wrong,
 * when the client does not end by itself, and when heap, RSS or handles are not flat.
 *
 * `--minutes`, `--connections`, `--seed`. `--svg FILE`: the picture, `--json FILE`: its figures, both in `docs/` if nothing else is said. A run of
 * less than ten minutes tells whether they are flat and does not fail, and leaves `docs/` alone.
 */
import { execFileSync, fork } from 'node:child_process';
import { on, once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { circumstances, keep } from './circumstances.js';
import { path } from './processes.js';
import { checklist } from './report.js';
import { CYCLES, clock, ratesOf } from './soak-plan.js';
import {
  checksOf,
  checksOfFlatness,
  columnsOf,
  count,
  flatnessOf,
  lagOf,
  megabytes,
  milliseconds,
} from './soak-report.js';

/**
 * @typedef {import('./soak-report.js').Row} Row
 * @typedef {import('./soak-report.js').Result} Result
 * @typedef {import('node:child_process').ChildProcess} Child
 */

const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    connections: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
    svg: { type: 'string' },
    json: { type: 'string' },
  },
});

const number = (/** @type {'minutes' | 'connections' | 'seed'} */ option) => {
  const value = Number(options[option]);
  if (!(value > 0)) throw new RangeError(`--${option}: expected a number above 0, got ${options[option]}`);
  return value;
};
const [minutes, connections, seed] = [number('minutes'), number('connections'), number('seed')];

/** Less than ten minutes say little about half an hour. */
const isJudged = minutes >= 10;
const kept = { svg: path('../docs/soak.svg'), json: path('../docs/soak.json') };
/** A client that takes so much longer than it should hangs. Milliseconds, as the next. */
const PATIENCE = 300_000;
const TO_END = 10_000;

/** From row to row: as long as a rate lasts, but not less than a second. Milliseconds. */
const interval = Math.max(1000, (minutes * 60_000) / CYCLES / ratesOf(seed).length);

/** A connection is a file on either side, and two for a moment when it is made again. */
function checkOpenFiles() {
  const limit = execFileSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' }).trim();
  const need = 2 * connections + 100;
  if (limit === 'unlimited' || Number(limit) >= need) return;
  throw new RangeError(
    `${connections} connections need ${need} open files, and the limit is ${limit}: ulimit -n ${need}`,
  );
}

/**
 * Sends a message, and waits for the one with this property in it; nothing if the process ends before.
 *
 * @param {Child} child
 * @param {string} property
 * @param {any} message
 * @returns {Promise<any>}
 */
async function ask(child, property, message) {
  if (!child.connected) return undefined;
  const answers = on(child, 'message', { close: ['exit'] });
  child.send(message);
  for await (const [answer] of answers) if (property in answer) return answer;
  return undefined;
}

const print = (/** @type {string[]} */ cells) => console.log(cells.map((cell) => cell.padStart(13)).join(''));

function printRow(/** @type {Row} */ { second, duration, events, reconnections, heap, rss, handles, lag }) {
  const figures = [events / duration, reconnections].map(count);
  const sizes = [heap, rss].map(megabytes);
  const lags = [lag?.median, lag?.p99].map(milliseconds);
  print([(second / 60).toFixed(1), ...figures, ...sizes, count(handles), ...lags]);
}

/** Lets both run for the time. */
async function collect(/** @type {Child} */ server, /** @type {Child} */ client) {
  print(['minute', 'events/s', 'reconnected', 'heap, MB', 'RSS, MB', 'handles', 'lag, ms', '99 %, ms']);
  /** @type {Row[]} */
  const rows = [];
  let before = connections;
  let printed = 0;
  for await (const [{ row }] of on(client, 'message', { close: ['exit'] })) {
    const { requests } = await ask(server, 'requests', 'state');
    rows.push({ ...row, reconnections: Math.max(0, requests - before) });
    before = Math.max(before, requests);
    if (row.second - printed >= minutes * 2) {
      printRow(/** @type {Row} */ (rows.at(-1)));
      printed = row.second;
    }
    if (row.second >= minutes * 60) break;
  }
  return rows;
}

/** Lets the last events arrive, and everything be closed. The client has to end by itself while the server is still there. */
async function finish(/** @type {Child} */ server, /** @type {Child} */ client) {
  const state = await ask(server, 'requests', 'stop');
  const report = await ask(client, 'seen', state.last);
  let { open } = state;
  for (const since = clock(); open > 0 && clock() - since < TO_END;) {
    ({ open } = await ask(server, 'open', 'state'));
  }
  if (!client.connected) return { state, open, report, end: undefined };
  const killer = setTimeout(() => client.kill('SIGKILL'), TO_END);
  const since = clock();
  client.send('end');
  const [code] = await once(client, 'exit');
  clearTimeout(killer);
  return { state, open, report, end: code === 0 ? clock() - since : undefined };
}

/** @returns {Promise<Result>} */
async function run() {
  const server = fork(path('soak-server.js'), [connections, minutes, seed].map(String));
  const [{ origin }] = await once(server, 'message');
  const args = [origin, `${connections}`, `${interval}`];
  const client = fork(path('soak-client.js'), args, { execArgv: ['--expose-gc'] });
  const killer = setTimeout(() => client.kill('SIGKILL'), minutes * 60_000 + PATIENCE);
  server.send('start');
  try {
    const rows = await collect(server, client);
    return { rows, ...(await finish(server, client)) };
  } finally {
    clearTimeout(killer);
    for (const child of [client, server]) child.kill();
  }
}

checkOpenFiles();
const before = circumstances();
const what = `${count(connections)} connections for ${minutes} min, seed ${seed}`;
console.log(`${what}, Node ${process.version}, commit ${before.commit}\n`);
const result = await run();
const flatness = flatnessOf(result.rows, minutes);
const checks = [...checksOf(result, minutes), ...checksOfFlatness(flatness, isJudged)];
console.log(`\n${checklist(checks)}\n      ${lagOf(result.rows)}`);
if (checks.some(({ isGood, isMust }) => isMust && !isGood)) process.exitCode = 1;
const { svg, json } = { ...(isJudged && kept), ...options };
if (json !== undefined) {
  const { cuts, requests } = result.state;
  const asked = { minutes, connections, seed, rates: ratesOf(seed) };
  const happened = { cuts, requests, ...result.report, checks, flatness };
  await keep(json, { ...before, ...asked, ...happened, rows: columnsOf(result.rows) });
}
if (svg !== undefined) {
  // Needs an install of its own.
  const { draw } = await import('./chart/soak-chart.js');
  writeFileSync(svg, await draw({ minutes, connections, seed }, result.rows, flatness));
}
