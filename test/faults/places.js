/** Where in a response a cut is. */

/** @typedef {'head' | 'chunk header' | 'character' | 'line end' | 'id line' | 'elsewhere'} Place */

/**
 * Tells of a response, as far as it has come, what a cut before the byte `at` would fall into. What is not chunked has no chunk headers.
 *
 * @param {Buffer} bytes
 * @returns {(at: number) => Place}
 */
export function placesIn(bytes) {
  const head = bytes.indexOf('\r\n\r\n');
  const body = head < 0 ? Infinity : head + 4;
  const spans = head < 0 ? [] : framingOf(bytes, body);
  return (at) => {
    if (at < body) return 'head';
    if (spans.some(([from, to]) => at > from && at < to)) return 'chunk header';
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
 * The first place of a kind from a byte on; `any` is each.
 *
 * @param {Buffer} bytes
 * @param {number} from
 * @param {Place | 'any'} wanted
 */
export function findPlace(bytes, from, wanted) {
  const placeOf = placesIn(bytes);
  for (let at = from; at < bytes.length; at++) {
    const place = placeOf(at);
    if (wanted === 'any' || place === wanted) return { at, place };
  }
  return undefined;
}
