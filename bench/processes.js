/** Child processes of the benchmarks, and what Linux tells of their CPU time. */
import { execFile, execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { promisify } from 'node:util';

export const path = (/** @type {string} */ relative) => new URL(relative, import.meta.url).pathname;

/** Brings what a folder needs, when it is not there yet. */
export function install(/** @type {string} */ folder) {
  if (existsSync(path(`../${folder}/node_modules`))) return;
  console.log(`installing ${folder} …`);
  execFileSync('npm', ['run', '--silent', 'install:in', '--', folder], { cwd: path('..'), stdio: 'inherit' });
}

/** Starts the server in a process of its own. */
export async function startServer() {
  const child = fork(path('server.js'));
  const [{ origin }] = /** @type {[{ origin: string }]} */ (await once(child, 'message'));
  return { origin, pid: child.pid, stop: () => child.disconnect() };
}

/** What is worth telling of a process that failed: the line that names its error. */
const reasonIn = (/** @type {string} */ output) =>
  /^.*(?:Error|Exception)\b.*$/m.exec(output)?.[0].trim() ?? 'ended without a result';

/**
 * Runs a program that prints `result: ` and JSON.
 *
 * @param {string} program
 * @param {string[]} args
 * @param {number} [limit] milliseconds
 * @returns {Promise<any>}
 */
export async function resultOf(program, args, limit = 120_000) {
  const options = { timeout: limit, env: { ...process.env, NODE_NO_WARNINGS: '1', NODE_OPTIONS: '' } };
  const { stdout, stderr, killed } = await promisify(execFile)(program, args, options).catch(
    (error) => error,
  );
  const result = /^result: (.*)$/m.exec(stdout)?.[1];
  if (result !== undefined) return JSON.parse(result);
  throw new Error(killed ? `did not end within ${limit / 1000} s` : reasonIn(`${stderr}`));
}

/** The fields of `/proc/PID/stat` after the name, which may have any character in it; nothing if the process is gone. */
function statOf(/** @type {string} */ pid) {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'latin1')
      .replace(/^.*\) /s, '')
      .split(' ');
  } catch {
    return [];
  }
}

const TICKS_PER_SECOND = 100;

/**
 * CPU time of all processes below this one, except for one and what is below that: user and system, in milliseconds, by process.
 *
 * @param {number | undefined} except
 * @returns {Map<string, number>}
 */
export function cpuOfDescendants(except) {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const stats = new Map(all.map((pid) => [pid, statOf(pid)]));
  const isBelow = (/** @type {string | undefined} */ pid) => {
    for (let at = pid; at !== undefined && at !== `${except}`; at = stats.get(at)?.[1]) {
      if (at === `${process.pid}`) return pid !== at;
    }
    return false;
  };
  const times = [...stats].filter(([pid]) => isBelow(pid));
  return new Map(
    times.map(([pid, stat]) => [pid, ((Number(stat[11]) + Number(stat[12])) * 1000) / TICKS_PER_SECOND]),
  );
}

/**
 * What was used from one reading to the next. A process that ended in between is not counted.
 *
 * @param {Map<string, number>} before
 * @param {Map<string, number>} after
 */
export function cpuBetween(before, after) {
  let sum = 0;
  for (const [pid, time] of after) sum += time - (before.get(pid) ?? 0);
  return sum;
}
