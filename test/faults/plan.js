/** What goes wrong, connection by connection, from a seed. */

/**
 * @typedef {object} Fault
 * @property {string} kind
 * @property {Place} place where a connection breaks: in the bytes from the server, behind the first so many
 * @property {number} at
 * @property {number} events after so many the server ends its response, if nothing else has
 *
 * @typedef {'any' | 'head' | 'character' | 'line end' | 'id'} Place
 */

/**
 * The reasons that a client may give for the end of an attempt. With none, it goes on to its clean end.
 *
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const kinds = {
  fin: ['network', 'end-of-body'],
  rst: ['network'],
  refused: ['network'],
  'hang before the head': ['connect-timeout'],
  'hang in the body': ['idle', 'connect-timeout'],
  'wrong framing': ['network'],
  'short body': ['network'],
  'unfinished event': ['end-of-body'],
  'status 429': ['status'],
  'status 503': ['status'],
  restart: ['network'],
  redirect: [],
  'redirect to another origin': [],
  drip: [],
  gzip: [],
  'more empty lines': [],
  nothing: [],
};

/** Where those that cut do so. */
export const cutting = ['fin', 'rst', 'refused', 'restart', 'hang in the body'];

/** @type {readonly Place[]} */
const places = ['any', 'any', 'head', 'character', 'line end', 'id'];

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function randomOf(/** @type {number} */ seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * The faults of a seed.
 *
 * @param {number} seed
 * @param {number} count
 * @param {number} events in the log
 * @returns {Fault[]}
 */
export function planOf(seed, count, events) {
  const random = randomOf(seed);
  const below = (/** @type {number} */ limit) => Math.floor(random() * limit);
  /** @type {<Value>(list: readonly Value[]) => Value} */
  const oneOf = (list) => /** @type {any} */ (list[below(list.length)]);
  const share = Math.ceil((0.9 * events) / count);
  return Array.from({ length: count }, () => {
    const place = oneOf(places);
    return {
      kind: oneOf(Object.keys(kinds)),
      place,
      at: place === 'head' ? below(120) : below(share * 60),
      events: 1 + below(share),
    };
  });
}
