/** What goes wrong, connection by connection, from a seed. */
import { seededRandom } from '../../bench/random.js';

/**
 * @typedef {object} Fault
 * @property {string} kind
 * @property {import('./places.js').Place | 'any'} place where a connection breaks
 * @property {number} at the first byte from which on it does
 * @property {boolean} isPacked whether the body comes as gzip
 * @property {boolean} closes whether the server says that it will close the connection, which it does in any case
 * @property {number} events after so many the server ends its response, if nothing else has
 */

/** @type {readonly Fault['place'][]} */
const places = ['any', 'head', 'chunk header', 'character', 'line end', 'id line'];

/**
 * Kinds that cut what comes from the server, and where.
 *
 * @type {Readonly<Record<string, readonly Fault['place'][]>>}
 */
export const cutting = {
  fin: places,
  rst: places,
  hang: ['any', 'head', 'character'],
  // Nobody listens for a while.
  refused: ['any', 'head'],
  restart: ['any', 'head'],
};

/** Those that also cut a body that comes as gzip, wherever they do. */
const packing = ['fin', 'rst', 'hang'];

/** Kinds that are the server's doing, or leave the connection whole. */
const others = [
  'hang before the head',
  'wrong framing',
  'short body',
  'unfinished event',
  'status 429',
  'status 5xx',
  'redirect',
  'redirect to another origin',
  'drip',
  'gzip',
  'more empty lines',
  'nothing',
];

/** Each kind at each place. @type {readonly Pick<Fault, 'kind' | 'place' | 'isPacked'>[]} */
export const cards = [
  ...Object.entries(cutting).flatMap(([kind, at]) => at.map((place) => ({ kind, place, isPacked: false }))),
  ...packing.map((kind) => ({ kind, place: /** @type {const} */ ('any'), isPacked: true })),
  ...others.map((kind) => ({ kind, place: /** @type {const} */ ('any'), isPacked: kind === 'gzip' })),
];

/** Bytes of a head, at most, and of an event in a body that comes as gzip, at least. */
const HEAD = 300;
const PACKED = 7;

/**
 * The faults of a seed. The cards are dealt until none is left, and then again, so that none is rare.
 *
 * @param {number} seed
 * @param {number} count
 * @param {number} events in the log
 * @returns {Fault[]}
 */
export function planOf(seed, count, events) {
  const random = seededRandom(seed);
  const below = (/** @type {number} */ limit) => Math.floor(random() * limit);
  const share = Math.ceil((0.8 * events) / count);
  /** @type {typeof cards[number][]} */
  let deck = [];
  return Array.from({ length: count }, () => {
    if (deck.length === 0) deck = [...cards];
    const [{ kind, place, isPacked }] = /** @type {[typeof cards[number]]} */ (
      deck.splice(below(deck.length), 1)
    );
    return {
      kind,
      place,
      isPacked,
      at: isPacked ? HEAD + below(share * PACKED) : below(place === 'head' ? 120 : share * 30),
      closes: random() < 0.5,
      events: kind in cutting ? share : 1 + below(share),
    };
  });
}

/** The same, but a head comes whole or not at all. @param {Fault} fault @returns {Fault} */
export function withoutHalfHead(fault) {
  if (fault.kind !== 'fin') return fault;
  return { ...fault, at: fault.place === 'head' ? 0 : Math.max(fault.at, HEAD) };
}
