/** How Stryker changes one room, which the environment names. */
const room = process.env.MUTATION_ROOM;
const folder = 'coverage/mutation';

// oxlint-disable-next-line import/no-default-export
export default {
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'test/mutation/vitest.config.ts', related: false },
  coverageAnalysis: 'perTest',
  mutate: [`src/${room}.ts`],
  // Whatever the tests of the rooms do not need.
  ignorePatterns: [
    '.ci',
    'bench',
    'coverage',
    'demo',
    'dist',
    'test/*/node_modules',
    'test/browsers',
    'test/packaging',
    'test/interop',
    'test/runtimes',
    'test/wpt',
  ],
  disableTypeChecks: false,
  tempDirName: `${folder}/${room}`,
  // Not incremental: what belongs to a module, such as a table, would not be tried again with new tests.
  reporters: ['dots', 'json'],
  jsonReporter: { fileName: `${folder}/${room}.json` },
  concurrency: 2,
  timeoutMS: 20_000,
};
