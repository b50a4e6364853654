/**
 * Model of a fleet that loses its one server, in virtual time and without sockets. The clients have no influence on each other,
 * since the server refuses all of them and later accepts all of them; so each is followed to its end before the next one starts, and
 * nothing is kept of it but its requests.
 */
import { seededRandom } from './random.js';

/** @typedef {typeof import('../src/reconnection.ts')} Room */
/** @typedef {Pick<Room, 'afterTrouble' | 'isFailed' | 'reconnectionPolicy' | 'reconnectionWait'>} Rules */

/** The server is gone from 0 to this time. Milliseconds. */
export const OUTAGE = 60_000;
/** From request to refusal, or to the open connection: a round trip to a host nearby. Milliseconds. */
export const CONNECT_TIME = 5;
const RECONNECTION_TIME = 3000;
/** Length of the curves; all clients are back before. Milliseconds. */
const DURATION = 120_000;

const network = /** @type {const} */ ({ signal: 'reestablish', reason: 'network' });
/** The connection that breaks at 0. */
const broken = { openedAt: -3_600_000, deliveredEvent: true };
const refused = { openedAt: undefined, deliveredEvent: false };

/**
 * What browsers do: they wait for the reconnection time exactly, however often they have failed. Seen in the sources of Chromium and
 * Firefox, whose reconnection time is 5 s.
 *
 * @param {Rules} rules
 * @returns {Rules}
 */
export const nativeRules = (rules) => ({
  ...rules,
  reconnectionWait: ({ reconnectionTime }) => ({ delay: reconnectionTime, floor: reconnectionTime }),
});

/**
 * The times at which one client sends its requests, in milliseconds; the last one is accepted.
 *
 * @param {Rules} rules
 * @param {import('../src/reconnection.ts').ReconnectionPolicy} policy
 * @param {() => number} random
 */
function* requestTimes({ afterTrouble, isFailed, reconnectionWait }, policy, random) {
  /** @type {import('../src/reconnection.ts').AttemptHistory} */
  let attempt = broken;
  let startedAt = broken.openedAt;
  let failures = 0;
  for (let now = 0; startedAt < OUTAGE; now = startedAt + CONNECT_TIME) {
    failures = isFailed(attempt, now) ? failures + 1 : 0;
    if (afterTrouble(network, policy, failures) !== 'reestablish') return;
    const sinceStart = now - startedAt;
    const wait = { reconnectionTime: RECONNECTION_TIME, failures, sinceStart, retryAfter: 0, policy, random };
    startedAt = now + reconnectionWait(wait).delay;
    attempt = refused;
    yield startedAt;
  }
}

/**
 * The highest number of requests in one second.
 *
 * @param {number[]} curve requests in each second
 */
export const peak = (curve) => Math.max(...curve);

/**
 * @param {number[]} curve
 * @param {number} time
 */
function count(curve, time) {
  const second = Math.floor(time / 1000);
  curve[second] = (curve[second] ?? 0) + 1;
}

const silence = () => /** @type {number[]} */ (Array(DURATION / 1000).fill(0));

/**
 * Follows a fleet until every client is connected again.
 *
 * @param {Rules} rules
 * @param {import('../src/reconnection.ts').ReconnectionInit} init
 * @param {{ clients: number, seed: number }} fleet
 */
export function simulate(rules, init, { clients, seed }) {
  const random = seededRandom(seed);
  const policy = rules.reconnectionPolicy(init);
  /** Requests in each second: all; those that are a client's first; those that are its fourth or a later one. */
  const [all, first, late] = [silence(), silence(), silence()];
  let total = 0;
  let allBackAt = 0;
  for (let client = 0; client < clients; client++) {
    let attempt = 0;
    let time = 0;
    for (time of requestTimes(rules, policy, random)) {
      attempt++;
      count(all, time);
      if (attempt === 1) count(first, time);
      if (attempt >= 4) count(late, time);
    }
    total += attempt;
    allBackAt = Math.max(allBackAt, time + CONNECT_TIME);
  }
  return { all, first, late, total, allBackAt };
}
