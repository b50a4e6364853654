/** What somebody gets who installs the package: these files and no other, and nothing that runs by itself. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';

const folder = join(inject('consumer'), 'node_modules/everysource');
const published = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => !entry.isDirectory())
  .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1));

/** A file of code, and what helps to read it in a debugger. */
const code = (...names: string[]) => names.flatMap((name) => [`dist/${name}`, `dist/${name}.map`]);

describe('the published package', () => {
  it('has these files, and no other', () => {
    const chunk = /^dist\/chunk-[A-Z\d]{8}\.js(\.map)?$/;
    expect(published.filter((file) => !chunk.test(file)).toSorted()).toEqual(
      [
        'CHANGELOG.md',
        'LICENSE',
        'README.md',
        'package.json',
        ...['index', 'polyfill', 'stream'].flatMap((name) => [
          ...code(`${name}.js`, `${name}.cjs`),
          `dist/${name}.d.ts`,
          `dist/${name}.d.cts`,
        ]),
        ...code('cli.js', 'everysource.global.js'),
      ].toSorted(),
    );
    // What index, stream and cli share.
    expect(published.filter((file) => chunk.test(file))).toHaveLength(2);
  });

  it('needs no other package, and runs nothing when it is installed', () => {
    const about = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, object>;
    const brought = Object.keys(about).filter((name) => /^(?!devD).*dependencies$|^bundle/i.test(name));
    expect(brought).toEqual([]);
    const scripts = Object.keys(about.scripts!);
    expect(scripts.filter((name) => /^(pre|post)?install$|^(pre|post)?prepare$/.test(name))).toEqual([]);
    expect(published).not.toContain('binding.gyp');
  });

  it('carries nothing of the extras in the core, and of the core only the engine in `stream`', () => {
    const roomsOf = (file: string) => {
      const { sources } = JSON.parse(readFileSync(join(folder, `${file}.map`), 'utf8')) as {
        sources: string[];
      };
      return sources.map((source) => basename(source, '.ts'));
    };
    const shared = published.filter((file) => /chunk.*\.js$/.test(file));
    const core = [...shared, 'dist/index.js', 'dist/index.cjs', 'dist/everysource.global.js'].flatMap(
      roomsOf,
    );
    const extras = [
      'stream',
      'stream-init',
      'stream-error',
      'iteration',
      'command',
      'printer',
      'follow',
      'cli',
    ];
    expect([...roomsOf('dist/stream.js'), ...roomsOf('dist/cli.js')].toSorted()).toEqual(extras.toSorted());
    expect(core).toContain('connection');
    expect(core.filter((room) => extras.includes(room))).toEqual([]);
    const dom = ['dispatcher', 'events', 'message-event', 'shell', 'event-source', 'install'];
    expect(roomsOf('dist/index.js').toSorted()).toEqual(dom.toSorted());
    expect(roomsOf('dist/stream.cjs').filter((room) => dom.includes(room))).toEqual([]);
  });

  it('makes no code of text, and prints nothing but by the command line', () => {
    const scripts = published.filter((file) => /\.c?js$/.test(file));
    const evaluating = scripts.filter((file) =>
      /\beval\(|new Function\b|\bFunction\(|\bimport\((?!['"])|\.innerHTML\b|document\.write/.test(
        readFileSync(join(folder, file), 'utf8'),
      ),
    );
    const printing = scripts.filter((file) => /\bconsole\b/.test(readFileSync(join(folder, file), 'utf8')));
    expect([evaluating, printing]).toEqual([[], []]);
  });
});
