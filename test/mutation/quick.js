/**
 * `npm run mutants`: puts each fault of `mutants.js` into its file, and runs the tests that have to notice. Fails when one does not, when
 * a fault has lost its place, or when the tests fail without any.
 */
import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { startVitest } from 'vitest/node';
import { outdated } from './equivalents.js';
import { mutants } from './mutants.js';

/** @typedef {import('./mutants.js').Mutant} Mutant */

const root = realpathSync(join(import.meta.dirname, '../..'));

/** A hang is noticed too, and in less time than usual. Milliseconds. */
const LIMIT = 5000;

for (const { name, file, find } of mutants) {
  const places = readFileSync(join(root, file), 'utf8').split(find).length - 1;
  if (places !== 1) throw new Error(`"${name}" has ${places} places in ${file}: rewrite it for the new code`);
}

for (const { in: file, line } of outdated()) {
  throw new Error(`equivalent.json explains "${line}", which is in ${file} no more`);
}

/** Changes one file on its way to the tests. */
const change = (/** @type {Mutant} */ { file, find, replace }) => ({
  name: 'mutant',
  enforce: /** @type {const} */ ('pre'),
  transform: (/** @type {string} */ code, /** @type {string} */ id) =>
    id === join(root, file) ? code.replace(find, () => replace) : undefined,
});

const UNCHANGED = 'the sources as they are';

/** The same tests, once with each fault, and once without any. */
const projects = [
  { test: { name: UNCHANGED, include: [...new Set(mutants.flatMap(({ tests }) => tests))] } },
  ...mutants.map((mutant) => ({
    plugins: [change(mutant)],
    test: { name: mutant.name, include: mutant.tests, testTimeout: LIMIT },
  })),
];

const vitest = await startVitest(
  'test',
  [],
  { root, config: false, watch: false, reporters: [{}], dangerouslyIgnoreUnhandledErrors: true },
  { test: { projects } },
);
const modules = vitest.state.getTestModules();
await vitest.close();

let bad = 0;
for (const { test } of projects) {
  const own = modules.filter(({ project }) => project.name === test.name);
  const failed = own.flatMap(({ children }) => [...children.allTests('failed')]);
  // Tests that could not even begin would look like an attentive test.
  const broken = own.flatMap((module) => module.errors());
  const isNoticed = failed.length > 0;
  const isRight =
    own.length === test.include.length && broken.length === 0 && isNoticed === (test.name !== UNCHANGED);
  if (!isRight) bad++;
  const by = isNoticed ? `: ${failed.length} tests, such as "${failed[0]?.fullName}"` : '';
  const errors = broken.map(({ message }) => `\n      ${message}`).join('');
  console.log(`${isRight ? 'ok  ' : 'FAIL'}  ${test.name}${by}${errors}`);
}
console.log(`${mutants.length} faults, ${bad} problems`);
process.exitCode = bad === 0 ? 0 : 1;
