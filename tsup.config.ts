import { basename } from 'node:path';
import { defineConfig, type Options } from 'tsup';

const common: Options = {
  target: 'es2022',
  platform: 'neutral',
  sourcemap: true,
  // The parser becomes part of the bundle: the package has no runtime dependency.
  noExternal: ['eventsource-parser'],
  external: [/^node:/],
  removeNodeProtocol: false,
};

/** Deno, which imports a file and not a package, learns from this where its types are. On the first line, for the source map. */
const selfTypes: NonNullable<Options['plugins']>[number] = {
  name: 'self-types',
  renderChunk(code, { entryPoint, path }) {
    if (this.format !== 'esm' || entryPoint === undefined || entryPoint === program) return undefined;
    return { code: `/* @ts-self-types="./${basename(path, '.js')}.d.ts" */ ${code}` };
  },
};

/** Leaves the main entry outside, so that there is one class, whichever entries are used together. */
const besideIndex: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'beside-index',
  setup(build) {
    const path = build.initialOptions.format === 'cjs' ? './index.cjs' : './index.js';
    build.onResolve({ filter: /^\.\/index\.ts$/ }, () => ({ path, external: true }));
  },
};

const entries = ['src/index.ts', 'src/stream.ts'];
const program = 'src/cli.ts';

/** Declarations of entries that share names; those of others are theirs alone. */
const declarations = (...entry: string[]): Options => ({
  ...common,
  entry,
  format: ['esm', 'cjs'],
  dts: { only: true },
});

export default defineConfig(({ dts }) => [
  {
    ...common,
    entry: [...entries, program],
    format: ['esm'],
    // What the entries share is there once.
    splitting: true,
    plugins: [selfTypes],
  },
  { ...common, entry: entries, format: ['cjs'] },
  {
    ...common,
    entry: ['src/polyfill.ts'],
    format: ['esm', 'cjs'],
    plugins: [selfTypes],
    esbuildPlugins: [besideIndex],
  },
  {
    ...common,
    entry: { everysource: 'src/global.ts' },
    format: ['iife'],
    minify: true,
    outExtension: () => ({ js: '.global.js' }),
  },
  ...(dts === false ? [] : [declarations('src/index.ts', 'src/polyfill.ts'), declarations('src/stream.ts')]),
]);
