/** Whether what a client reports follows from what the lab did to it. */
import { SILENCE } from './client.js';
import { lateBetween } from './lag.js';

/**
 * @typedef {import('./client.js').Report} Report
 * @typedef {import('./client.js').Task} Task
 * @typedef {import('./lab.js').Connection} Connection
 *
 * @typedef {object} Differences what a platform does otherwise, with the version it was seen in
 * @property {boolean} [keepsHeaders] on a redirect to another origin, the caller's headers go along
 * @property {(connection: Connection) => string[]} [alsoEnds] further reasons for the end of an attempt
 * @property {boolean} [takesHalfHeads] a head that ends in its middle passes for a response, which then lacks its `Content-Type`, and fails
 * @property {boolean} [losesAborts] what was aborted may stay open
 * @property {boolean} [retries] a request that was cut before its response is sent again, without a word
 */

/**
 * Why an attempt ends whose last connection came to this.
 *
 * @type {Readonly<Record<string, (connection: Connection) => string>>}
 */
const reasons = {
  fin: () => 'network',
  rst: () => 'network',
  refused: () => 'network',
  restart: () => 'network',
  hang: ({ place }) => (place === 'head' ? 'connect-timeout' : 'idle'),
  'hang before the head': () => 'connect-timeout',
  'wrong framing': () => 'network',
  'short body': () => 'network',
  'status 429': () => 'status',
  'status 5xx': () => 'status',
  redirect: () => 'another connection',
  'redirect to another origin': () => 'another connection',
};

/** Clocks are read in whole milliseconds, and timers may be that early. */
const TOLERANCE = 5;

/** Whoever was held up for so long may take what is not silent for silent. Milliseconds. */
const HELD_UP = SILENCE / 4;

/** So soon must a hang have led to the next attempt, beside what held up its client or the lab. Milliseconds. */
const NOTICED = 2 * SILENCE;

/**
 * Each attempt beside the connections that came of it.
 *
 * @param {Task} task
 * @param {Report} report
 * @param {Pick<import('./lab.js').FaultLab, 'connections' | 'absences' | 'unanswered'>} lab
 * @param {import('./lag.js').Beat[]} beats of the lab
 * @param {Differences} differences
 * @returns {{ problems: string[], notes: string[] }} what is not explained, and what was no fault of a connection
 */
export function explain(task, report, lab, beats, differences) {
  const { connections } = lab;
  const { attempts } = report;
  /** @type {string[]} */
  const notes = [];
  const seen = attempts.map((_, index) => connections.filter(({ attempt }) => attempt === index + 1));
  const problems = attempts.flatMap((attempt, index) => {
    const own = /** @type {Connection[]} */ (seen[index]);
    const next = attempts[index + 1];
    const wrong = asksWrong(attempt, own);
    // The last one was closed by its client.
    if (next !== undefined) {
      const isAnswered = own.length > 0 && !own.at(-1)?.kind.startsWith('redirect');
      const absence =
        isAnswered || next.reason !== 'network' ? undefined : whyUnanswered(lab, index + 1, attempt, next);
      const ending = absence === undefined ? endsWrong(attempt, own, next, differences) : [];
      const late = lateBetween([...beats, ...report.beats], attempt.at, next.at);
      const isHeldUp = ending.length > 0 && isSilence(next) && late > HELD_UP;
      if (isHeldUp) notes.push('held up');
      else wrong.push(...ending);
      if (absence !== undefined) notes.push(absence);
      const rest = lateBetween(report.rests, attempt.at, next.at);
      wrong.push(...timesWrong(attempt, own.at(-1), next, late + rest));
    }
    return wrong.map((problem) => `attempt ${index + 1}: ${problem}`);
  });
  if (seen.flat().length !== connections.length) problems.push('connections that belong to no attempt');
  problems.push(...toldWrong(task, report), ...leaked(task, connections, differences));
  return { problems, notes };
}

const isSilence = (/** @type {Report['attempts'][number]} */ { reason = '' }) =>
  ['idle', 'connect-timeout'].includes(reason);

/**
 * Why a request may have come to no connection: nobody listened; or it went out on one that the server had promised to keep, and closed.
 *
 * @param {Pick<import('./lab.js').FaultLab, 'absences' | 'unanswered'>} lab
 * @param {number} attempt
 * @param {{ at: number }} began
 * @param {{ at: number }} ended
 */
function whyUnanswered({ absences, unanswered }, attempt, began, ended) {
  if (absences.some(({ from, to }) => from <= ended.at && to >= began.at)) return 'nobody listens';
  return unanswered.includes(attempt) ? 'kept connection closes' : undefined;
}

/** It must ask for what follows the last event that was handed over. */
function asksWrong(/** @type {Report['attempts'][number]} */ attempt, /** @type {Connection[]} */ own) {
  const expected = attempt.received === 0 ? '' : `${attempt.received}`;
  return [attempt, ...own]
    .filter(({ lastEventId }) => lastEventId !== expected)
    .map(({ lastEventId }) => `asks for what follows ${lastEventId}, after ${expected}`);
}

/**
 * @param {Report['attempts'][number]} attempt
 * @param {Connection[]} own
 * @param {Report['attempts'][number]} next
 * @param {Differences} differences
 */
function endsWrong(attempt, own, next, { alsoEnds, retries }) {
  const last = own.at(-1);
  if (last === undefined) return [`no connection, ended with ${next.reason}`];
  // Where a request is sent again without a word, each of its connections may have been the last.
  const ends = retries ? own : [last];
  const expected = ends.flatMap((one) => [
    reasons[one.kind]?.(one) ?? 'end-of-body',
    ...(alsoEnds?.(one) ?? []),
  ]);
  const problems = own
    .slice(0, -1)
    .filter(({ kind, place }) => !kind.startsWith('redirect') && !(retries && (place ?? 'head') === 'head'))
    .map(({ kind }) => `another connection after ${kind}`);
  if (!expected.includes(`${next.reason}`)) {
    problems.push(`${last.kind}, ${last.place ?? 'whole'}, ended with ${next.reason}`);
  }
  if (next.reason === 'status' && last.retryAt !== undefined && next.at < last.retryAt - TOLERANCE) {
    problems.push(`followed ${last.retryAt - next.at} ms before Retry-After`);
  }
  const silent = next.at - silentFrom(attempt, last, next);
  if (isSilence(next) && silent < SILENCE - TOLERANCE) problems.push(`${next.reason} after ${silent} ms`);
  return problems;
}

/**
 * Since when it was silent, at the earliest: what has no response, since the request; what has one, since its last byte.
 *
 * @param {Report['attempts'][number]} attempt
 * @param {Connection | undefined} last
 * @param {Report['attempts'][number]} next
 */
const silentFrom = (attempt, last, next) =>
  next.reason === 'idle' ? (last?.silentAt ?? attempt.at) : attempt.at;

/**
 * However it was held up, no attempt is silent for longer than it lasts; and no hang goes on for ever.
 *
 * @param {Report['attempts'][number]} attempt
 * @param {Connection | undefined} last
 * @param {Report['attempts'][number]} next
 * @param {number} late milliseconds in which nothing could be noticed
 */
function timesWrong(attempt, last, next, late) {
  if (!isSilence(next)) return [];
  const lasted = next.at - attempt.at;
  const silent = next.at - silentFrom(attempt, last, next);
  if (lasted < SILENCE - TOLERANCE) return [`${next.reason}, but lasted ${lasted} ms`];
  const isLate = last?.kind.startsWith('hang') && silent > NOTICED + late;
  return isLate ? [`${next.reason} after ${silent} ms`] : [];
}

/** A source must fire one error for each attempt that ended, with the reason that the next one is told. */
function toldWrong(/** @type {Task} */ { how }, /** @type {Report} */ { attempts, errors }) {
  if (how !== 'source') return [];
  const expected = attempts.slice(1).map(({ reason }, index) => ({ attempt: index + 1, reason }));
  const isRight = JSON.stringify(errors) === JSON.stringify(expected);
  return isRight ? [] : [`${errors.length} error events for ${expected.length} attempts, or not in order`];
}

/**
 * The caller's header must come along, but not to another origin.
 *
 * @param {Task} task
 * @param {Connection[]} connections
 * @param {Differences} differences
 */
function leaked(task, connections, { keepsHeaders = false }) {
  return connections
    .filter((one) => one.hasToken !== (task.hasToken && (keepsHeaders || !one.isElsewhere)))
    .map(({ attempt }) => `attempt ${attempt}: the caller's header is missing, or went to another origin`);
}
