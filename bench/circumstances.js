/** Where and with what something was measured, and how that is kept beside what was. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { format, resolveConfig } from 'prettier';
import { path } from './processes.js';

const git = (/** @type {string[]} */ ...args) =>
  execFileSync('git', args, { cwd: path('.'), encoding: 'utf8' }).trim();

export function circumstances() {
  const { devDependencies } = JSON.parse(readFileSync(path('package.json'), 'utf8'));
  return {
    commit: git('rev-parse', 'HEAD') + (git('status', '--porcelain', '../src') === '' ? '' : ', changed'),
    date: new Date().toISOString(),
    machine: {
      processors: `${cpus().length} × ${cpus()[0]?.model}`,
      memory: `${(totalmem() / 2 ** 30).toFixed(0)} GiB`,
      system: `${type()} ${release()}`,
    },
    runner: process.version,
    packages: devDependencies,
  };
}

/** Writes JSON, in the format that the repository asks for. */
export async function keep(/** @type {string} */ file, /** @type {object} */ measured) {
  const rules = { ...(await resolveConfig(file)), filepath: file };
  writeFileSync(file, await format(JSON.stringify(measured), rules));
}
