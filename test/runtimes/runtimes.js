/** How to run the suite in each runtime: each entry gives the results of all cases. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

/**
 * @typedef {{ name: string, result: string }[]} Results
 * @typedef {{ name: string, run: (context: object) => Promise<Results>, isScript?: true }} Runtime
 */

const here = import.meta.dirname;
const root = join(here, '../..');

/**
 * A program of this package.
 *
 * @param {string} path
 * @returns {string}
 */
export function binary(path) {
  const file = join(here, 'node_modules', path);
  if (!existsSync(file))
    throw new Error(`${path} not found. Install the runtimes: npm ci --prefix test/runtimes`);
  return file;
}

/**
 * Runs a command that prints its results.
 *
 * @param {string} path
 * @param {string[]} args
 * @returns {(context: object) => Promise<Results>}
 */
const command = (path, args) => async (context) => {
  const child = spawn(binary(path), [...args, JSON.stringify(context)], { cwd: here });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  await once(child, 'close');
  const results = /^results: (.*)$/m.exec(output)?.[1];
  if (results === undefined) throw new Error(`no results from ${path}:\n${output}`);
  return JSON.parse(results);
};

/** @param {number} major */
const node = (major) => `node${major}/bin/node`;

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return address !== null && typeof address === 'object' ? address.port : 0;
}

/**
 * Runs workerd with a compatibility date.
 *
 * @param {string} date
 * @returns {(context: object) => Promise<Results>}
 */
const workerd = (date) => async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'everysource-workerd-'));
  const port = await freePort();
  const files = [
    join(here, 'worker.mjs'),
    ...readdirSync(join(root, 'dist'))
      .filter((name) => /^(index|stream|chunk-\w+)\.js$/.test(name))
      .map((name) => join(root, 'dist', name)),
    ...['cases', 'cases-requests', 'cases-stream', 'suite'].map((name) =>
      join(root, `test/suite/${name}.js`),
    ),
  ];
  for (const file of files) cpSync(file, join(folder, basename(file)));
  // The first is the one that answers.
  const embedded = files
    .map((file) => basename(file))
    .map((name) => `(name = "${name}", esModule = embed "${name}")`);
  writeFileSync(
    join(folder, 'config.capnp'),
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (compatibilityDate = "${date}", modules = [${embedded.join(', ')}])),
    (name = "internet", network = (allow = ["public", "private", "local"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);`,
  );
  const child = spawn(binary('@cloudflare/workerd-linux-64/bin/workerd'), [
    'serve',
    join(folder, 'config.capnp'),
  ]);
  let output = '';
  child.stderr.on('data', (text) => (output += text));
  const ended = once(child, 'close');
  try {
    const url = `http://127.0.0.1:${port}/?context=${encodeURIComponent(JSON.stringify(context))}`;
    for (let tries = 0; ; tries++) {
      try {
        const response = await fetch(url);
        return /** @type {Results} */ (await response.json());
      } catch (error) {
        if (tries === 100 || child.exitCode !== null) throw new Error(`workerd: ${output}`, { cause: error });
        await new Promise((resolve) => {
          setTimeout(resolve, 50);
        });
      }
    }
  } finally {
    child.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true });
  }
};

/** @type {Runtime[]} */
export const runtimes = [
  ...[18, 20, 22, 24, 26].flatMap((major) => [
    { name: `Node ${major}, import`, run: command(node(major), ['main.mjs']) },
    { name: `Node ${major}, require`, run: command(node(major), ['main.cjs']) },
  ]),
  { name: 'Deno', run: command('@deno/linux-x64-glibc/deno', ['run', '--allow-net', 'main.mjs']) },
  { name: 'Bun', run: command('@oven/bun-linux-x64/bin/bun', ['main.mjs']) },
  // Before and after its fetch knew `cache: 'no-store'`.
  { name: 'workerd of 2023', run: workerd('2023-07-01') },
  { name: 'workerd of 2026', run: workerd('2026-11-01') },
  { name: 'edge-runtime', run: command(node(20), ['edge.mjs']), isScript: true },
];
