/** The tests of one room, as Stryker runs them. */
import { defineConfig } from 'vitest/config';
import { testsOf } from './rooms.js';

export default defineConfig({
  test: {
    include: testsOf(process.env.MUTATION_ROOM!),
    // A change that makes a test wait for ever is noticed after this time.
    testTimeout: 10_000,
  },
});
