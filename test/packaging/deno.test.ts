/** The packed package in Deno, from a folder without `node_modules`. */
import { cpSync, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { root, run } from './run.ts';
import { serveStream } from './stream.ts';

const consumer = inject('consumer');
// Elsewhere, lest Deno find the consumer's package.json and node_modules.
const elsewhere = join(dirname(consumer), 'deno-consumer');
const folder = join(elsewhere, 'deno');
const stream = serveStream();

const deno = (...args: string[]) => {
  const file = join(root, 'test/runtimes/node_modules/@deno/linux-x64-glibc/deno');
  if (!existsSync(file)) throw new Error('Deno not found: npm ci --prefix test/runtimes --ignore-scripts');
  return run(file, args, folder, { DENO_DIR: join(elsewhere, 'cache'), DENO_NO_UPDATE_CHECK: '1' });
};

beforeAll(() => {
  cpSync(join(consumer, 'deno'), folder, { recursive: true });
  cpSync(join(consumer, 'receive.cjs'), join(elsewhere, 'receive.cjs'));
  cpSync(join(consumer, 'node_modules/everysource'), join(folder, 'everysource'), { recursive: true });
});

describe('Deno', () => {
  it.each([
    ['imports the package by path', ['by-path.mjs']],
    ['imports both entries by an import map', ['--import-map', 'import-map.json', 'by-import-map.mjs']],
  ])('%s and receives events with no permission but the network', async (_, args) => {
    const { status, output } = await deno('run', '--no-prompt', '--allow-net', ...args, stream.url);
    expect(output).toBe('{"seen":["event 1","event 2"],"isOneClass":true}\n');
    expect(status).toBe(0);
  });

  it('finds the types by itself', async () => {
    const { status, output } = await deno('check', '--import-map', 'import-map.json', 'types.ts');
    expect(output).not.toContain('ERROR');
    expect(status, output).toBe(0);
  });
});
