/** Streams that nobody would write, in pieces that a network could make of them. */
import * as fc from 'fast-check';

const encoder = new TextEncoder();
const BOM = '\uFEFF';

/** At multiples of this, decoders and sockets like to cut by themselves. Bytes. */
const PIECE = 16 * 1024;

/** A text of pieces that mean something, and of any characters. */
const text = fc
  .array(
    fc.oneof(
      fc.constantFrom('', ' ', ':', '\0', BOM, '0', '1234', 'data', 'x', '\t', '\v', '\u2028', '\u0085'),
      fc.constantFrom('é', '語', '\u{1F600}', '\uFFFF', '\u{10FFFF}'),
      fc.string({ unit: 'binary', maxLength: 4 }),
    ),
    { maxLength: 4 },
  )
  .map((parts) => parts.join('').replaceAll(/[\r\n]/g, ''));

const name = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom('data', 'data', 'data', 'event', 'id', 'retry') },
  { weight: 1, arbitrary: fc.constantFrom('', 'Data', 'DATA', 'ID', ' data', 'data ', 'data\t', 'data\0') },
  { weight: 1, arbitrary: fc.constantFrom('dat', 'datas', `${BOM}data`, 'i', 'idd', 'events', 'retry ') },
  { weight: 2, arbitrary: text.map((value) => value.replaceAll(':', '')) },
);

const value = fc.oneof(
  { weight: 6, arbitrary: text },
  { weight: 2, arbitrary: fc.nat().map(String) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('007', '-1', '+1', '1.5', '1e3', '9'.repeat(30), '٣', '0x1', '1 '),
  },
  { weight: 1, arbitrary: fc.constantFrom('[DONE]', '{"x":1}', 'n\0ul', '\0', 'ü\u2603') },
  { weight: 1, arbitrary: fc.constantFrom('message', 'open', 'error', '__proto__', 'constructor') },
  { weight: 1, arbitrary: fc.nat({ max: 600 }).map((times) => 'long '.repeat(times)) },
);

const line = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(name, fc.constantFrom(':', ': ', ':  ', ''), value).map((parts) => parts.join('')),
  },
  { weight: 3, arbitrary: fc.constant('') },
  {
    weight: 1,
    arbitrary: fc
      .oneof(text, fc.constantFrom('keep-alive', ' keep-alive', '  ping'))
      .map((comment) => `:${comment}`),
  },
);

/** Many KB of characters of one to four bytes. */
const hugeLine = fc
  .tuple(
    fc.constantFrom('data:', 'data: ', 'id:', 'event: ', ':', '', 'x'),
    fc.constantFrom('x', 'é', '語', '\u{1F600}', 'data:', BOM, '\0'),
    fc.nat({ max: 48 * 1024 }),
  )
  .map(([start, unit, bytes]) => start + unit.repeat(bytes / encoder.encode(unit).length));

/** A line that ends so many bytes before a multiple of `PIECE`, whatever comes before it. */
const paddedLine = fc.record({
  start: fc.constantFrom('data:', ':', 'x'),
  before: fc.oneof(fc.constant(1), fc.nat({ max: 8 })),
});

const lineEnd = fc.constantFrom('\n', '\r\n', '\r');

/** Bytes that are no UTF-8: a lone continuation, a cut sequence, an overlong one, a surrogate, one beyond the last plane. */
const broken = fc.constantFrom(
  [0x80],
  [0xe8, 0xaa],
  [0xf0, 0x9f, 0x98],
  [0xc0, 0xaf],
  [0xed, 0xa0, 0x80],
  [0xf4, 0x90, 0x80, 0x80],
  [0xef, 0xbb],
  [0xff],
);

/** @typedef {string | { start: string, before: number }} Line */

/** @param {number} at where it begins @param {Line} given */
function written(at, given) {
  if (typeof given === 'string') return given;
  const beyond = at + given.start.length + given.before;
  return given.start + 'x'.repeat(Math.ceil(beyond / PIECE) * PIECE - beyond);
}

/** @param {[Line, string][]} lines @param {string} start @param {string} end */
function join(lines, start, end) {
  let whole = start;
  let length = encoder.encode(start).length;
  for (const [given, ending] of lines) {
    const added = written(length, given) + ending;
    whole += added;
    length += encoder.encode(added).length;
  }
  return encoder.encode(whole + end);
}

/** @param {fc.Arbitrary<Line>} lineOf @param {number} maxLength */
const streamOf = (lineOf, maxLength) =>
  fc
    .record({
      boms: fc.constantFrom(0, 0, 0, 1, 2),
      lines: fc.array(fc.tuple(lineOf, lineEnd), { maxLength, size: 'max' }),
      end: fc.oneof(fc.constant(''), line),
      broken: fc.array(fc.tuple(fc.nat(), broken), { maxLength: 2 }),
    })
    .map(({ boms, lines, end, broken: insertions }) => {
      let bytes = join(lines, BOM.repeat(boms), end);
      for (const [place, wrong] of insertions) {
        const at = place % (bytes.length + 1);
        bytes = Uint8Array.from([...bytes.subarray(0, at), ...wrong, ...bytes.subarray(at)]);
      }
      return bytes;
    });

/**
 * The bytes of a stream.
 *
 * @type {fc.Arbitrary<Uint8Array>}
 */
export const stream = fc.oneof(
  { weight: 5, arbitrary: streamOf(line, 40) },
  {
    weight: 1,
    arbitrary: streamOf(
      fc.oneof(
        { weight: 8, arbitrary: line },
        { weight: 1, arbitrary: hugeLine },
        { weight: 1, arbitrary: paddedLine },
      ),
      12,
    ),
  },
);

/**
 * Where to cut: after each byte, as far as that is not too slow; anywhere; and at seams, which are after a CR and inside of a character.
 *
 * @typedef {{ readonly isBytewise: boolean, readonly anywhere: readonly number[], readonly seams: readonly number[] }} Cuts
 * @type {fc.Arbitrary<Cuts>}
 */
export const cuts = fc.oneof(
  { weight: 2, arbitrary: fc.constant({ isBytewise: false, anywhere: [], seams: [] }) },
  {
    weight: 4,
    arbitrary: fc.record({
      isBytewise: fc.constant(false),
      anywhere: fc.array(fc.nat(), { maxLength: 6 }),
      seams: fc.array(fc.nat(), { maxLength: 6 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ isBytewise: true, anywhere: [], seams: [] }) },
);

/** @param {number} length @param {Cuts} cuts @param {number[]} seams @param {number} limit */
function placesOf(length, { isBytewise, anywhere }, seams, limit) {
  if (isBytewise) return Array.from({ length: Math.min(length, limit) }, (_, at) => at + 1);
  return [...anywhere.map((place) => place % (length + 1)), ...seams].toSorted((one, other) => one - other);
}

/** @param {Uint8Array} bytes */
function seamsOf(bytes) {
  const isSeam = (/** @type {number} */ byte, /** @type {number} */ at) =>
    (byte & 0xc0) === 0x80 || bytes[at - 1] === 0x0d;
  return [...bytes.keys()].filter((at) => isSeam(bytes[at] ?? 0, at));
}

/**
 * @param {Uint8Array} bytes
 * @param {Cuts} how
 * @param {number} [limit] after so many bytes that are cut one by one, the rest is one piece: more are only slow
 * @returns {Uint8Array[]} some of them may be empty
 */
export function cut(bytes, how, limit = 2000) {
  const seams = seamsOf(bytes);
  const chosen = seams.length === 0 ? [] : how.seams.map((place) => seams[place % seams.length] ?? 0);
  const places = placesOf(bytes.length, how, chosen, limit);
  return [0, ...places].map((from, index) => bytes.subarray(from, places[index] ?? bytes.length));
}
