/** Each bundler, made to give one file for browsers, and whatever it warned of. */
import { dirname, join } from 'node:path';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import * as esbuild from 'esbuild';
import * as rollup from 'rollup';
import * as vite from 'vite';
import webpack from 'webpack';

/** Bundles a file into another one, and gives the warnings. */
export type Bundle = (entry: string, folder: string, file: string) => Promise<string[]>;

const withWebpack: Bundle = (entry, folder, file) =>
  new Promise((resolve, reject) => {
    const output = { path: folder, filename: file };
    webpack({ mode: 'production', target: 'web', context: folder, entry, output }, (error, stats) => {
      const { errors = [], warnings = [] } = stats?.toJson({ errors: true, warnings: true }) ?? {};
      if (error !== null || stats === undefined || errors.length > 0) {
        reject(error ?? new Error(errors.map(({ message }) => message).join('\n')));
      } else resolve(warnings.map(({ message }) => message));
    });
  });

const withRollup: Bundle = async (entry, folder, file) => {
  const warnings: string[] = [];
  const bundle = await rollup.rollup({
    input: entry,
    plugins: [nodeResolve({ browser: true })],
    onLog: (level, { message }) => void (level === 'warn' && warnings.push(message)),
  });
  await bundle.write({ file: join(folder, file), format: 'es' });
  await bundle.close();
  return warnings;
};

const withEsbuild: Bundle = async (entry, folder, file) => {
  const options = {
    platform: 'browser',
    format: 'iife',
    bundle: true,
    minify: true,
    logLevel: 'silent',
  } as const;
  const { warnings } = await esbuild.build({ ...options, entryPoints: [entry], outfile: join(folder, file) });
  return warnings.map(({ text }) => text);
};

const withVite: Bundle = async (entry, folder, file) => {
  const warnings: string[] = [];
  const warn = (message: string) => void warnings.push(message);
  const customLogger = { ...vite.createLogger('silent'), warn, warnOnce: warn };
  await vite.build({
    configFile: false,
    root: dirname(folder),
    logLevel: 'warn',
    customLogger,
    build: {
      outDir: folder,
      emptyOutDir: false,
      modulePreload: { polyfill: false },
      rollupOptions: { input: entry, output: { entryFileNames: file } },
    },
  });
  return warnings;
};

export const bundlers: { name: string; bundle: Bundle }[] = [
  { name: 'webpack', bundle: withWebpack },
  { name: 'Rollup', bundle: withRollup },
  { name: 'esbuild', bundle: withEsbuild },
  { name: 'Vite', bundle: withVite },
];
