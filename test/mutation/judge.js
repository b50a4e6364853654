/** What Stryker has found, told room by room and held against `equivalent.json`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { equivalents, keyOf, short } from './equivalents.js';

/**
 * @typedef {{ line: number, column: number }} Place
 * @typedef {{ status: string, replacement: string, location: { start: Place, end: Place } }} Change
 * @typedef {{ source: string, mutants: Change[] }} Findings
 */

const folder = join(import.meta.dirname, '../../coverage/mutation');

/** @returns {Findings} */
function findingsOf(/** @type {string} */ room) {
  return JSON.parse(readFileSync(join(folder, `${room}.json`), 'utf8')).files[`src/${room}.ts`];
}

/** A change as `equivalent.json` would tell of it. */
function described(
  /** @type {string} */ room,
  /** @type {string} */ source,
  /** @type {Change} */ { replacement, location: { start, end } },
) {
  const lines = source.split('\n');
  const offsetOf = (/** @type {Place} */ { line, column }) =>
    lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0) + column - 1;
  const line = lines[start.line - 1]?.trim() ?? '';
  const from = short(source.slice(offsetOf(start), offsetOf(end)));
  return { in: `src/${room}.ts`, line, from, to: short(replacement) };
}

/** Prints the score of each room; whether all that survived is explained, and all explanations are needed. */
export function judge(/** @type {readonly string[]} */ rooms) {
  const known = new Set(equivalents.map(keyOf));
  /** @type {Set<string>} */
  const needed = new Set();
  const survivors = [];
  const total = { killed: 0, timeout: 0, equivalent: 0, survived: 0 };
  for (const room of rooms) {
    const { source, mutants } = findingsOf(room);
    const counts = { killed: 0, timeout: 0, equivalent: 0, survived: 0 };
    for (const change of mutants) {
      if (change.status === 'Killed') counts.killed++;
      if (change.status === 'Timeout') counts.timeout++;
      if (change.status !== 'Survived' && change.status !== 'NoCoverage') continue;
      const told = described(room, source, change);
      needed.add(keyOf(told));
      if (known.has(keyOf(told))) counts.equivalent++;
      else survivors.push(told);
      if (!known.has(keyOf(told))) counts.survived++;
    }
    print(room, counts);
    for (const name of /** @type {(keyof typeof total)[]} */ (Object.keys(total)))
      total[name] += counts[name];
  }
  print('all', total);
  for (const survivor of survivors) console.log(`survived: ${JSON.stringify(survivor, undefined, 1)}`);
  const idle = equivalents.filter(
    (each) => rooms.some((room) => each.in === `src/${room}.ts`) && !needed.has(keyOf(each)),
  );
  for (const each of idle) console.log(`no longer survives: ${JSON.stringify(each, undefined, 1)}`);
  return survivors.length + idle.length === 0;
}

function print(/** @type {string} */ room, /** @type {Record<string, number>} */ counts) {
  const { killed = 0, timeout = 0, survived = 0 } = counts;
  const noticed = killed + timeout;
  const score = ((100 * noticed) / (noticed + survived)).toFixed(1);
  const parts = Object.entries(counts).map(([name, count]) => `${count} ${name}`);
  console.log(`${room.padEnd(14)} ${score.padStart(5)} %  ${parts.join(', ')}`);
}
