/** Where in a response a cut is. */

/** @typedef {'head' | 'chunk header' | 'character' | 'line end' | 'id line' | 'elsewhere'} Place */

/**
 * Tells of a response, as far as it has come, what a cut before the byte `at` would fall into. What is not chunked has no chunk headers.
 *
 * @param {Buffer} bytes
 * @param {boolean} isPacked whether the body is gzip, of which no text can be seen
 * @returns {(at: number) => Place}
 */
function placesIn(bytes, isPacked) {
  const head = bytes.indexOf('\r\n\r\n');
  const body = head < 0 ? Infinity : head + 4;
  const spans = head < 0 ? [] : framingOf(bytes, body);
  return (at) => {
    if (at < body) return 'head';
    if (spans.some(([from, to]) => at > from && at < to)) return 'chunk header';
    if (isPacked) return 'elsewhere';
    // A byte that continues a character.
    if (((bytes[at] ?? 0) & 0xc0) === 0x80) return 'character';
    if (bytes[at - 1] === 13 && bytes[at] === 10) return 'line end';
    return /[\r\n]id: \d+$/.test(bytes.toString('latin1', at - 20, at)) ? 'id line' : 'elsewhere';
  };
}

/**
 * From where to where there are bytes that belong to the framing: the end of a chunk, and the length of the next.
 *
 * @param {Buffer} bytes
 * @param {number} body where it begins
 */
function framingOf(bytes, body) {
  /** @type {[from: number, to: number][]} */
  const spans = [];
  for (let from = body; from < bytes.length;) {
    // Behind a chunk comes its line end, then the length of the next.
    const line = from === body ? from : from + 2;
    const end = bytes.indexOf('\r\n', line);
    if (end < 0) return [...spans, /** @type {const} */ ([from, Infinity])];
    spans.push([from, end + 2]);
    from = end + 2 + Number.parseInt(bytes.toString('latin1', line, end), 16);
  }
  return spans;
}

/**
 * The first place from a byte on that a fault is for; `any` is each.
 *
 * @param {Buffer} bytes
 * @param {number} from
 * @param {Pick<import('./plan.js').Fault, 'place' | 'isPacked'>} fault
 */
export function findPlace(bytes, from, { place: wanted, isPacked }) {
  const placeOf = placesIn(bytes, isPacked);
  for (let at = from; at < bytes.length; at++) {
    const place = placeOf(at);
    if (wanted === 'any' || place === wanted) return { at, place };
  }
  return undefined;
}
