/** Where the clients run: the runtimes of `test/runtimes`, and browsers. */
import { execFileSync } from 'node:child_process';
import { binary } from '../test/runtimes/runtimes.js';
import { openBrowser } from './browsers.js';
import { install, path, resultOf } from './processes.js';

/**
 * @typedef {object} Result
 * @property {number} count
 * @property {number} length
 * @property {number} cpu user and system, all threads, milliseconds
 * @property {number} wall milliseconds
 * @property {number} [startup] CPU before the program's first line, not in `cpu`; milliseconds
 *
 * @typedef {(client: string, stream: import('./clients.js').Stream, limit?: number) => Promise<Result>} Run
 *
 * @typedef {object} Open
 * @property {string} version
 * @property {Run} run
 * @property {() => unknown} close
 *
 * @typedef {object} Runtime
 * @property {string} name
 * @property {number} scale by how much more it is sent than the table of workloads says
 * @property {(server: { origin: string, pid: number | undefined }) => Promise<Open>} open
 */

/** The last word of a program's `--version`, if that has more than one. */
const versionOf = (/** @type {string} */ program) =>
  /\d+\.\d+\.\d+\S*/.exec(execFileSync(program, ['--version'], { encoding: 'utf8' }))?.[0];

/**
 * @param {string} label
 * @param {string} file
 * @param {string[]} args
 * @returns {Runtime['open']}
 */
const command = (label, file, args) => async () => {
  install('test/runtimes');
  const program = binary(file);
  return {
    version: `${label} ${versionOf(program)}`,
    run: (client, stream, limit) =>
      resultOf(program, [...args, path('client.js'), client, JSON.stringify(stream)], limit),
    close() {},
  };
};

/** The runtime of what is measured in one only. */
export function node24() {
  install('test/runtimes');
  return binary('node24/bin/node');
}

/** @type {Runtime[]} */
export const runtimes = [
  ...[20, 24, 26].map((major) => ({
    name: `node${major}`,
    scale: 4,
    open: command('Node', `node${major}/bin/node`, ['--experimental-eventsource']),
  })),
  { name: 'deno', scale: 4, open: command('Deno', '@deno/linux-x64-glibc/deno', ['run', '--allow-all']) },
  { name: 'bun', scale: 4, open: command('Bun', '@oven/bun-linux-x64/bin/bun', []) },
  ...['chromium', 'firefox'].map((name) => ({
    name,
    scale: 1,
    open: openBrowser.bind(undefined, name),
  })),
];
