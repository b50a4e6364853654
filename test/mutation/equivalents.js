/** What is known of changes that no test can notice: `equivalent.json`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A change that makes no difference.
 *
 * @typedef {object} Equivalent
 * @property {string} in The file.
 * @property {string} line The line of the source where it begins, without its indentation.
 * @property {string} from What is changed; its beginning, if it is long.
 * @property {string} to
 * @property {string} why Why it makes no difference, or none that a test could see.
 */

const root = join(import.meta.dirname, '../..');

/** @type {readonly Equivalent[]} */
export const equivalents = JSON.parse(readFileSync(join(import.meta.dirname, 'equivalent.json'), 'utf8'));

/** A piece of source on one line, cut to what fits there. */
export const short = (/** @type {string} */ code) => code.replaceAll(/\s+/g, ' ').slice(0, 80);

/** What makes two of them the same. */
export const keyOf = (/** @type {Omit<Equivalent, 'why'>} */ { in: file, line, from, to }) =>
  [file, line, from, to].join('\n');

/** Those whose line is in the sources no more. */
export function outdated() {
  return equivalents.filter(({ in: file, line }) => {
    const lines = readFileSync(join(root, file), 'utf8').split('\n');
    return !lines.some((text) => text.trim() === line);
  });
}
