/** The built package in every runtime. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSuiteServer } from '../suite/server.js';
import { cases } from '../support/suite.ts';
import { runtimes } from './runtimes.js';

const server = createSuiteServer();
let origins: { origin: string; otherOrigin: string };

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  origins = { origin: `http://127.0.0.1:${port}`, otherOrigin: `http://localhost:${port}` };
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

describe.each(runtimes)('$name', ({ run, isScript }) => {
  let results: Map<string, string>;
  beforeAll(async () => {
    const all = await run({
      ...origins,
      isPage: false,
      isWebKit: false,
      ignoresCache: false,
      needsByte: false,
      losesAborts: false,
    });
    results = new Map(all.map(({ name, result }) => [name, result]));
  }, 180_000);

  const isHere = ({ only, needs }: (typeof cases)[number]) =>
    only === undefined && (needs === undefined || isScript === undefined);
  it.each(cases.filter(isHere))('$name', ({ name }) => {
    expect(results.get(name)).toBe('ok');
  });
});
