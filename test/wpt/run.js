/**
 * Runs the official platform tests of EventSource against the built package: `npm run wpt -- [TARGET …]`.
 *
 * They come from a checkout of https://github.com/web-platform-tests/wpt, which WPT_DIR names, with its names in /etc/hosts
 * (`./wpt make-hosts-file`). What is left to fail is in expected.json; anything else makes the exit status 1.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { binary } from '../runtimes/runtimes.js';
import { openBrowser } from './browser.js';
import { testDocuments } from './documents.js';

/**
 * @typedef {import('./documents.js').TestDocument} TestDocument
 * @typedef {{ name: string, status: number, message: string | null }} Subtest
 * @typedef {{ status: number | string, message?: string | null, tests: Subtest[] }} Report
 * @typedef {{ document: TestDocument, total: number, passed: number, beyond: number, failures: string[] }} Score
 * @typedef {{ run: (document: TestDocument) => Promise<Report>, close: () => Promise<void> }} Runner
 * @typedef {{ name: string, kind: 'shell' | 'browser', open: () => Promise<Runner> }} Target
 */

const here = import.meta.dirname;
const dist = join(here, '../../dist');
const wptDir = process.env.WPT_DIR ?? '/tmp/wpt';
const port = Number(process.env.WPT_PORT ?? 8000);
const origin = `http://web-platform.test:${port}`;
const JOBS = 2;
const PASS = 0;

/** @type {Target[]} */
const targets = [
  { name: 'node20', kind: 'shell', open: shell(['node20/bin/node', '--no-warnings']) },
  { name: 'node24', kind: 'shell', open: shell(['node24/bin/node', '--no-warnings']) },
  { name: 'deno', kind: 'shell', open: shell(['@deno/linux-x64-glibc/deno', 'run', '-A', '--quiet']) },
  { name: 'bun', kind: 'shell', open: shell(['@oven/bun-linux-x64/bin/bun', 'run']) },
  { name: 'chromium', kind: 'browser', open: () => openBrowser('chromium', origin) },
  { name: 'firefox', kind: 'browser', open: () => openBrowser('firefox', origin) },
];

/**
 * @param {[path: string, ...args: string[]]} command of `test/runtimes`
 * @returns {() => Promise<Runner>}
 */
function shell([path, ...args]) {
  return async () => ({
    run: (document) => runInShell(binary(path), [...args, join(here, 'shell.js')], document),
    close: async () => {},
  });
}

/**
 * @param {string} program
 * @param {string[]} args
 * @param {TestDocument} document
 * @returns {Promise<Report>}
 */
async function runInShell(program, args, document) {
  const entry = pathToFileURL(join(dist, 'index.js')).href;
  const env = { ...process.env, EVERYSOURCE_WPT: JSON.stringify({ ...document, wptDir, origin, entry }) };
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const timer = setTimeout(() => child.kill('SIGKILL'), document.limit + 15_000);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  await once(child, 'close');
  clearTimeout(timer);
  const report = /^report: (.*)$/m.exec(output)?.[1];
  return report === undefined ? { status: `no report\n${output}`, tests: [] } : JSON.parse(report);
}

/** Starts the platform tests' own server, with our files. @returns {Promise<() => Promise<void>>} stops it */
async function startServer() {
  const folder = mkdtempSync(join(tmpdir(), 'everysource-wpt-'));
  const script = readFileSync(join(dist, 'everysource.global.js'), 'utf8');
  writeFileSync(join(folder, 'everysource.js'), `delete globalThis.EventSource;\n${script}`);
  for (const name of ['report.js', 'idl.js']) copyFileSync(join(here, name), join(folder, name));
  const args = [join(here, 'server.py'), wptDir, `${port}`, folder];
  const server = spawn('python3', args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = once(server, 'close');
  let errors = '';
  server.stderr.on('data', (text) => (errors += text));
  const isReady = once(server.stdout, 'data').then(() => true);
  const isEnded = ended.then(() => false);
  if (!(await Promise.race([isReady, isEnded]))) throw new Error(`the test server did not start:\n${errors}`);
  return async () => {
    server.stdin.end();
    await ended;
    rmSync(folder, { recursive: true });
  };
}

/**
 * `passed`: how many subtests must pass. `subtests`: how many a document has, if more than one.
 *
 * @type {{ passed: Record<'shell' | 'browser' | 'idl', number>, beyondUserland: { in: string[], document: string, subtest: string, why: string }[], subtests: Record<string, number> }}
 */
const expected = JSON.parse(readFileSync(join(here, 'expected.json'), 'utf8'));

/**
 * Counts what a document came to. The known number of its subtests is the whole, so that one that never started has failed.
 *
 * @param {Target['kind']} kind
 * @param {TestDocument} document
 * @param {Report} report
 * @returns {Score}
 */
function score(kind, document, { status, message, tests }) {
  const known = expected.subtests[document.id.replace(/\.any\.\w+\.html$/, '.any.html')] ?? 1;
  const passed = tests.filter((test) => test.status === PASS).length;
  const failed = tests.filter((test) => test.status !== PASS);
  const isBeyond = (/** @type {Subtest} */ { name }) =>
    expected.beyondUserland.some(
      (rule) =>
        rule.in.includes(kind) &&
        new RegExp(rule.document).test(document.id) &&
        new RegExp(rule.subtest).test(name),
    );
  const surprises = failed.filter((test) => !isBeyond(test));
  const failures = surprises.map((test) => `${test.name}: ${test.message}`);
  const total = Math.max(known, tests.length);
  const missing = total - tests.length;
  if (missing > 0) failures.push(`${missing} subtests never started: ${message ?? status}`);
  return { document, total, passed, beyond: failed.length - surprises.length, failures };
}

/**
 * Runs all documents in a target. Those about `retry` get a second chance: they want a wait of seconds to be exact to a quarter,
 * whatever else the machine does.
 *
 * @param {Target} target
 * @returns {Promise<Score[]>}
 */
async function runTarget({ kind, open }) {
  const runner = await open();
  const queue = testDocuments(wptDir, kind === 'browser');
  /** @type {Score[]} */
  const scores = [];
  const work = async () => {
    for (let document = queue.shift(); document !== undefined; document = queue.shift()) {
      let result = score(kind, document, await attempt(runner, document));
      if (result.failures.length > 0 && isTimed(document))
        result = score(kind, document, await attempt(runner, document));
      scores.push(result);
    }
  };
  await Promise.all(Array.from({ length: JOBS }, work));
  await runner.close();
  return scores;
}

const isTimed = (/** @type {TestDocument} */ { id }) => id.startsWith('format-field-retry');

/**
 * @param {Runner} runner
 * @param {TestDocument} document
 * @returns {Promise<Report>}
 */
async function attempt(runner, document) {
  try {
    return await runner.run(document);
  } catch (error) {
    return { status: `${error}`, tests: [] };
  }
}

/** @param {Score[]} scores */
function sum(scores) {
  const add = (/** @type {'total' | 'passed' | 'beyond'} */ key) =>
    scores.reduce((total, one) => total + one[key], 0);
  return { total: add('total'), passed: add('passed'), beyond: add('beyond') };
}

/**
 * @param {Target} target
 * @param {Score[]} scores
 * @returns {{ target: string, suite: ReturnType<typeof sum>, idl: ReturnType<typeof sum>, isAsExpected: boolean }}
 */
function summarize({ name, kind }, scores) {
  for (const { document, failures } of scores)
    for (const failure of failures) console.log(`  FAIL ${document.id}: ${failure}`);
  const suite = sum(scores.filter(({ document }) => !document.isIdl));
  const idl = sum(scores.filter(({ document }) => document.isIdl));
  const isAsExpected =
    scores.every(({ failures }) => failures.length === 0) &&
    suite.passed >= expected.passed[kind] &&
    idl.passed >= expected.passed.idl;
  console.log(
    `${name}: ${suite.passed} of ${suite.total} subtests, ${suite.beyond} beyond userland; IDL ${idl.passed} of ${idl.total}`,
  );
  return { target: name, suite, idl, isAsExpected };
}

async function main() {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { out: { type: 'string' } },
  });
  const unknown = positionals.filter((name) => targets.every((target) => target.name !== name));
  if (unknown.length > 0)
    throw new Error(
      `unknown target ${unknown.join()}: expected ${targets.map(({ name }) => name).join(', ')}`,
    );
  const chosen = targets.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  const stop = await startServer();
  const results = [];
  try {
    for (const target of chosen) results.push(summarize(target, await runTarget(target)));
  } finally {
    await stop();
  }
  if (values.out !== undefined) {
    mkdirSync(join(values.out, '..'), { recursive: true });
    writeFileSync(values.out, `${JSON.stringify(results, undefined, 2)}\n`);
  }
  const asExpected = results.filter(({ isAsExpected }) => isAsExpected).length;
  console.log(`wpt: ${asExpected} passed, ${results.length - asExpected} failed`);
  if (asExpected < results.length) process.exitCode = 1;
}

await main();
