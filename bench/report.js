/** Tables, in Markdown, of what was measured, and whether that is what was to be reached. */
import { max, median, min } from 'simple-statistics';
import { clients } from './clients.js';
import { REFERENCE, targets } from './targets.js';

/**
 * @typedef {import('./measure.js').Measurement} Measurement
 * @typedef {{ isGood: boolean, isMust: boolean, sentence: string }} Check
 * @typedef {{ median: number, least: number, most: number, problem?: undefined } | { problem: string }} Cell milliseconds
 */

/**
 * @param {string[]} head the first column is of words, the others are of figures
 * @param {string[][]} rows
 */
export function table(head, rows) {
  const widths = head.map((cell, at) => Math.max(3, cell.length, ...rows.map((row) => row[at]?.length ?? 0)));
  const line = (/** @type {string[]} */ cells) =>
    `| ${cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join(' | ')} |`;
  const rule = widths.map((width, at) => (at === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}

/**
 * @param {Measurement[]} measurements
 * @param {{ runtime: string, workload: string, client: string }} which
 * @returns {Cell | undefined} nothing if it was not measured
 */
export function cellOf(measurements, { runtime, workload, client }) {
  const runs = measurements.filter(
    (run) => run.runtime === runtime && run.workload === workload && run.client === client,
  );
  const problem = runs.find((run) => run.problem !== undefined)?.problem;
  if (problem !== undefined) return { problem };
  const times = runs.map(({ cpu = NaN }) => cpu);
  return times.length === 0 ? undefined : { median: median(times), least: min(times), most: max(times) };
}

/**
 * How many times as long another client takes: more is better.
 *
 * @param {Measurement[]} measurements
 * @param {{ runtime: string, workload: string, client: string }} which
 * @param {string} [than]
 * @returns {number} `NaN` if one of them was not measured
 */
export function multipleOf(measurements, which, than = REFERENCE) {
  const [cell, other] = [which, { ...which, client: than }].map((entry) => cellOf(measurements, entry));
  if (cell === undefined || other === undefined || 'problem' in cell || 'problem' in other) return NaN;
  return Number(other.median) / Number(cell.median);
}

/** @param {Measurement[]} measurements */
const workloadsIn = (measurements) => [...new Set(measurements.map(({ workload }) => workload))];

/**
 * One row for each client, one column for each workload.
 *
 * @param {Measurement[]} measurements
 * @param {string} runtime
 * @param {(cell: Cell | undefined, which: { runtime: string, workload: string, client: string }) => string} show
 */
function clientTable(measurements, runtime, show) {
  const here = measurements.filter((run) => run.runtime === runtime);
  const workloads = workloadsIn(here);
  const names = clients.map(({ name }) => name).filter((name) => here.some((run) => run.client === name));
  const rows = names.map((client) => [
    client,
    ...workloads.map((workload) => {
      const which = { runtime, workload, client };
      return show(cellOf(here, which), which);
    }),
  ]);
  return table(['', ...workloads], rows);
}

/**
 * @param {Measurement[]} measurements
 * @param {{ runtime: string, workload: string, client: string }} which
 */
function multipleText(measurements, which) {
  const multiple = multipleOf(measurements, which);
  return Number.isNaN(multiple) ? '–' : multiple.toFixed(2);
}

/**
 * @param {Measurement[]} measurements
 * @param {string} runtime
 */
export const multiplesTable = (measurements, runtime) =>
  clientTable(measurements, runtime, (_cell, which) => multipleText(measurements, which));

/**
 * One client in all runtimes: one row for each of them.
 *
 * @param {Measurement[]} measurements
 * @param {string[]} versions of the runtimes, in the order in which they were measured
 * @param {string} client
 */
export function runtimesTable(measurements, versions, client) {
  const workloads = workloadsIn(measurements);
  const runtimes = [...new Set(measurements.map(({ runtime }) => runtime))];
  const rows = runtimes.map((runtime, at) => [
    versions[at] ?? runtime,
    ...workloads.map((workload) => multipleText(measurements, { runtime, workload, client })),
  ]);
  return table(['', ...workloads], rows);
}

/**
 * @param {Measurement[]} measurements
 * @param {string} runtime
 */
const timesTable = (measurements, runtime) =>
  clientTable(measurements, runtime, (cell) => {
    if (cell === undefined || cell.problem !== undefined) return '–';
    const [middle, least, most] = [cell.median, cell.least, cell.most].map((time) => time.toFixed(0));
    return least === most ? `${middle}` : `${middle} (${least}–${most})`;
  });

/**
 * What went wrong, each once.
 *
 * @param {Measurement[]} measurements
 * @param {string} runtime
 */
function problemsIn(measurements, runtime) {
  /** @type {Map<string, string[]>} */
  const workloads = new Map();
  for (const run of measurements) {
    if (run.runtime !== runtime || run.problem === undefined) continue;
    const sentence = `${run.client}: ${run.problem}`;
    workloads.set(sentence, [...(workloads.get(sentence) ?? []), run.workload]);
  }
  return [...workloads].map(([sentence, names]) => `- ${sentence} (${names.join(', ')})`);
}

const share = ({ startup = NaN, cpu = NaN }) => startup / (startup + cpu);

/**
 * The share that the start of the runtime would have, at most, if it were counted.
 *
 * @param {Measurement[]} measurements
 * @param {string} runtime
 */
function startupIn(measurements, runtime) {
  const runs = measurements.filter(({ startup, problem }) => startup !== undefined && problem === undefined);
  const here = runs.filter((run) => run.runtime === runtime);
  if (here.length === 0) return [];
  const [first] = here.toSorted((one, other) => share(other) - share(one));
  if (first === undefined) return [];
  return [
    `The start of the runtime is not in these times. It took ${median(here.map((run) => Number(run.startup))).toFixed(0)} ms, ` +
      `at most ${(share(first) * 100).toFixed(1)} % of a run (${first.client}, ${first.workload}).`,
  ];
}

/**
 * All tables of one runtime.
 *
 * @param {Measurement[]} measurements
 * @param {string} runtime
 * @param {string} version
 */
export function runtimeReport(measurements, runtime, version) {
  const failed = problemsIn(measurements, runtime);
  return [
    `## ${version}`,
    `How many times the CPU time of \`${REFERENCE}\` is that of each client; more is better.`,
    multiplesTable(measurements, runtime),
    'CPU time in milliseconds: median, and least to most of the rounds.',
    timesTable(measurements, runtime),
    ...startupIn(measurements, runtime),
    ...(failed.length > 0 ? [`Not measured:\n\n${failed.join('\n')}`] : []),
  ].join('\n\n');
}

/**
 * Each target in each workload that was measured.
 *
 * @param {Measurement[]} measurements
 * @returns {Check[]}
 */
export function checksOf(measurements) {
  const runtimes = new Set(measurements.map(({ runtime }) => runtime));
  return targets.flatMap(({ client, than = REFERENCE, runtimes: named, kind, least }) =>
    named
      .filter((runtime) => runtimes.has(runtime))
      .flatMap((runtime) =>
        Object.entries(least)
          .filter(([workload]) =>
            // Who was not asked for has not failed.
            [client, than].every((name) => cellOf(measurements, { runtime, workload, client: name })),
          )
          .map(([workload, limit]) => {
            const multiple = multipleOf(measurements, { runtime, workload, client }, than);
            const sentence = `${runtime} ${workload}: ${client}, ${multiple.toFixed(2)} × ${than}, ${kind} ${limit}`;
            return { isGood: multiple >= limit, isMust: kind === 'must', sentence };
          }),
      ),
  );
}

const mark = (/** @type {Check} */ { isGood, isMust }) => (isGood ? 'ok    ' : isMust ? 'FAIL  ' : 'not   ');

/** @param {Check[]} checks */
export const checklist = (checks) => checks.map((check) => `${mark(check)}${check.sentence}`).join('\n');
