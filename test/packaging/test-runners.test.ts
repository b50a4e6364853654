/** The packed package in the test runners of its users. */
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { packaging, root, run } from './run.ts';
import { serveStream } from './stream.ts';

const consumer = inject('consumer');
const stream = serveStream();

describe('Jest', () => {
  const jest = async (file: string) => {
    const environment = file.startsWith('jsdom') ? 'jest-environment-jsdom' : 'jest-environment-node';
    const config = {
      rootDir: join(consumer, 'jest'),
      testMatch: [`**/${file}`],
      transform: {},
      cacheDirectory: join(consumer, 'jest-cache'),
      // By path, since the consumer has no Jest of its own; the comment in each file would look for it there.
      testEnvironment: join(packaging, 'node_modules', environment),
    };
    const args = [
      '--experimental-vm-modules',
      join(packaging, 'node_modules/jest/bin/jest.js'),
      '--config',
      JSON.stringify(config),
      '--runInBand',
    ];
    return run(process.execPath, args, consumer, { STREAM_URL: stream.url });
  };

  it.each([
    ['receives events in its node environment by require', 'node.test.cjs', 1],
    ['receives events in its node environment by import', 'node.test.mjs', 1],
    ['loads both entries in jsdom by require, and is told that there is no fetch', 'jsdom.test.cjs', 4],
    ['loads both entries in jsdom by import, and is told that there is no fetch', 'jsdom.test.mjs', 2],
  ])('%s', async (_, file, count) => {
    const { status, output } = await jest(file);
    expect(output).toMatch(new RegExp(`^Tests: +${count} passed, ${count} total$`, 'm'));
    expect(output).not.toMatch(/did not exit|open handle/);
    expect(status, output).toBe(0);
  });
});

describe('Vitest', () => {
  it.each([
    ['receives events with the package outside of its transforms', []],
    ['receives events with the package inlined', ['--config', 'inline.config.mjs']],
  ])('%s', async (_, options) => {
    const vitest = join(root, 'node_modules/vitest/vitest.mjs');
    const args = [vitest, 'run', '--globals', '--root', join(consumer, 'vitest'), ...options];
    const { status, output } = await run(process.execPath, args, consumer, { STREAM_URL: stream.url });
    expect(output).toMatch(/Tests +1 passed \(1\)/);
    expect(status, output).toBe(0);
  });
});
