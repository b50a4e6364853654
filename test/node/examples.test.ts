/** The examples of the README and of the docstrings run. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createDemoServer, listen } from '../../demo/server.js';
import { EventSource } from '../../src/event-source.ts';
import { EventSourceError, eventStream as iterate } from '../../src/stream.ts';
import { root, spawnModule } from '../support/run.ts';
import { eventually } from '../support/eventually.ts';
import { eventStream, serve } from '../support/server.ts';

const read = (...path: string[]) => readFileSync(join(root, ...path), 'utf8');
const readme = read('README.md');
const examples = [...readme.matchAll(/^```js\n(.*?)^```$/gms)].map(([, text]) => text!);

async function startDemo(): Promise<string> {
  const server = createDemoServer({ interval: 5, second: 2 });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return listen(server, 0);
}

/** Runs an example against a demo server of its own, until its output is as expected. */
async function outputOf(text: string, isEnough: (lines: string[]) => boolean): Promise<string[]> {
  const origin = await startDemo();
  const run = spawnModule(text.replaceAll('http://127.0.0.1:8080', origin));
  const lines = () => run.stdout.trimEnd().split('\n');
  await eventually(() => isEnough(lines()) || run.hasEnded);
  expect(run.stderr).toBe('');
  return lines();
}

/** The examples that a test has run. */
const known = new Set<string>();

/** The only example that has a text. */
function exampleWith(text: string): string {
  const [found, ...others] = examples.filter((one) => one.includes(text));
  expect([found === undefined, others], text).toEqual([false, []]);
  known.add(found!);
  return found!;
}

const messages = Array.from({ length: 10 }, (_, index) => `Message ${index}`);

describe('the examples of the README', () => {
  it('follow the tutorial stream in ten lines', async () => {
    const first = exampleWith("source.onopen = () => console.log('connected')");
    expect(first).toBe(examples[0]);
    expect(first.trim().split('\n').length).toBeLessThanOrEqual(10);
    const lines = await outputOf(first, (all) => all.length > 11);
    expect(lines.slice(0, 11)).toEqual(['connected', ...messages]);
    expect(lines[11]).toMatch(/^The stream ended/);
  });

  it('send a custom header', async () => {
    const lines = await outputOf(exampleWith("Authorization: 'Bearer let-me-in'"), (all) => all.length > 1);
    expect(lines[0]).toMatch(/^\d+ \{"celsius":[\d.]+\}$/);
  });

  it('refresh a token', async () => {
    const lines = await outputOf(exampleWith('await refresh()'), (all) => all.length > 1);
    expect(lines[0]).toMatch(/^\{"celsius":[\d.]+\}$/);
  });

  it('read the answer to a POST', async () => {
    const lines = await outputOf(exampleWith('source.close() : console.log'), (all) => all.length > 6);
    expect(lines.join('')).toBe('This answer comes word by word.');
  });

  it('wait for one event at a time', async () => {
    const lines = await outputOf(exampleWith('await once('), (all) => all.length > 2);
    expect(lines).toEqual(messages.slice(0, 3));
  });

  it('read a stream that is there already', async () => {
    const lines = await outputOf(exampleWith('fromReadableStream'), (all) => all.length > 10);
    expect(lines).toEqual([...messages, 'the end']);
  });

  it('iterate over events of every name', async () => {
    const lines = await outputOf(exampleWith('{ type, data, lastEventId } of'), (all) => all.length > 40);
    const ids = lines.slice(0, 40).map((line) => Number.parseInt(line, 10));
    expect(ids).toEqual(ids.map((_, index) => ids[0]! + index));
    expect(new Set(lines.map((line) => line.split(' ')[1]))).toContain('humidity');
  });

  it('iterate over an answer', async () => {
    const lines = await outputOf(exampleWith('process.stdout.write(data)'), (all) => all[0]!.endsWith('.'));
    expect(lines).toEqual(['This answer comes word by word.']);
  });

  it('catch what makes an iteration fail', async () => {
    const lines = await outputOf(
      exampleWith('instanceof EventSourceError)) throw error'),
      (all) => all[0] !== '',
    );
    expect(lines).toEqual(['status 401']);
  });

  it('iterate over batches', async () => {
    const lines = await outputOf(exampleWith('.batches()'), (all) => all[0] !== '');
    expect(Number(lines[0])).toBeGreaterThanOrEqual(3);
  });

  it('are all run here', () => {
    expect([...known].toSorted()).toEqual(examples.toSorted());
  });
});

describe('the commands of the README', () => {
  const commands = [...readme.matchAll(/^npx everysource (.*)$/gm)].map(([command]) => command);

  it('are there', () => {
    expect(commands.length).toBeGreaterThan(2);
  });

  it.each(commands)('print events: %s', async (command) => {
    const origin = await startDemo();
    const program = `'${process.execPath}' '${join(root, 'dist/cli.js')}'`;
    // Without jq, which is not everywhere, the objects come as they are.
    const line = command
      .replace('npx everysource', program)
      .replace('http://127.0.0.1:8080', origin)
      .replace(/\| jq.*/, '');
    const { stdout, stderr } = await promisify(execFile)('bash', ['-c', line]);
    expect(stdout).not.toBe('');
    expect(stderr).toMatch(/^· connecting to [^]*\n· \d+ events?, /);
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

describe('the examples of the iteration', () => {
  const texts = ['stream.ts', 'stream-init.ts', 'stream-error.ts'].flatMap((file) =>
    [...read('src', file).matchAll(/\/\*\*((?:(?!\*\/)[^])*)\*\//g)].flatMap(([, text]) =>
      text!
        .split('@example')
        .slice(1)
        .map((part) => part.replaceAll(/^ +\* ?/gm, '').trim()),
    ),
  );

  it('are there', () => {
    expect(texts.length).toBeGreaterThan(5);
  });

  it.each(texts)('run: %s', async (text) => {
    const { url, requests } = await serve((_, response, count) => {
      if (count > 1) response.writeHead(204).end();
      else response.writeHead(200, eventStream).end('retry: 1\nevent: message_stop\ndata: 1\n\n');
    });
    const AsyncFunction = (async () => {}).constructor as FunctionConstructor;
    const returned = text.startsWith('eventStream') ? 'return ' : '';
    const code = returned + text.replaceAll("'https://example.com/events'", 'url');
    const run = new AsyncFunction('eventStream', 'EventSourceError', 'url', 'console', code);
    const log: unknown[] = [];
    const print = { log: (...words: unknown[]) => log.push(...words) };
    try {
      const stream = (await run(iterate, EventSourceError, url, print)) as ReturnType<typeof iterate>;
      if (returned !== '') log.push((await stream.next()).value?.data);
      await stream?.return();
    } catch (error) {
      // By 204 a server ends what would go on for ever.
      if (!(error instanceof EventSourceError && error.status === 204)) throw error;
    }
    expect(requests.length).toBeGreaterThan(0);
    expect(log.length).toBeGreaterThan(0);
  });
});
