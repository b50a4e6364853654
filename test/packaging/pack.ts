/** Builds and packs the package, and installs the archive in a folder where nothing else is installed. */
import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { packaging, root, run } from './run.ts';

declare module 'vitest' {
  interface ProvidedContext {
    consumer: string;
  }
}

export async function setup(project: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'everysource-packaging-'));
  const teardown = () => rmSync(folder, { recursive: true });
  try {
    project.provide('consumer', await install(folder));
  } catch (error) {
    teardown();
    throw error;
  }
  return teardown;
}

async function install(folder: string): Promise<string> {
  const archive = await pack(join(folder, 'source'), folder);
  const consumer = join(folder, 'consumer');
  cpSync(join(packaging, 'consumers'), consumer, { recursive: true });
  writeFileSync(join(consumer, 'package.json'), '{ "private": true, "type": "module" }');
  await npm(['install', '--no-audit', '--no-fund', '--loglevel=error', archive], consumer);
  const installed = readdirSync(join(consumer, 'node_modules')).filter((name) => !name.startsWith('.'));
  if (installed.join() !== 'everysource') throw new Error(`the package brought others along: ${installed}`);
  return consumer;
}

/** In a copy, so that whatever uses `dist` meanwhile is not disturbed. */
async function pack(copy: string, destination: string): Promise<string> {
  const names = ['.git', 'node_modules', 'dist', 'coverage', 'test'];
  const others = new Set(names.map((name) => join(root, name)));
  cpSync(root, copy, { recursive: true, filter: (file) => !others.has(file) });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  const built = await run(process.execPath, ['node_modules/tsup/dist/cli-default.js', '--silent'], copy);
  if (built.status !== 0) throw new Error(`tsup: ${built.output}`);
  const options = ['--ignore-scripts', '--silent', '--pack-destination', destination];
  return join(destination, (await npm(['pack', ...options], copy)).trim());
}

async function npm(args: string[], cwd: string): Promise<string> {
  const { status, output } = await run('npm', args, cwd);
  if (status !== 0) throw new Error(`npm ${args[0]}: ${output}`);
  return output;
}
