/** How to run the client: in Node, in another runtime, in a page of a browser; and what each does otherwise. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cutting } from './plan.js';
import { binary } from '../runtimes/runtimes.js';
import { chromiumFlags } from '../support/chromium.js';

/**
 * @typedef {object} Lab
 * @property {string} origin
 * @property {Promise<string>} posted the report of a page
 * @property {() => Promise<void>} gone resolves when the client holds no stream any more
 *
 * @typedef {object} Platform
 * @property {(lab: Lab, task: import('./client.js').Task) => Promise<{ report: string, rest: string }>} run
 *   gives the report, and what else was printed
 * @property {number} events in the log
 * @property {number} faults
 * @property {import('./explain.js').Differences} differences
 */

/** Longer than this is a hang. Milliseconds. */
const LIMIT = 300_000;

/** What ends each client that is running: they outlive this process otherwise. @type {Set<() => void>} */
const running = new Set();
process.on('exit', () => running.forEach((stop) => stop()));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

/** @param {() => string} program @param {string[]} args @returns {Platform['run']} */
const command = (program, args) => (_, task) => {
  const all = [...args, join(import.meta.dirname, 'client-process.js'), JSON.stringify(task)];
  return new Promise((resolve, reject) => {
    const child = execFile(
      program(),
      all,
      { timeout: LIMIT, maxBuffer: 2 ** 24 },
      (error, stdout, stderr) => {
        running.delete(stop);
        if (error) return reject(new Error(error.killed ? 'does not end' : `${error.message}${stderr}`));
        return resolve({ report: stdout, rest: stderr });
      },
    );
    const stop = () => child.kill();
    running.add(stop);
  });
};

/**
 * A browser that opens one page, and reports by itself.
 *
 * @param {string} packages of Debian
 * @param {(profile: string, lab: Lab) => string[]} commandOf without the url
 * @returns {Platform['run']}
 */
const page = (packages, commandOf) => async (lab, task) => {
  const profile = mkdtempSync(join(tmpdir(), 'everysource-faults-'));
  const [program = '', ...args] = commandOf(profile, lab);
  if (!existsSync(program)) throw new Error(`On Debian: apt-get install --no-install-recommends ${packages}`);
  const url = `${lab.origin}/test/faults/page.html?task=${encodeURIComponent(JSON.stringify(task))}`;
  const browser = spawn(program, [...args, url], { stdio: 'ignore', detached: true });
  const ended = once(browser, 'exit');
  // The whole group, which includes the display.
  const isThere = () => browser.exitCode === null && browser.signalCode === null;
  const stop = () => isThere() && process.kill(-(/** @type {number} */ (browser.pid)));
  running.add(stop);
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  try {
    const report = await Promise.race([
      lab.posted,
      ended.then(() => Promise.reject(new Error('the browser has gone'))),
      new Promise((_, reject) => {
        timer = setTimeout(() => reject(new Error('does not end')), LIMIT);
      }),
    ]);
    await lab.gone();
    return { report, rest: '' };
  } finally {
    clearTimeout(timer);
    stop();
    await ended;
    running.delete(stop);
    rmSync(profile, { recursive: true, force: true, maxRetries: 10 });
  }
};

function chromium(/** @type {string} */ profile) {
  return ['/usr/bin/chromium', '--headless', ...chromiumFlags, `--user-data-dir=${profile}`];
}

/** It starts without questions, and asks nobody but the lab. */
const firefoxPreferences = {
  'app.update.disabledForTesting': true,
  'browser.aboutwelcome.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.safebrowsing.update.enabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'extensions.systemAddon.update.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'services.settings.server': 'data:,',
  'toolkit.telemetry.enabled': false,
};

function firefox(/** @type {string} */ profile) {
  const lines = Object.entries(firefoxPreferences).map(
    (pair) => `user_pref(${JSON.stringify(pair).slice(1, -1)});`,
  );
  writeFileSync(join(profile, 'user.js'), lines.join('\n'));
  return ['/usr/bin/firefox-esr', '--headless', '--no-remote', '--profile', profile];
}

/** On a display of its own where there is none; its number is as free as the port. */
function webkit(/** @type {string} */ _, /** @type {Lab} */ { origin }) {
  const display = `${Number(new URL(origin).port) - 30_000}`;
  const browser = ['/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser', '--private'];
  return process.env.DISPLAY ? browser : ['/usr/bin/xvfb-run', '-n', display, ...browser];
}

/**
 * Node's fetch (20.20, undici 6.23, 2026-11) takes a body that breaks off for complete where the server has said that it will close the
 * connection.
 *
 * @param {import('./lab.js').Connection} connection
 */
const brokenOff = ({ kind, place, closes }) =>
  closes && kind in cutting && kind !== 'hang' && place !== 'head' ? ['end-of-body'] : [];

/**
 * WebKitGTK (2.50, 2026-11) takes a body for complete whose framing is wrong, or that is shorter than its `Content-Length`; and follows no
 * redirect behind one to another origin.
 *
 * @param {import('./lab.js').Connection} connection
 */
const lenient = ({ kind, isElsewhere }) => {
  if (kind === 'wrong framing' || kind === 'short body') return ['end-of-body'];
  return kind.startsWith('redirect') && isElsewhere ? ['network'] : [];
};

const small = { events: 2000, faults: 60 };

/** @type {Readonly<Record<string, Platform>>} */
export const platforms = {
  node: {
    run: command(() => process.execPath, []),
    events: 50_000,
    faults: 200,
    differences: { alsoEnds: brokenOff },
  },
  deno: {
    run: command(() => binary('@deno/linux-x64-glibc/deno'), ['run', '-A']),
    ...small,
    differences: {},
  },
  bun: { run: command(() => binary('@oven/bun-linux-x64/bin/bun'), []), ...small, differences: {} },
  chromium: {
    run: page('chromium', chromium),
    ...small,
    // Chromium 156, Firefox 153 (2026-11). A class of their own would fail likewise.
    differences: { keepsHeaders: true, takesHalfHeads: true },
  },
  firefox: {
    run: page('firefox-esr', firefox),
    ...small,
    // Firefox 153 (2026-11) sends a request up to ten times, and now and then leaves one open that was aborted.
    differences: { keepsHeaders: true, takesHalfHeads: true, losesAborts: true, retries: true },
  },
  webkit: {
    run: page('webkit2gtk-driver xvfb xauth', webkit),
    ...small,
    differences: { keepsHeaders: true, alsoEnds: lenient },
  },
};
