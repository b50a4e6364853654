/** The packed declaration files under each compiler, module resolution and library that users have. */
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { packaging, root, run } from './run.ts';

const types = join(inject('consumer'), 'types');
const installed = (path: string) => join(packaging, 'node_modules', path);

const compilers = {
  '5.0': installed('typescript-5.0/lib/tsc.js'),
  '5.4': installed('typescript-5.4/lib/tsc.js'),
  '6': join(root, 'node_modules/.bin/tsc6'),
  '7': join(root, 'node_modules/.bin/tsc'),
};
type Compiler = keyof typeof compilers;
const all = Object.keys(compilers) as Compiler[];

/** `types` of a tsconfig, and where to find them. Each has a folder, so that only those of a row are seen. */
const typeRoots = {
  'node 26': { name: 'node', from: 'types-node-26' },
  'node 20': { name: 'node', from: 'types-node-20' },
  workers: { name: '@cloudflare/workers-types', from: '@cloudflare/workers-types' },
  bun: { name: 'bun-types', from: 'bun-types' },
};

beforeAll(() => {
  for (const [folder, { name, from }] of Object.entries(typeRoots)) {
    mkdirSync(join(types, folder, name, '..'), { recursive: true });
    symlinkSync(installed(from), join(types, folder, name));
  }
});

interface Row {
  files: string[];
  lib?: string[];
  typesOf?: keyof typeof typeRoots;
  options?: object;
}

let rows = 0;
async function compile(compiler: Compiler, { files, lib = [], typesOf, options }: Row) {
  const folder = join(types, `row-${rows++}`);
  mkdirSync(folder);
  const compilerOptions = {
    target: 'es2022',
    module: 'nodenext',
    strict: true,
    skipLibCheck: false,
    noEmit: true,
    lib: ['es2022', ...lib],
    typeRoots: typesOf === undefined ? [] : [join(types, typesOf)],
    types: typesOf === undefined ? [] : [typeRoots[typesOf].name],
    ...options,
  };
  const config = { compilerOptions, files: files.map((file) => join(types, file)) };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  return run(process.execPath, [compilers[compiler], '--pretty', 'false', '-p', folder], types);
}

describe.each(all)('TypeScript %s', (compiler) => {
  const dom = { lib: ['dom', 'dom.iterable'], files: ['use.ts', 'use-web.ts', 'use-dom.ts'] };
  const cjs = { ...dom, files: [...dom.files, 'use-require.cts'] };
  const web = ['use.ts', 'use-web.ts'];
  const everywhere: Record<string, Row> = {
    'nodenext resolution, import and require': cjs,
    'bundler resolution': { ...dom, options: { module: 'esnext', moduleResolution: 'bundler' } },
    'the library of workers': { lib: ['webworker'], files: web },
    '@types/node 20': { typesOf: 'node 20', files: web },
    '@cloudflare/workers-types': { typesOf: 'workers', files: web },
    'no library but the language': { files: ['use.ts'] },
  };
  // They want TypeScript 5.6 or later themselves.
  const since6: Record<string, Row> = {
    '@types/node 26': { typesOf: 'node 26', files: web },
    'bun-types': { typesOf: 'bun', files: web },
  };
  // The others are slow.
  const since7: Record<string, Row> = {
    'node16 resolution, import and require': { ...cjs, options: { module: 'node16' } },
    'the strictest options': {
      ...dom,
      options: { exactOptionalPropertyTypes: true, isolatedModules: true, declaration: true },
    },
    '@types/node 20 beside the DOM': { ...dom, typesOf: 'node 20' },
    '@types/node 26 beside the DOM': { ...dom, typesOf: 'node 26' },
  };
  const cases = {
    ...everywhere,
    ...(Number(compiler) >= 6 && since6),
    ...(Number(compiler) >= 7 && since7),
  };

  it.concurrent.each(Object.entries(cases))('accepts them with %s', async (_, row) => {
    const { status, output } = await compile(compiler, row);
    expect(output).toBe('');
    expect(status).toBe(0);
  });

  it.concurrent('refuses each wrong use, and nothing else', async () => {
    const { output } = await compile(compiler, { files: ['wrong.ts'] });
    const found = [...output.matchAll(/wrong\.ts\((\d+),\d+\): error/g)].map(([, line]) => Number(line));
    const lines = readFileSync(join(types, 'wrong.ts'), 'utf8').split('\n');
    const expected = lines.flatMap((line, index) => (line.includes('; // ') ? [index + 1] : []));
    expect(found, output).toEqual(expected);
    expect(output).not.toMatch(/^\S*\.d\.[cm]?ts/m);
  });
});

describe('the declaration files', () => {
  const dist = join(types, '../node_modules/everysource/dist');
  const files = readdirSync(dist).filter((name) => /\.d\.[cm]?ts$/.test(name));

  it('are there for each entry, in both module formats', () => {
    const names = ['index', 'polyfill', 'stream'].flatMap((name) => [`${name}.d.cts`, `${name}.d.ts`]);
    expect(files.toSorted()).toEqual(names);
  });

  it.each(files)('%s is a module that declares nothing global and refers to no library', (file) => {
    const text = readFileSync(join(dist, file), 'utf8');
    expect(text).toMatch(/^export /m);
    expect(text).not.toMatch(/declare global|declare module|\/\/\/ *<|export as namespace/);
  });
});
