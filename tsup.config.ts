import { defineConfig, type Options } from 'tsup';

const common: Options = {
  target: 'es2022',
  platform: 'neutral',
  sourcemap: true,
  // The parser becomes part of the bundle: the package has no runtime dependency.
  noExternal: ['eventsource-parser'],
};

/** Deno, which imports a file and not a package, learns from this where its types are. */
const typesFor =
  (name: string): NonNullable<Options['banner']> =>
  ({ format }) =>
    format === 'esm' ? { js: `/* @ts-self-types="./${name}.d.ts" */` } : {};

/** Leaves the main entry outside, so that there is one class, whichever entries are used together. */
const besideIndex: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'beside-index',
  setup(build) {
    const path = build.initialOptions.format === 'cjs' ? './index.cjs' : './index.js';
    build.onResolve({ filter: /^\.\/index\.ts$/ }, () => ({ path, external: true }));
  },
};

export default defineConfig([
  {
    ...common,
    entry: ['src/index.ts'],
    format: ['esm', 'cjs'],
    banner: typesFor('index'),
    dts: { entry: ['src/index.ts', 'src/polyfill.ts'] },
  },
  {
    ...common,
    entry: ['src/polyfill.ts'],
    format: ['esm', 'cjs'],
    banner: typesFor('polyfill'),
    esbuildPlugins: [besideIndex],
  },
  {
    ...common,
    entry: { everysource: 'src/global.ts' },
    format: ['iife'],
    minify: true,
    outExtension: () => ({ js: '.global.js' }),
  },
]);
