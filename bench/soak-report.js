/** What was seen in a soak run, judged: whether everything came, what went wrong, and whether memory and handles stayed flat. */
import { CYCLES, CYCLES_OF_WARM_UP } from './soak-plan.js';

/**
 * @typedef {object} Row what was seen of the client in one interval, or at its end; sizes in bytes
 * @property {number} second when it ended, since the start
 * @property {number} duration seconds
 * @property {number} events
 * @property {number} reconnections
 * @property {number} heap after a collection of garbage, as `external`
 * @property {number} external
 * @property {number} rss the median of what was seen each second, as the next three
 * @property {number} handles
 * @property {number} sockets
 * @property {number} timers
 * @property {Lag} [lag] if there were events
 *
 * @typedef {{ median: number, p99: number, max: number }} Lag from the server's clock to the listener's, milliseconds
 * @typedef {{ requests: number, cuts: Record<string, number>, last: number[] }} ServerState `last`: how many events each stream had
 *
 * @typedef {object} ClientReport
 * @property {{ events: number, heartbeats: number, ends: Record<string, number> }} seen
 * @property {Record<string, { times: number, first: string }>} wrong
 *
 * @typedef {object} Result
 * @property {Row[]} rows
 * @property {ServerState} state
 * @property {number} open connections, when all were closed
 * @property {ClientReport | undefined} report
 * @property {number | undefined} end milliseconds until the client had ended by itself
 */

/** The upper one of two in the middle. `NaN` of nothing. */
const median = (/** @type {number[]} */ values) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

/** By how much a figure may change, from the first third after the warm-up to the last. */
const MOST_CHANGE = 0.05;

/** @typedef {'heap' | 'rss' | 'handles'} Figure */
/** @typedef {Record<Figure, { early: number, late: number, change: number }>} Flatness */

export const count = (/** @type {number} */ value) => Math.round(value).toLocaleString('en');
export const megabytes = (/** @type {number} */ bytes) => (bytes / 1e6).toFixed(1);
export const milliseconds = (/** @type {number | undefined} */ time) => time?.toFixed(1) ?? '';
export const percent = (/** @type {number} */ share) =>
  `${share < 0 ? '−' : '+'}${Math.abs(share * 100).toFixed(1)} %`;

/**
 * The medians of the first third after the warm-up and of the last. All thirds are whole cycles, so their load is the same.
 *
 * @param {Row[]} rows
 * @param {number} minutes
 * @returns {Flatness}
 */
export function flatnessOf(rows, minutes) {
  const warm = (minutes * CYCLES_OF_WARM_UP) / CYCLES;
  const third = (minutes - warm) / 3;
  /** Those whose middle lies between two minutes. */
  const between = (/** @type {number} */ from, /** @type {number} */ to) =>
    rows.filter(({ second, duration }) => {
      const middle = (second - duration / 2) / 60;
      return middle > from && middle < to;
    });
  const [first, last] = [between(warm, warm + third), between(minutes - third, minutes)];
  const compare = (/** @type {Figure} */ figure) => {
    const [early = NaN, late = NaN] = [first, last].map((some) => median(some.map((row) => row[figure])));
    return { early, late, change: late / early - 1 };
  };
  return { heap: compare('heap'), rss: compare('rss'), handles: compare('handles') };
}

const size = (/** @type {number} */ bytes) => `${megabytes(bytes)} MB`;

/**
 * @param {Flatness} flatness
 * @param {boolean} isMust
 */
export function checksOfFlatness({ heap, rss, handles }, isMust) {
  const check = (
    /** @type {string} */ name,
    /** @type {Flatness[Figure]} */ { early, late, change },
    /** @type {(value: number) => string} */ written,
  ) => ({
    isGood: Math.abs(change) <= MOST_CHANGE,
    isMust,
    sentence: `${name}: ${written(early)}, then ${written(late)} (${percent(change)})`,
  });
  return [
    check('the heap is flat', heap, size),
    check('RSS is flat', rss, size),
    check('handles are flat', handles, count),
  ];
}

const must = (/** @type {boolean} */ isGood, /** @type {string} */ sentence) => ({
  isGood,
  isMust: true,
  sentence,
});

/**
 * @param {Result} result
 * @param {number} minutes
 */
export function checksOf({ rows, state, open, report, end }, minutes) {
  const sent = state.last.reduce((sum, last) => sum + last, 0);
  const { events = 0, heartbeats = 0 } = report?.seen ?? {};
  const cuts = Object.entries(state.cuts);
  const broke = cuts.map(([kind, times]) => `${count(times)} by ${kind}`).join(', ');
  const wrong = Object.entries(report?.wrong ?? {}).map(
    ([kind, { times, first }]) => `${times} × ${kind}: ${first}`,
  );
  return [
    must(Number(rows.at(-1)?.second) >= minutes * 60, `the client runs for ${minutes} min`),
    must(events === sent, `${count(events)} of ${count(sent)} events come, each once and in order`),
    must(wrong.length === 0, `${wrong.join('; ') || 'no error, no warning, no rejection'}`),
    must(
      Math.min(...Object.values(state.cuts)) > 0,
      `connections break, ${broke}; ${count(state.requests)} requests`,
    ),
    must(heartbeats > 0, `${count(heartbeats)} heartbeats come`),
    must(open === 0, `${open} connections are left when all are closed`),
    must(end !== undefined, `the client ends by itself, in ${milliseconds(end)} ms`),
  ];
}

/** One sentence about the lag, which nothing is asked of: whatever else the machine does is in it. */
export function lagOf(/** @type {Row[]} */ rows) {
  const lags = rows.flatMap(({ lag }) => lag ?? []);
  if (lags.length === 0) return 'no event came';
  const usual = (/** @type {keyof Lag} */ figure) => milliseconds(median(lags.map((lag) => lag[figure])));
  const longest = milliseconds(Math.max(...lags.map((lag) => lag.max)));
  return `lag: ${usual('median')} ms in the median, 99 % within ${usual('p99')} ms, at most ${longest} ms`;
}

/** Column by column, which takes least space. */
export function columnsOf(/** @type {Row[]} */ rows) {
  const column = (/** @type {(row: Row) => number | undefined} */ of, digits = 0) =>
    rows.map((row) => Number(of(row)?.toFixed(digits) ?? NaN));
  return {
    second: column(({ second }) => second, 1),
    events: column(({ events }) => events),
    reconnections: column(({ reconnections }) => reconnections),
    heap: column(({ heap }) => heap),
    external: column(({ external }) => external),
    rss: column(({ rss }) => rss),
    handles: column(({ handles }) => handles),
    sockets: column(({ sockets }) => sockets),
    timers: column(({ timers }) => timers),
    lagMedian: column(({ lag }) => lag?.median, 2),
    lagP99: column(({ lag }) => lag?.p99, 2),
    lagMax: column(({ lag }) => lag?.max, 2),
  };
}
