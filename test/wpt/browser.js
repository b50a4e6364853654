/** Runs test documents in a headless Chromium or Firefox. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromiumFlags } from '../support/chromium.js';

/** @typedef {import('./documents.js').TestDocument} TestDocument */

const requireDriver = createRequire(join(import.meta.dirname, '../browsers/package.json'));

/** Every name of the tests is this machine; the service worker needs a secure context. @param {string} origin */
const chromium = (origin) => ({
  executablePath: '/usr/bin/chromium',
  args: [
    ...chromiumFlags,
    '--disable-background-timer-throttling',
    '--disable-renderer-backgrounding',
    '--disable-backgrounding-occluded-windows',
    '--host-resolver-rules=MAP *.web-platform.test 127.0.0.1,MAP web-platform.test 127.0.0.1',
    `--unsafely-treat-insecure-origin-as-secure=${origin}`,
    '--disable-features=LocalNetworkAccessChecks,PrivateNetworkAccessSendPreflights',
    '--proxy-server=direct://',
  ],
});

const firefox = () => ({
  executablePath: '/usr/bin/firefox-esr',
  channel: 'moz-firefox',
  firefoxUserPrefs: {
    'network.proxy.type': 0,
    'network.dns.localDomains': ['', 'www.', 'www1.', 'www2.', 'xn--lve-6lad.', 'xn--n8j6ds53lwwkrqhv28a.']
      .map((name) => `${name}web-platform.test`)
      .join(),
    'dom.serviceWorkers.testing.enabled': true,
    'browser.contentblocking.category': 'custom',
    'network.cookie.cookieBehavior': 0,
    'privacy.partition.network_state': false,
    'dom.min_background_timeout_value': 4,
    'dom.timeout.enable_budget_timer_throttling': false,
  },
});

/**
 * Opens a browser.
 *
 * @param {'chromium' | 'firefox'} name
 * @param {string} origin of the test server
 */
export async function openBrowser(name, origin) {
  const options = name === 'chromium' ? chromium(origin) : firefox();
  const { executablePath } = options;
  if (!existsSync(executablePath))
    throw new Error(
      `${executablePath} not found. On Debian: apt-get install --no-install-recommends ${name === 'chromium' ? 'chromium' : 'firefox-esr'}`,
    );
  const browser = await requireDriver('playwright')[name].launch(options);
  return {
    /** @param {TestDocument} document */
    async run({ url, limit }) {
      // A context of its own: tests share neither cookies nor the limit of connections.
      const context = await browser.newContext();
      try {
        const page = await context.newPage();
        await page.goto(origin + url, { waitUntil: 'domcontentloaded' });
        const report = await page.waitForFunction('globalThis.everysourceReport', undefined, {
          timeout: limit + 5000,
        });
        return JSON.parse(await report.jsonValue());
      } finally {
        await context.close();
      }
    },
    close: () => browser.close(),
  };
}
