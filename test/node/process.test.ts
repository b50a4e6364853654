/** The built package in a process of its own: what keeps the process alive, and what the process is told. */
import { describe, expect, it } from 'vitest';
import { runModule, runNode } from '../support/run.ts';
import { eventStream, serve } from '../support/server.ts';

const start = `import { EventSource } from 'everysource'; const source = new EventSource(process.argv[1]);`;

const endless = () =>
  serve((_, response) => {
    response.writeHead(200, eventStream).write('data: a\n\ndata: b\n\ndata: c\n\n');
  });

describe('a process', () => {
  it('exits by itself after close() inside a handler', async () => {
    const { url } = await endless();
    const script = `${start} source.onmessage = ({ data }) => { console.log(data); source.close(); };`;
    expect(await runModule(script, url)).toEqual({ code: 0, stdout: 'a\n', stderr: '' });
  });

  it('is kept alive by a source that waits to reconnect', async () => {
    const { url } = await serve((_, response, count) => {
      response.writeHead(200, { ...eventStream, connection: 'close' });
      response.end(`retry: 40\ndata: ${count}\n\n`);
    });
    const script = `${start} source.onmessage = ({ data }) => {
      console.log(data);
      if (data === '3') source.close();
    };`;
    expect(await runModule(script, url)).toEqual({ code: 0, stdout: '1\n2\n3\n', stderr: '' });
  });

  it('is not kept alive by a source that waits, if it is told so', async () => {
    const { url } = await serve((_, response) => {
      response.writeHead(200, { ...eventStream, connection: 'close' }).end('retry: 1000000\ndata: a\n\n');
    });
    const script = `import { EventSource } from 'everysource';
      const source = new EventSource(process.argv[1], { unref: true });
      source.onerror = ({ delay }) => console.log(delay);
      process.on('exit', () => console.log(source.readyState));`;
    expect(await runModule(script, url)).toEqual({ code: 0, stdout: '1000000\n0\n', stderr: '' });
  });

  it('is not kept alive by the watch over silence either, if it is told so', async () => {
    const script = `import { EventSource } from 'everysource';
      const fetch = () => new Promise(() => {});
      const init = { fetch, idleTimeout: 1e9, connectTimeout: 1e9 };
      new EventSource('http://127.0.0.1/', { ...init, unref: true });
      console.log('made');`;
    expect(await runModule(script)).toEqual({ code: 0, stdout: 'made\n', stderr: '' });
  });

  it('is kept alive by an open source on which nothing happens', async () => {
    const { url } = await serve((_, response) => {
      response.writeHead(200, eventStream).flushHeaders();
      setTimeout(() => response.write('data: late\n\n'), 50);
    });
    const script = `${start} source.onmessage = ({ data }) => { console.log(data); source.close(); };`;
    expect(await runModule(script, url)).toEqual({ code: 0, stdout: 'late\n', stderr: '' });
  });

  it('is told of a throwing listener by uncaughtException, and the stream goes on', async () => {
    const { url, requests } = await endless();
    const script = `${start} let thrown = 0;
      process.on('uncaughtException', ({ message }) => {
        console.log(message);
        if (++thrown === 3) source.close();
      });
      source.onmessage = ({ data }) => { throw new Error('thrown for ' + data); };`;
    const stdout = 'thrown for a\nthrown for b\nthrown for c\n';
    expect(await runModule(script, url)).toEqual({ code: 0, stdout, stderr: '' });
    expect(requests).toHaveLength(1);
  });

  it('dies of a throwing listener when nobody takes it, as with any DOM listener in Node', async () => {
    const { url } = await endless();
    const { code, stderr } = await runModule(
      `${start} source.onmessage = () => { throw new Error('mine'); };`,
      url,
    );
    expect(code).toBe(1);
    expect(stderr).toContain('Error: mine');
  });

  it('sees no unhandled rejection and no warning, whatever fetch and the body reject with', async () => {
    const script = `import { EventSource } from 'everysource';
      const headers = { 'content-type': 'text/event-stream' };
      const broken = (error) => new Response(new ReadableStream({ start: (c) => c.error(error) }), { headers });
      process.on('warning', (warning) => console.log('warning', warning.message));
      const values = [undefined, 'text', new TypeError('x'), new DOMException('x', 'AbortError')];
      for (const value of values) {
        for (const fetch of [async () => { throw value; }, async () => broken(value)]) {
          const source = new EventSource('http://localhost/', { fetch });
          source.onerror = ({ reason }) => { console.log(reason, source.readyState); source.close(); };
        }
      }`;
    const { code, stdout, stderr } = await runNode([
      '--unhandled-rejections=strict',
      '--input-type=module',
      '-e',
      script,
    ]);
    const lines = stdout.trim().split('\n');
    lines.sort();
    expect(lines).toEqual([...Array(2).fill('aborted 2'), ...Array(6).fill('network 0')]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});

describe('an import', () => {
  const snapshot = `const snapshot = () => JSON.stringify(
    Reflect.ownKeys(globalThis).map((key) => [String(key), Object.getOwnPropertyDescriptor(globalThis, key)])
      .map(([key, { value, get, set, ...flags }]) => [key, typeof value, flags]));
    const before = snapshot();`;
  const compare = `console.log(before === snapshot(), process._getActiveHandles().length <= 3);`;

  it('of the ES module touches no global and leaves nothing running', async () => {
    const script = `${snapshot} const module = await import('everysource'); ${compare}
      console.log(module.default === module.EventSource, Object.keys(module).join());`;
    const stdout =
      'true true\ntrue ErrorEvent,EventSource,EventSourceErrorEvent,EventSourceOpenEvent,default,install\n';
    expect(await runModule(script)).toEqual({ code: 0, stdout, stderr: '' });
  });

  it('of the CommonJS module touches no global and leaves nothing running', async () => {
    const script = `${snapshot} const module = require('everysource'); ${compare}
      console.log(module.default === module.EventSource);`;
    expect(await runNode(['-e', script])).toEqual({ code: 0, stdout: 'true true\ntrue\n', stderr: '' });
  });
});
