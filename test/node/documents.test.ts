/** The documents and the code say the same. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { usage } from '../../src/command.ts';
import { root } from '../support/run.ts';

const read = (...path: string[]) => readFileSync(join(root, ...path), 'utf8');
const readme = read('README.md');
const code = readdirSync(join(root, 'src')).map((file) => read('src', file));

describe('the README', () => {
  it('tells of the platform tests what they have to come to', () => {
    const { passed, subtests } = JSON.parse(read('test/wpt/expected.json')) as {
      passed: Record<'shell' | 'browser' | 'idl', number>;
      subtests: Record<string, number>;
    };
    const rows = [...readme.matchAll(/^\| (\w+) [\d.]+ +\| (\d+) of (\d+) +\| (\d+) of (\d+) +\|$/gm)];
    expect(rows.map(([, name]) => name)).toEqual(['Node', 'Node', 'Deno', 'Bun', 'Chromium', 'Firefox']);
    const idl = subtests['everysource-idl.html']! + subtests['everysource-idl.worker.html']!;
    for (const [, name, good, total, goodIdl, totalIdl] of rows) {
      const isBrowser = /Chromium|Firefox/.test(name!);
      expect([good, total]).toEqual(isBrowser ? [`${passed.browser}`, '141'] : [`${passed.shell}`, '113']);
      expect([goodIdl, totalIdl]).toEqual([`${passed.idl}`, `${idl}`]);
    }
  });

  it('lists each departure that the code names, and no other', () => {
    const inCode = new Set(code.flatMap((text) => text.match(/\bD\d+\b/g) ?? []));
    const inReadme = [...readme.matchAll(/^- \*\*(D\d+)\*\*/gm)].map(([, number]) => number);
    expect(inReadme).toEqual([...inCode].toSorted());
  });

  /** The first column of the table whose header begins so. */
  function firstColumn(header: string): string[] {
    const lines = readme.split('\n');
    const start = lines.findIndex((line) => line.startsWith(`| ${header}`));
    const rows = lines.slice(start + 2);
    return rows.slice(0, rows.indexOf('')).map((row) => /^\| `([^`]+)`/.exec(row)![1]!);
  }

  it('explains each reason of an error, and no other', () => {
    const union = /type EventSourceErrorReason =(.*?);/s.exec(read('src', 'errors.ts'))![1]!;
    const reasons = [...union.matchAll(/'([a-z-]+)'/g)].map(([, reason]) => reason);
    expect(firstColumn('`reason`')).toEqual(reasons);
  });

  it('explains each option, and no other', () => {
    const body = /interface EventSourceInit \{(.*?)^\}/ms.exec(read('src', 'init.ts'))![1]!;
    const options = [...body.matchAll(/^ {2}(\w+)\?:/gm)].map(([, option]) => option);
    expect(firstColumn('option                 |')).toEqual(options);
  });

  it('explains each option of the iteration, and no other', () => {
    const body = /interface EventStreamInit [^{]*\{(.*?)^\}/ms.exec(read('src', 'stream-init.ts'))![1]!;
    const options = [...body.matchAll(/^ {2}(\w+)\?:/gm)].map(([, option]) => option);
    expect(firstColumn('option  |')).toEqual(options);
  });

  it('explains each option of the command line, and no other', () => {
    const table = /\| option +\| meaning +\|\n.*\n\| `-H`[^]*?\n\n/.exec(readme)![0];
    const inTable = new Set(
      [...table.matchAll(/^\| (`.*?) +\|/gm)].flatMap(([, cell]) => cell!.match(/--[a-z-]+/g)!),
    );
    const inUsage = new Set(usage.match(/--[a-z-]+/g)!);
    expect([...inTable].toSorted()).toEqual(
      [...inUsage].filter((name) => name !== '--help' && name !== '--version').toSorted(),
    );
  });
});

describe('the release', () => {
  const workflow = read('.github/workflows/release.yml');

  const [build, publish] = workflow.split(/^ {2}publish:$/m) as [string, string];
  const commandsOf = (job: string) => [...job.matchAll(/^ +- run: (.*)$/gm)].map(([, command]) => command!);

  it('is tested, audited and built twice, and those bytes are published with their provenance', () => {
    expect(commandsOf(build).filter((command) => !/^(test |npm pkg get)/.test(command))).toEqual([
      'npm ci',
      'npm test',
      '.ci/audit',
      '.ci/reproducible everysource.tgz',
    ]);
    expect(commandsOf(publish)).toEqual([
      'npm publish everysource.tgz --provenance --access public --ignore-scripts',
    ]);
    const { publishConfig } = JSON.parse(read('package.json')) as { publishConfig?: object };
    expect(publishConfig).toEqual({ access: 'public', provenance: true });
  });

  it('gives no right to what runs the tools, to what publishes that to sign, and uses no actions but GitHub’s own', () => {
    expect(build).toMatch(/^permissions:\n +contents: read$/m);
    expect(build).not.toMatch(/: write|secrets/);
    expect(publish.match(/: write/g)).toHaveLength(1);
    expect(publish).toContain('id-token: write');
    for (const [, action] of workflow.matchAll(/uses: (\S+)/g)) {
      expect(action).toMatch(/^actions\/[a-z-]+@(v\d+|[\da-f]{40})$/);
    }
  });
});

describe('SECURITY.md', () => {
  const threats = read('SECURITY.md')
    .split('## Threat model')[1]!
    .replaceAll(/\n +/g, ' ')
    .split(/^- /m)
    .slice(1);
  /** The title of a test, or of a group of them, as it stands in a file. */
  const isTitle = (file: string, title: string) =>
    [
      `it('${title}'`,
      `describe('${title}'`,
      `name: '${title}'`,
      `\n  '${title}',\n`,
      `\n    '${title}',\n`,
    ].some((text) =>
      read('test', file)
        .replaceAll(/it\.each\([^]*?\)\(\s*'/g, "it('")
        .includes(text),
    );

  it.each(threats.map((threat) => [threat.split(/[.:]/)[0]!, threat]))(
    'names a test that exists: %s',
    (_, threat) => {
      const tests = [
        ...threat
          .split('→')
          .slice(1)
          .join()
          .matchAll(/`([^`]+)` “([^”]+)”/g),
      ];
      expect(tests.length).toBeGreaterThan(0);
      const missing = tests.filter(([, file, title]) => !isTitle(file!, title!));
      expect(missing.map(([text]) => text)).toEqual([]);
      // Every title belongs to a file.
      expect(threat.match(/“/g)).toHaveLength(tests.length);
    },
  );
});

describe('the links of the documents', () => {
  it.each(['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', 'docs/reliability.md'])(
    'in %s lead to files that are there',
    (document) => {
      const links = [...read(document).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, link]) => link!);
      expect(links.filter((link) => !existsSync(join(root, dirname(document), link)))).toEqual([]);
    },
  );
});
