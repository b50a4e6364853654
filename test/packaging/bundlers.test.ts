/** The packed package in bundles for browsers; the bundles then run in Node. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, inject, it } from 'vitest';
import { bundlers } from './bundlers.ts';
import { run } from './run.ts';
import { serveStream } from './stream.ts';

const consumer = inject('consumer');
const stream = serveStream();

describe.each(bundlers)('$name', ({ name, bundle }) => {
  /** Bundles an app without any warning; gives the text, and what it prints. */
  const build = async (app: string) => {
    const folder = join(consumer, 'bundles', name);
    const file = `${app}.bundle.mjs`;
    mkdirSync(folder, { recursive: true });
    expect(await bundle(join(consumer, 'apps', app), folder, file)).toEqual([]);
    const script = [
      `globalThis.streamUrl = ${JSON.stringify(stream.url)};`,
      `await import(${JSON.stringify(pathToFileURL(join(folder, file)).href)});`,
    ];
    const ended = await run(process.execPath, ['--input-type=module', '-e', script.join('\n')], folder);
    return { ...ended, text: readFileSync(join(folder, file), 'utf8') };
  };

  const apps = ['webpack', 'esbuild'].includes(name) ? ['import.js', 'require.cjs'] : ['import.js'];
  it.each(apps)('makes one class of %s, which receives events over a reconnection', async (app) => {
    const { text, output } = await build(app);
    expect(text).toContain('CONNECTING');
    expect(text).not.toMatch(/["']everysource["']/);
    expect(JSON.parse(output)).toEqual({ seen: ['event 1', 'event 2'], isOneClass: true });
  });

  it('drops the package when nothing of it is used', async () => {
    const { text, output } = await build('unused.js');
    expect(text).not.toContain('CONNECTING');
    expect(text.length).toBeLessThan(500);
    expect(output).toBe('1\n');
  });

  it('keeps the polyfill, which defines the global', async () => {
    const { text, output } = await build('polyfill.js');
    expect(text).toContain('CONNECTING');
    expect(output).toBe('EventSource\n');
  });
});
