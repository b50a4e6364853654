/** What the tools are made of is pinned to its bytes, wherever it comes from. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../support/run.ts';

interface Locked {
  link?: boolean;
  integrity?: string;
  resolved?: string;
}

const folders = ['.', 'bench', ...readdirSync(join(root, 'test')).map((name) => `test/${name}`)].filter(
  (folder) => {
    try {
      return readdirSync(join(root, folder)).includes('package.json');
    } catch {
      return false; // a file
    }
  },
);

describe('the lock file', () => {
  it.each(folders)('in %s names the hash of every package, and no host', (folder) => {
    const { packages } = JSON.parse(readFileSync(join(root, folder, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, Locked>;
    };
    const brought = Object.entries(packages).filter(
      ([path, { link }]) => path.includes('node_modules/') && !link,
    );
    expect(brought.length).toBeGreaterThan(0);
    const loose = brought.filter(
      ([, { integrity, resolved }]) => !integrity?.startsWith('sha512-') || resolved,
    );
    expect(loose).toEqual([]);
  });

  it.each(folders)('in %s goes with exact versions in package.json', (folder) => {
    const about = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Record<
      'dependencies' | 'devDependencies',
      Record<string, string> | undefined
    >;
    const versions = Object.values({ ...about.dependencies, ...about.devDependencies });
    expect(versions.filter((version) => !/^(npm:@?[^@]+@|file:)?[\d.]*\d$|^file:/.test(version))).toEqual([]);
  });
});
