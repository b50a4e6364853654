/**
 * `npm run bench`: ours and its peers side by side, in every runtime, and what else was promised: memory, growth, latency, import.
 * Prints tables, and fails when a figure that must be reached is not.
 *
 * `--quick`: two minutes, small sizes, one round; tells, and never fails. `--parts`, `--runtimes`, `--workloads`, `--clients`: names,
 * with commas between them. `--rounds N`. `--json FILE`: everything that was measured.
 */
import { parseArgs } from 'node:util';
import { circumstances, keep } from './circumstances.js';
import { clients } from './clients.js';
import { checklist, checksOf, runtimeReport } from './report.js';
import { measureIn } from './measure.js';
import * as growth from './growth.js';
import * as importing from './import.js';
import * as latency from './latency.js';
import * as memory from './memory.js';
import { startServer } from './processes.js';
import { runtimes } from './runtimes.js';
import { FETCH_LIMIT, REFERENCE } from './targets.js';
import { plans } from './workloads.js';

/** @typedef {{ heading: string, text: string, checks: import('./report.js').Check[], raw: object }} Part */

const list = /** @type {const} */ ({ type: 'string' });
const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    parts: list,
    runtimes: list,
    workloads: list,
    clients: list,
    rounds: list,
    json: list,
  },
});

const names = (/** @type {{ name: string }[]} */ entries) => entries.map(({ name }) => name);

/**
 * The names that an option chooses.
 *
 * @param {'parts' | 'runtimes' | 'workloads' | 'clients'} option
 * @param {string[]} all
 * @param {string[]} usual
 */
function chosen(option, all, usual = all) {
  const text = options[option];
  if (text === undefined) return usual;
  // One client has a comma in its name.
  const asked = text.split(/,(?! )/);
  const unknown = asked.filter((name) => !all.includes(name));
  if (unknown.length > 0) throw new RangeError(`--${option}: ${unknown} is none of ${all.join('; ')}`);
  return asked;
}

const isQuick = options.quick;

async function measureClients(/** @type {Awaited<ReturnType<typeof startServer>>} */ server) {
  const choice = {
    clients: chosen('clients', names(clients)),
    workloads: chosen('workloads', names(plans)),
    rounds: Number(options.rounds ?? (isQuick ? 1 : 5)),
    ...(isQuick && { cycles: 10 }),
  };
  // Two minutes are enough for all in one runtime, and for a look at the others.
  const glance = {
    ...choice,
    clients: chosen('clients', names(clients), ['everysource', REFERENCE, FETCH_LIMIT]),
    workloads: chosen('workloads', names(plans), ['tiny', 'llm']),
  };
  const places = chosen('runtimes', names(runtimes));
  const measurements = [];
  const versions = [];
  for (const runtime of runtimes.filter(({ name }) => places.includes(name))) {
    try {
      const isGlance = isQuick && runtime.name !== 'node24';
      const result = await measureIn(runtime, server, isGlance ? glance : choice);
      versions.push(result.version);
      measurements.push(...result.measurements);
      console.log(`\n${runtimeReport(result.measurements, runtime.name, result.version)}`);
    } catch (error) {
      console.log(`\n## ${runtime.name}\n\n${error instanceof Error ? error.message : error}`);
    }
  }
  const checks = checksOf(measurements);
  return { heading: 'What was to be reached', text: '', checks, raw: { choice, versions, measurements } };
}

/** @typedef {Awaited<ReturnType<typeof startServer>>} Server */
/** @type {[name: string, measure: (server: Server, isQuick: boolean) => Promise<Part>][]} */
const parts = [
  ['clients', measureClients],
  ['memory', memory.measure],
  ['growth', growth.measure],
  ['latency', latency.measure],
  ['import', importing.measure],
];

const before = circumstances();
const { processors, memory: size, system } = before.machine;
console.log(`# ${before.date.slice(0, 10)}, ${processors}, ${size}, ${system}`);
console.log(`\nCommit ${before.commit}.`);
const server = await startServer();
/** @type {Record<string, object>} */
const results = {};
let isGood = true;
const asked = chosen(
  'parts',
  parts.map(([name]) => name),
);
for (const [name, measure] of parts) {
  if (!asked.includes(name)) continue;
  const { heading, text, checks, raw } = await measure(server, isQuick);
  console.log(`\n## ${heading}\n\n${[text, checklist(checks)].filter((block) => block !== '').join('\n\n')}`);
  results[name] = { ...raw, checks };
  isGood &&= checks.every((check) => check.isGood || !check.isMust);
  if (options.json !== undefined) await keep(options.json, { ...before, isQuick, ...results });
}
server.stop();
if (!isGood && !isQuick) process.exitCode = 1;
