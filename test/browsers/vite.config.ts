import { existsSync } from 'node:fs';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { playwright } from '@vitest/browser-playwright';
import { chromiumFlags } from '../support/chromium.js';
import { clickAt, prefer, press } from './keys.ts';
import { webkit } from './webkit-provider.ts';

/** Each browser, the programs that have to be there, and the Debian packages that bring them. */
const browsers = [
  {
    name: 'chromium',
    programs: ['/usr/bin/chromium'],
    packages: 'chromium',
    browser: {
      headless: true,
      instances: [{ browser: 'chromium' as const }],
      provider: playwright({ launchOptions: { executablePath: '/usr/bin/chromium', args: chromiumFlags } }),
    },
  },
  {
    name: 'firefox',
    programs: ['/usr/bin/firefox-esr'],
    packages: 'firefox-esr',
    browser: {
      headless: true,
      instances: [{ browser: 'firefox' as const }],
      provider: playwright({
        launchOptions: { channel: 'moz-firefox', executablePath: '/usr/bin/firefox-esr' },
      }),
    },
  },
  {
    name: 'webkitgtk',
    programs: [
      '/usr/bin/WebKitWebDriver',
      ...(process.env.DISPLAY ? [] : ['/usr/bin/xvfb-run', '/usr/bin/xauth']),
    ],
    packages: 'webkit2gtk-driver xvfb xauth',
    browser: {
      headless: false,
      ui: false,
      instances: [{ browser: 'safari' as const }],
      provider: webkit(),
    },
  },
];

const isHere = ({ name, programs, packages }: (typeof browsers)[number]): boolean => {
  const missing = programs.filter((program) => !existsSync(program));
  if (missing.length === 0) return true;
  const message = `${name}: ${missing.join(', ')} not found. On Debian: apt-get install --no-install-recommends ${packages}`;
  if (process.env.CI) throw new Error(message);
  console.warn(message);
  return false;
};

const projects = browsers.filter(isHere).map(({ name, browser }): TestProjectInlineConfiguration => ({
  extends: true,
  test: {
    name,
    // Besides those for all.
    include: [`*.${name}.ts`],
    browser: { enabled: true, screenshotFailures: false, commands: { clickAt, prefer, press }, ...browser },
  },
}));

export default defineConfig({
  server: { fs: { allow: ['../..'] } },
  test: {
    include: ['*.browser.ts'],
    globalSetup: './server.ts',
    testTimeout: 120_000,
    hookTimeout: 180_000,
    reporters: process.env.CI ? ['default', ['json', { outputFile: 'results.json' }]] : ['default'],
    projects,
  },
});
