/** `npm start`: its server, and its command in a process of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createDemoServer, listen } from '../../demo/server.js';
import { EventSource } from '../../src/event-source.ts';
import { EventSourceErrorEvent } from '../../src/events.ts';
import { eventually } from '../support/eventually.ts';
import { root, runNode } from '../support/run.ts';
import { eventStream, serve } from '../support/server.ts';

async function startDemo(options: Parameters<typeof createDemoServer>[0], port = 0): Promise<string> {
  const server = createDemoServer(options);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return listen(server, port);
}

function follow(url: string, init = {}) {
  const source = new EventSource(url, { reconnectionTime: 1, ...init });
  onTestFinished(() => source.close());
  const data: string[] = [];
  const ids: number[] = [];
  const reasons: string[] = [];
  for (const type of ['message', 'temperature', 'humidity']) {
    source.addEventListener(type, (event: MessageEvent<string>) => {
      data.push(event.data);
      ids.push(Number(event.lastEventId));
    });
  }
  source.addEventListener(
    'error',
    (event) => event instanceof EventSourceErrorEvent && reasons.push(event.reason),
  );
  return { source, data, ids, reasons };
}

describe('/sse', () => {
  it('is the stream of the tutorial: ten messages, then the end, and again for who reconnects', async () => {
    const origin = await startDemo({ second: 1 });
    const { headers } = await fetch(`${origin}/sse`);
    expect(headers.get('access-control-allow-origin')).toBe('*');
    const { data, reasons } = follow(`${origin}/sse`);
    await eventually(() => data.length >= 20);
    const messages = Array.from({ length: 10 }, (_, index) => `Message ${index}`);
    expect(data.slice(0, 20)).toEqual([...messages, ...messages]);
    expect(reasons[0]).toBe('end-of-body');
  });
});

describe('/feed', () => {
  it('goes on where each disconnect left it, whether the end was clean or a cut', async () => {
    const origin = await startDemo({ interval: 2, eventsPerConnection: 5 });
    const { ids, reasons } = follow(`${origin}/feed`);
    await eventually(() => reasons.length >= 4 && ids.length >= 21);
    expect(ids).toEqual(ids.map((_, index) => ids[0]! + index));
    expect(reasons.slice(0, 4)).toEqual(['end-of-body', 'network', 'end-of-body', 'network']);
  });
});

describe('/private', () => {
  it('answers 401 without the token, and is a feed with it', async () => {
    const origin = await startDemo({ interval: 2, token: 'abc' });
    const stranger = follow(`${origin}/private`, { headers: { Authorization: 'Bearer x' } });
    const friend = follow(`${origin}/private`, { headers: { Authorization: 'Bearer abc' } });
    await eventually(() => stranger.reasons.length > 0 && friend.ids.length > 2);
    expect(stranger.source.readyState).toBe(2);
    expect(stranger.ids).toEqual([]);
  });
});

describe('/chat', () => {
  it('answers a POST word by word, then ends, and refuses anything else', async () => {
    const origin = await startDemo({ interval: 2 });
    const { data, reasons, source } = follow(`${origin}/chat`, { method: 'POST' });
    await eventually(() => reasons.length > 0);
    expect(data.at(-1)).toBe('[DONE]');
    expect([reasons, source.readyState]).toEqual([['end-of-body'], 2]);
    expect((await fetch(`${origin}/chat`)).status).toBe(405);
  });
});

describe('/burst', () => {
  it('is as many numbered events as are wanted, and a 204 for who has them all', async () => {
    const origin = await startDemo({});
    const source = new EventSource(`${origin}/burst?count=5000`);
    const events: string[] = [];
    onTestFinished(() => source.close());
    for (const type of ['message', 'tick']) {
      source.addEventListener(type, (event: MessageEvent<string>) => events.push(event.data));
    }
    await eventually(() => events.length >= 5000);
    expect(events).toEqual(Array.from({ length: 5000 }, (_, index) => `${index + 1}`));
    const headers = { 'Last-Event-ID': '5000' };
    expect((await fetch(`${origin}/burst?count=5000`, { headers })).status).toBe(204);
  });
});

describe('the playground', () => {
  it('is the answer to a browser, with each file that it names; others get a text', async () => {
    const origin = await startDemo({});
    const page = await fetch(`${origin}/`, { headers: { accept: 'text/html,*/*' } });
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    const files = [...(await page.text()).matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path);
    expect(files).toContain('/everysource.global.js');
    for (const file of files) expect((await fetch(`${origin}${file}`)).status, file).toBe(200);
    expect(await (await fetch(`${origin}/`)).text()).toMatch(/^everysource demo/);
    expect((await fetch(`${origin}/playground/../server.js`)).status).toBe(404);
  });
});

describe('the APIs of models', () => {
  it('are part of it', async () => {
    const origin = await startDemo({ token: 'abc' });
    const { status } = await fetch(`${origin}/v1/chat/completions`, { method: 'POST' });
    expect(status).toBe(401);
  });
});

describe('npm start', () => {
  const start = (...args: string[]) => runNode(['demo/start.js', '--interval', '10', '--port', '0', ...args]);

  it('--once survives a disconnect on both feeds and exits with 0', async () => {
    const { code, stdout, stderr } = await start('--once');
    expect(stderr).toBe('');
    expect(code).toBe(0);
    for (const name of ['feed', 'private']) {
      expect(stdout).toMatch(
        new RegExp(`^${name} +✔ resumed: #\\d+ follows #\\d+. No event lost, none repeated`, 'm'),
      );
    }
    expect(stdout).toMatch(/^\/feed: \d+ events, disconnects survived: 1. No event lost, none repeated.$/m);
    expect(stdout).toMatch(
      /^\/private: \d+ events, disconnects survived: 1. No event lost, none repeated.$/m,
    );
  });

  /** A feed of events 1 to 9, cut off after the fourth, that resumes wrongly. */
  const faultyFeed = (resumeAt: number): Promise<{ url: string }> =>
    serve(({ headers }, response) => {
      const isResumed = headers['last-event-id'] !== undefined;
      response.writeHead(200, eventStream).write('retry: 1\n\n');
      for (let id = isResumed ? resumeAt : 1; id <= (isResumed ? 9 : 4); id++) {
        response.write(`id: ${id}\ndata: ${id}\n\n`);
      }
      if (!isResumed) response.end();
    });

  it.each([
    ['skips one event', 6, '1 LOST, 0 REPEATED'],
    ['repeats one event', 4, '0 LOST, 1 REPEATED'],
  ])('--once exits with 1 against a server that %s', async (_, resumeAt, verdict) => {
    const { url } = await faultyFeed(resumeAt);
    const { code, stdout } = await start('--once', '--url', new URL(url).origin);
    expect(stdout).toContain(verdict);
    expect(code).toBe(1);
  });

  it('--once exits with 0 against the same server when it resumes rightly', async () => {
    const { url } = await faultyFeed(5);
    expect(await start('--once', '--url', new URL(url).origin)).toMatchObject({ code: 0, stderr: '' });
  });

  it('--once exits with 1 when the token is refused', async () => {
    const origin = await startDemo({ interval: 2, token: 'abc' });
    const { code, stdout } = await start('--once', '--url', origin, '--token', 'wrong');
    expect(stdout).toMatch(/^private +! status: Expected status 200, got 401: send credentials/m);
    expect(code).toBe(1);
  });

  it('--once exits with 1 when no disconnect was survived within the limit', async () => {
    const { url } = await serve((_, response) => response.writeHead(200, eventStream).write('data: a\n\n'));
    const { code, stderr } = await start('--once', '--limit', '0', '--url', new URL(url).origin);
    expect(stderr).toBe('No disconnect was survived within 0 s.\n');
    expect(code).toBe(1);
  });

  it.each([[['--port', 'x']], [['--nonsense']], [['--interval', '1.5']], [['--port', '99999']]])(
    'shows its usage for %s and exits with 2',
    async (args) => {
      const { code, stderr } = await start(...args);
      expect(stderr).toContain('npm start -- [options]');
      expect(code).toBe(2);
    },
  );

  it.each([['--serve'], ['--port=0']])('%s ends cleanly on Ctrl-C', async (mode) => {
    const child = spawn(process.execPath, ['demo/start.js', mode, '--port', '0'], { cwd: root });
    onTestFinished(() => void child.kill('SIGKILL'));
    const output = { stdout: '', stderr: '' };
    child.stdout.on('data', (text) => (output.stdout += text));
    child.stderr.on('data', (text) => (output.stderr += text));
    await eventually(() => output.stdout.includes(mode === '--serve' ? 'Serving' : 'private    #'));
    const origin = /http:\S+(?=\/sse)/.exec(output.stdout)![0];
    expect((await fetch(origin)).status).toBe(200);
    child.kill('SIGINT');
    const [code] = await once(child, 'close');
    expect(output.stderr).toBe('');
    expect(code).toBe(0);
  });

  it('takes the next port when one is taken', async () => {
    const [taken, port] = await neighbours();
    onTestFinished(() => void taken.close());
    const origin = await startDemo({}, port);
    expect(origin).toBe(`http://127.0.0.1:${port + 1}`);
  });

  /** A server on a port whose next port was free a moment ago. */
  async function neighbours(): Promise<[Server, number]> {
    for (;;) {
      const first = createServer().listen(0, '127.0.0.1');
      await once(first, 'listening');
      const { port } = first.address() as AddressInfo;
      const second = createServer().listen(port + 1, '127.0.0.1');
      const isFree = await new Promise<boolean>((resolve) => {
        second.once('listening', () => resolve(true)).once('error', () => resolve(false));
      });
      second.close();
      if (isFree) return [first, port];
      first.close();
    }
  }
});
