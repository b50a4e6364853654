/** The suite that every runtime runs, here with the source, in Node and under happy-dom. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as everysource from '../src/index.ts';
import * as stream from '../src/stream.ts';
import { createSuiteServer } from './suite/server.js';
import { cases, run } from './support/suite.ts';

const runtime = {
  isPage: false,
  isWebKit: false,
  ignoresCache: 'happyDOM' in globalThis,
  needsByte: false,
  losesAborts: false,
};
const server = createSuiteServer();
let results: Map<string, string>;

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const context = { origin: `http://127.0.0.1:${port}`, otherOrigin: `http://localhost:${port}` };
  const all = await run({ ...everysource, ...stream, ...context, ...runtime });
  results = new Map(all.map(({ name, result }) => [name, result]));
}, 120_000);
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

describe('the suite of every runtime', () => {
  it.each(cases.filter(({ only }) => only === undefined))('$name', ({ name }) => {
    expect(results.get(name)).toBe('ok');
  });
});
