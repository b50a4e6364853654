/** Serves the suite's pages with a strict Content-Security-Policy, on two origins, and the demo on a third. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { createSuiteServer } from '../suite/server.js';
import { createPlaygroundServer, createUncorsServer } from './playground-server.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    origin: string;
    otherOrigin: string;
    demoOrigin: string;
    uncorsOrigin: string;
  }
}

const root = join(import.meta.dirname, '../..');
const folders = ['dist', 'test/suite', 'test/browsers/pages'];
const types: Record<string, string> = {
  '.js': 'text/javascript',
  '.html': 'text/html',
  '.map': 'application/json',
};

/** The README's example of a script tag, with the file of this build. */
const example = /^```html\n(.*?)^```$/ms
  .exec(readFileSync(join(root, 'README.md'), 'utf8'))![1]!
  .replace(/src="[^"]*"/, 'src="/everysource.global.js"');

/** Admits the inline scripts of a page, and nothing else that is inline. */
const hashesOf = (page: string) =>
  Array.from(page.matchAll(/<script>(.*?)<\/script>/gs), ([, script]) => {
    return `'sha256-${createHash('sha256').update(script!).digest('base64')}'`;
  }).join(' ');

function contentOf(path: string): string | Buffer | undefined {
  if (path === '/example.html') return example;
  const file = folders.map((folder) => join(root, folder, path)).find((name) => existsSync(name));
  return file === undefined ? undefined : readFileSync(file);
}

function fileServer(policy: () => string) {
  return (path: string, response: ServerResponse): boolean => {
    const type = types[extname(path)];
    const content = type === undefined ? undefined : contentOf(path);
    if (content === undefined) return false;
    response.writeHead(200, {
      'content-type': `${type}; charset=utf-8`,
      'content-security-policy': `${policy()}; script-src 'self' ${hashesOf(`${content}`)}`,
    });
    response.end(content);
    return true;
  };
}

async function listen(server: Server): Promise<string> {
  server.listen(0, 'localhost');
  await once(server, 'listening');
  return `http://localhost:${(server.address() as AddressInfo).port}`;
}

export async function setup({ provide }: TestProject): Promise<() => void> {
  let otherOrigin = '';
  const policy = () =>
    `default-src 'none'; worker-src 'self'; connect-src 'self' ${otherOrigin} http://127.0.0.1:2`;
  const servers = [
    createSuiteServer(fileServer(policy)),
    createSuiteServer(),
    createPlaygroundServer(),
    createUncorsServer(),
  ] as const;
  const origin = await listen(servers[0]);
  otherOrigin = await listen(servers[1]);
  provide('origin', origin);
  provide('otherOrigin', otherOrigin);
  provide('demoOrigin', await listen(servers[2]));
  provide('uncorsOrigin', await listen(servers[3]));
  return () => {
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
  };
}
