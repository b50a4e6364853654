import { defineConfig } from 'vitest/config';

/** What needs child processes, files or sockets of Node. */
const nodeOnly = 'test/node/**';
/** What needs more than `npm ci`, and has a command of its own. */
const extra = ['test/runtimes/**', 'test/browsers/**', 'test/packaging/**', 'test/interop/**'];

export default defineConfig({
  resolve: {
    alias: {
      'everysource/stream': new URL('./src/stream.ts', import.meta.url).pathname,
      everysource: new URL('./src/index.ts', import.meta.url).pathname,
    },
  },
  test: {
    testTimeout: 20_000,
    reporters: process.env.CI ? ['default', ['json', { outputFile: 'coverage/results.json' }]] : ['default'],
    coverage: {
      provider: 'v8',
      include: ['src/**'],
      thresholds: { branches: 95, lines: 95, functions: 95, statements: 95 },
    },
    projects: [
      {
        extends: true,
        test: { name: 'node', environment: 'node', include: ['test/**/*.test.ts'], exclude: extra },
      },
      {
        extends: true,
        test: {
          name: 'happy-dom',
          environment: 'happy-dom',
          include: ['test/**/*.test.ts'],
          exclude: [nodeOnly, ...extra],
        },
      },
      { extends: true, test: { name: 'runtimes', include: ['test/runtimes/*.test.ts'] } },
      {
        extends: true,
        test: {
          name: 'packaging',
          include: ['test/packaging/*.test.ts'],
          globalSetup: 'test/packaging/pack.ts',
          testTimeout: 130_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'interop',
          include: ['test/interop/*.test.ts'],
          globalSetup: 'test/interop/override.ts',
        },
      },
      {
        extends: true,
        test: {
          name: 'types',
          include: [],
          typecheck: { enabled: true, only: true, include: ['test/**/*.test-d.ts'] },
        },
      },
    ],
  },
});
