import { defineConfig } from 'tsup';

export default defineConfig({
  entry: ['src/index.ts'],
  format: ['esm', 'cjs'],
  target: 'es2022',
  platform: 'neutral',
  dts: true,
  sourcemap: true,
  clean: true,
  // The parser becomes part of the bundle: the package has no runtime dependency.
  noExternal: ['eventsource-parser'],
});
