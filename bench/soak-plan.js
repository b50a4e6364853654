/** What the two sides of the soak run have to agree on: who does what, how fast, and how an event looks. */
import { seededRandom } from './random.js';

/** Every stream gets a comment this often. Milliseconds, as the next. */
export const HEARTBEAT = 3000;
export const IDLE_TIMEOUT = 10_000;

/** Events per second, of all streams together. */
export const HIGHEST_RATE = 10_000;
/** Of all streams, in each second. */
export const SHARE_CUT = 0.01;

/**
 * A run is so many cycles, and in each of them the rates are the same, one after another. So whatever is compared has had the same
 * load: the first cycles warm up, and of the rest the first third is compared with the last.
 */
export const CYCLES = 18;
export const CYCLES_OF_WARM_UP = 3;
const RATES = 10;

/** The rates of a cycle: nothing, the highest, and others between them, more of them low, in an order that depends on the seed too. */
export function ratesOf(/** @type {number} */ seed) {
  const random = seededRandom(seed);
  const between = Array.from({ length: RATES - 2 }, () => Math.round(random() ** 2 * HIGHEST_RATE));
  const places = [0, HIGHEST_RATE, ...between].map((rate) => ({ rate, place: random() }));
  return places.toSorted((a, b) => a.place - b.place).map(({ rate }) => rate);
}

/** Half of the clients have an `idleTimeout`; only they notice when nothing comes any more. */
export const hasIdleTimeout = (/** @type {number} */ stream) => stream % 2 === 0;
/** A quarter of them, some of either half, use `eventStream`. */
export const isIterated = (/** @type {number} */ stream) => stream % 8 < 2;

/** Milliseconds of a clock that all processes of this machine have in common. */
export const clock = () => Number(process.hrtime.bigint()) / 1e6;

const fillerOf = (/** @type {number} */ number) => 'x'.repeat(number % 200);

/**
 * One event of a stream.
 *
 * @param {number} stream
 * @param {number} number counts from 1
 * @param {number} sent by `clock`
 */
export function blockOf(stream, number, sent) {
  const data = JSON.stringify({ stream, number, sent, filler: fillerOf(number) });
  return `id: ${number}\ndata: ${data}\n\n`;
}

/**
 * When it was sent, if it is the one that has to come next.
 *
 * @param {{ data: string, lastEventId: string }} event
 * @param {{ stream: number, number: number }} expected
 * @returns {number | undefined}
 */
export function sentAt({ data, lastEventId }, { stream, number }) {
  const { sent, ...rest } = JSON.parse(data);
  const isRight = rest.stream === stream && rest.number === number && rest.filler === fillerOf(number);
  return isRight && lastEventId === `${number}` ? sent : undefined;
}
