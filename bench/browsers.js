/** The clients in Chromium and Firefox: each run in a page of a context of its own. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { build } from 'vite';
import { chromiumFlags } from '../test/support/chromium.js';
import { cpuBetween, cpuOfDescendants, install, path } from './processes.js';

/**
 * @typedef {object} Page what is used of Playwright's
 * @property {(url: string) => Promise<unknown>} goto
 * @property {(script: { content: string }) => Promise<unknown>} addScriptTag
 * @property {<Argument, Result>(run: (argument: Argument) => Result, argument: Argument) => Promise<Awaited<Result>>} evaluate
 *
 * @typedef {object} Context
 * @property {() => Promise<Page>} newPage
 * @property {() => Promise<void>} close
 *
 * @typedef {object} Browser
 * @property {() => string} version
 * @property {() => Promise<Context>} newContext
 * @property {() => Promise<void>} close
 */

/** @typedef {{ executablePath: string, args?: string[], channel?: string }} Options */

/** @type {Record<string, { label: string, packages: string, options: Options }>} */
const browsers = {
  chromium: {
    label: 'Chromium',
    packages: 'chromium',
    options: { executablePath: '/usr/bin/chromium', args: chromiumFlags },
  },
  firefox: {
    label: 'Firefox',
    packages: 'firefox-esr',
    options: { executablePath: '/usr/bin/firefox-esr', channel: 'moz-firefox' },
  },
};

/** The clients as one script. */
async function bundle() {
  const result = await build({
    configFile: false,
    logLevel: 'error',
    root: path('.'),
    build: {
      write: false,
      minify: false,
      lib: { entry: 'page.js', formats: ['iife'], name: 'page' },
      rollupOptions: { external: [/^node:/, 'undici'] },
    },
  });
  const [built] = /** @type {{ output: { code: string }[] }[]} */ (/** @type {unknown} */ (result));
  return built?.output[0]?.code ?? '';
}

const sleep = (/** @type {number} */ milliseconds) =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });

/**
 * A promise, with a time limit.
 *
 * @template Value
 * @param {Promise<Value>} promise
 * @param {number} limit milliseconds
 * @returns {Promise<Value>}
 */
async function within(promise, limit) {
  const timer = new AbortController();
  const late = new Promise((_, reject) => {
    const fail = () => reject(new Error(`did not end within ${limit / 1000} s`));
    const handle = setTimeout(fail, limit);
    timer.signal.addEventListener('abort', () => clearTimeout(handle));
  });
  try {
    return /** @type {Value} */ (await Promise.race([promise, late]));
  } finally {
    timer.abort();
  }
}

/**
 * @param {string} name
 * @param {{ origin: string, pid: number | undefined }} server
 */
export async function openBrowser(name, server) {
  const { label, packages, options } = /** @type {typeof browsers[string]} */ (browsers[name]);
  if (!existsSync(options.executablePath)) {
    throw new Error(`not found. On Debian: apt-get install --no-install-recommends ${packages}`);
  }
  install('test/browsers');
  const playwright = createRequire(path('../test/browsers/package.json'))('playwright');
  const script = { content: await bundle() };
  /** @type {Browser} */
  const browser = await playwright[name].launch(options);
  return {
    version: `${label} ${browser.version()}`,
    close: () => browser.close(),
    /** @type {import('./runtimes.js').Run} */
    async run(client, stream, limit = 120_000) {
      const context = await browser.newContext();
      try {
        const page = await context.newPage();
        await page.goto(server.origin);
        await page.addScriptTag(script);
        // What a page costs when it opens is not the client's.
        await sleep(200);
        const before = cpuOfDescendants(server.pid);
        const startedAt = performance.now();
        const result = await within(
          page.evaluate(([of, from]) => globalThis.listen(of, from), /** @type {const} */ ([client, stream])),
          limit,
        );
        const wall = performance.now() - startedAt;
        return { ...result, cpu: cpuBetween(before, cpuOfDescendants(server.pid)), wall };
      } finally {
        await context.close();
      }
    },
  };
}
