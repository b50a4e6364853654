/** Makes the README's picture of the playground anew: `node test/browsers/screenshot.js`, after a build. */
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import { createDemoServer, listen } from '../../demo/server.js';
import { chromiumFlags } from '../support/chromium.js';

const path = fileURLToPath(new URL('../../demo/playground/screenshot.png', import.meta.url));

const server = createDemoServer({ interval: 400, eventsPerConnection: 18 });
const origin = await listen(server, 8080);
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: chromiumFlags });
try {
  const page = await browser.newPage({ colorScheme: 'light', viewport: { width: 1280, height: 1360 } });
  await page.goto(origin);
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  // The last minute, full: several cuts, of both kinds, and some events since the latest.
  await page.waitForFunction(() => document.querySelectorAll('#errors > li').length >= 7, undefined, {
    timeout: 120_000,
  });
  const figure = page.locator('#figure-events');
  const before = Number(await figure.textContent());
  await page.waitForFunction(
    (count) => Number(document.querySelector('#figure-events')?.textContent) > count + 9,
    before,
  );
  await page.screenshot({ path });
} finally {
  await browser.close();
  server.closeAllConnections();
  server.close();
}
