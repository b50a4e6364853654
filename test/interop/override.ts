/**
 * Builds and packs the package, and lets npm put it in the place of others', as a user does who writes
 * `"eventsource": "npm:everysource"` in package.json. The archive stands for the published package.
 */
import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { root, run } from '../packaging/run.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A module that imports others from a folder in which the package is installed under the names of others. */
    loader: string;
  }
}

/** `@sanity/eventsource` is what `@sanity/client` imports; that takes the class from `eventsource` 2, by `require`. */
const replaced = ['eventsource', '@sanity/eventsource'];

export async function setup(project: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'everysource-interop-'));
  const teardown = () => rmSync(folder, { recursive: true });
  try {
    project.provide('loader', await install(folder, await pack(folder)));
  } catch (error) {
    teardown();
    throw error;
  }
  return teardown;
}

/** Elsewhere than in `dist`, which others may be using. */
async function pack(folder: string): Promise<string> {
  const source = join(folder, 'source');
  for (const name of ['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md']) {
    cpSync(join(root, name), join(source, name));
  }
  const tsup = ['node_modules/tsup/dist/cli-default.js', '--no-dts', '--silent'];
  const built = await run(process.execPath, [...tsup, '--out-dir', join(source, 'dist')], root);
  if (built.status !== 0) throw new Error(`tsup: ${built.output}`);
  const name = await npm(['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], source);
  return join(folder, name.trim());
}

async function install(folder: string, archive: string): Promise<string> {
  const app = join(folder, 'app');
  cpSync(join(import.meta.dirname, 'node_modules'), join(app, 'node_modules'), { recursive: true });
  copyFileSync(join(import.meta.dirname, 'package-lock.json'), join(app, 'package-lock.json'));
  const manifest = JSON.parse(readFileSync(join(import.meta.dirname, 'package.json'), 'utf8'));
  manifest.dependencies = Object.fromEntries(replaced.map((name) => [name, `file:${archive}`]));
  manifest.overrides = Object.fromEntries(replaced.map((name) => [name, `$${name}`]));
  writeFileSync(join(app, 'package.json'), JSON.stringify(manifest));
  // All but the archive is there, so nothing is asked of a registry.
  await npm(['install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], app);
  // Under `node_modules`, where Vitest leaves the imports to Node.
  const loader = join(app, 'node_modules/loader.mjs');
  writeFileSync(loader, 'export const load = (specifier) => import(specifier);');
  return loader;
}

async function npm(args: string[], cwd: string): Promise<string> {
  const { status, output } = await run('npm', args, cwd);
  if (status !== 0) throw new Error(`npm ${args[0]}: ${output}`);
  return output;
}
