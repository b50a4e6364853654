/**
 * Where a client's time goes: `npm run bench:profile -- CLIENT WORKLOAD [CYCLES]` runs it under the sampling profiler of Node 24, prints the
 * functions in which it was found most often, and says where the profile is, which Chromium's DevTools open.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { path, startServer } from './processes.js';
import { table } from './report.js';
import { node24 } from './runtimes.js';
import { plans } from './workloads.js';

const ROWS = 25;

/** @typedef {{ id: number, callFrame: { functionName: string, url: string, lineNumber: number } }} ProfileNode */

const [client = 'everysource', name = 'tiny', cycles = '100'] = process.argv.slice(2);
const types = plans.find((plan) => plan.name === name)?.types ?? ['message'];
const folder = mkdtempSync(join(tmpdir(), 'everysource-profile-'));
const server = await startServer();
const stream = JSON.stringify({ url: `${server.origin}/workload?workload=${name}&cycles=${cycles}`, types });
const flags = ['--cpu-prof', `--cpu-prof-dir=${folder}`, '--experimental-eventsource', '--no-warnings'];
console.log(execFileSync(node24(), [...flags, path('client.js'), client, stream], { encoding: 'utf8' }));
server.stop();

const file = join(folder, readdirSync(folder)[0] ?? '');
/** @type {{ nodes: ProfileNode[], samples: number[], timeDeltas: number[] }} */
const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(file, 'utf8'));
const byId = new Map(nodes.map((node) => [node.id, node.callFrame]));
/** @type {Map<string, number>} Microseconds */
const times = new Map();
for (const [at, id] of samples.entries()) {
  const { functionName = '', url = '', lineNumber = 0 } = byId.get(id) ?? {};
  const place = url === '' ? '' : ` ${url.split('/').slice(-2).join('/')}:${lineNumber + 1}`;
  const key = `${functionName || '(anonymous)'}${place}`;
  times.set(key, (times.get(key) ?? 0) + Number(timeDeltas[at]));
}
const all = [...times.values()].reduce((sum, time) => sum + time, 0);
const rows = [...times]
  .toSorted(([, one], [, other]) => other - one)
  .slice(0, ROWS)
  .map(([key, time]) => [key, `${(time / 1000).toFixed(0)} ms`, `${((time / all) * 100).toFixed(1)} %`]);
console.log(`${table(['function', 'of its own', 'share'], rows)}\n\n${file}`);
