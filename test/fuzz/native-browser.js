/** A page of Chromium or Firefox. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromiumFlags } from '../support/chromium.js';

const requireDriver = createRequire(join(import.meta.dirname, '../browsers/package.json'));

/** @type {Record<string, { packages: string, options: { executablePath: string, channel?: string, args?: string[] } }>} */
const browsers = {
  chromium: {
    packages: 'chromium',
    options: {
      executablePath: '/usr/bin/chromium',
      args: chromiumFlags,
    },
  },
  firefox: {
    packages: 'firefox-esr',
    options: { executablePath: '/usr/bin/firefox-esr', channel: 'moz-firefox' },
  },
};

/** @param {string} name @param {string} url */
export async function openPage(name, url) {
  const browser = browsers[name];
  if (browser === undefined) throw new Error(`--browsers ${name}: there are chromium and firefox`);
  const { packages, options } = browser;
  if (!existsSync(options.executablePath)) {
    throw new Error(`${name} not found. On Debian: apt-get install --no-install-recommends ${packages}`);
  }
  const running = await requireDriver('playwright')[name].launch(options);
  const page = await running.newPage();
  await page.goto(url);
  return {
    version: /** @type {string} */ (running.version()),
    /** What the page makes of the batch that is served. @returns {Promise<string>} */
    followBatch: () => page.evaluate('followBatch()'),
    /** @returns {Promise<void>} */
    close: () => running.close(),
  };
}
