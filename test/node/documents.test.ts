/** The README and the code say the same, and the examples run. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createDemoServer, listen } from '../../demo/server.js';
import { EventSource } from '../../src/event-source.ts';
import { root, spawnModule } from '../support/run.ts';
import { eventually } from '../support/eventually.ts';
import { eventStream, serve } from '../support/server.ts';

const read = (...path: string[]) => readFileSync(join(root, ...path), 'utf8');
const readme = read('README.md');
const code = readdirSync(join(root, 'src')).map((file) => read('src', file));
const examples = [...readme.matchAll(/^```js\n(.*?)^```$/gms)].map(([, text]) => text!);

/** Runs an example against a demo server of its own, until its output is as expected. */
async function outputOf(example: string, isEnough: (lines: string[]) => boolean): Promise<string[]> {
  const server = createDemoServer({ interval: 5, second: 2 });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const origin = await listen(server, 0);
  const run = spawnModule(example.replaceAll('http://127.0.0.1:8080', origin));
  const lines = () => run.stdout.trimEnd().split('\n');
  await eventually(() => isEnough(lines()) || run.hasEnded);
  expect(run.stderr).toBe('');
  return lines();
}

describe('the examples of the README', () => {
  it('are the six that are run here', () => {
    expect(examples).toHaveLength(6);
  });

  it('follow the tutorial stream in ten lines', async () => {
    expect(examples[0]!.trim().split('\n').length).toBeLessThanOrEqual(10);
    const lines = await outputOf(examples[0]!, (all) => all.length > 11);
    const messages = Array.from({ length: 10 }, (_, index) => `Message ${index}`);
    expect(lines.slice(0, 11)).toEqual(['connected', ...messages]);
    expect(lines[11]).toMatch(/^The server ended the stream/);
  });

  it('send a custom header', async () => {
    const lines = await outputOf(examples[1]!, (all) => all.length > 1);
    expect(lines[0]).toMatch(/^\d+ \{"celsius":[\d.]+\}$/);
  });

  it('refresh a token', async () => {
    const lines = await outputOf(examples[2]!, (all) => all.length > 1);
    expect(lines[0]).toMatch(/^\{"celsius":[\d.]+\}$/);
  });

  it('read the answer to a POST', async () => {
    const lines = await outputOf(examples[3]!, (all) => all.length > 6);
    expect(lines.join('')).toBe('This answer comes word by word.');
  });

  it('wait for one event at a time', async () => {
    const lines = await outputOf(examples[4]!, (all) => all.length > 2);
    expect(lines).toEqual(['Message 0', 'Message 1', 'Message 2']);
  });

  it('read a stream that is there already', async () => {
    const lines = await outputOf(examples[5]!, (all) => all.length > 10);
    expect(lines).toEqual([...Array.from({ length: 10 }, (_, index) => `Message ${index}`), 'the end']);
  });
});

describe('the examples of the options', () => {
  const blocks = ['init.ts', 'reconnection.ts'].flatMap((file) => [
    ...read('src', file).matchAll(/\/\*\*((?:(?!\*\/)[^])*)\*\/\s+(\w+)\?:/g),
  ]);
  const documented = blocks.map(([, text, name]) => ({ text: text!, name: name! }));
  const codeOf = (text: string) =>
    text
      .split('@example')
      .slice(1)
      .map((example) => example.replaceAll(/^ +\* ?/gm, '').replaceAll(/\/\/.*$/gm, ''));

  it('are there for each', () => {
    const lists = ['init.ts', 'reconnection.ts'].map(
      (file) => /interface \w+Init \{(.*?)^\}/ms.exec(read('src', file))![1]!,
    );
    const names = lists.flatMap((list) => [...list.matchAll(/^ {2}(\w+)\?:/gm)].map(([, name]) => name));
    expect(documented.map(({ name }) => name)).toEqual(names);
    for (const { text, name } of documented) {
      expect(text, name).toMatch(/Default|default/);
      expect(codeOf(text).length, name).toBeGreaterThan(0);
    }
  });

  it.each(documented.flatMap(({ text, name }) => codeOf(text).map((example) => [name, example])))(
    'run: %s',
    async (name, example) => {
      const { url } = await serve((_, response) => response.writeHead(200, eventStream).write(': hello\n'));
      // oxlint-disable-next-line no-new-func -- the example is a text
      const make = new Function(
        'EventSource',
        'url',
        'console',
        `return ${example.trim().replace(/;$/, '')}`,
      );
      const source = make(EventSource, url, { log() {} }) as EventSource;
      onTestFinished(() => source.close());
      expect(example, name).toContain(name);
      await eventually(() => source.readyState === source.OPEN);
    },
  );
});

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
    const table = /const consequences[^{]*\{(.*?)\}/s.exec(read('src', 'errors.ts'))![1]!;
    const reasons = [...table.matchAll(/^ +'?([a-z-]+)'?:/gm)].map(([, reason]) => reason);
    expect(firstColumn('`reason`')).toEqual(reasons);
  });

  it('explains each option, and no other', () => {
    const body = /interface EventSourceInit \{(.*?)^\}/ms.exec(read('src', 'init.ts'))![1]!;
    const options = [...body.matchAll(/^ {2}(\w+)\?:/gm)].map(([, option]) => option);
    expect(firstColumn('option')).toEqual(options);
  });
});
