/** Streams that nobody would write, in pieces that a network could make of them. */
import * as fc from 'fast-check';

const encoder = new TextEncoder();
const BOM = '\uFEFF';

/** A text of pieces that mean something, and of any characters. */
const text = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '',
        ' ',
        ':',
        '\0',
        BOM,
        '0',
        '1234',
        'data',
        'x',
        '\t',
        '\u2028',
        '\u0085',
        '語',
        '\u{1F600}',
      ),
      fc.string({ unit: 'binary', maxLength: 4 }),
    ),
    { maxLength: 4 },
  )
  .map((parts) => parts.join('').replaceAll(/[\r\n]/g, ''));

const name = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('data', 'event', 'id', 'retry') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '',
      'Data',
      'DATA',
      ' data',
      'data ',
      'dat',
      'datas',
      `${BOM}data`,
      'i',
      'idd',
    ),
  },
  { weight: 1, arbitrary: text.map((value) => value.replaceAll(':', '')) },
);

const value = fc.oneof(
  { weight: 4, arbitrary: text },
  {
    weight: 2,
    arbitrary: fc.constantFrom('1', '007', '-1', '1.5', '9'.repeat(30), '٣', '[DONE]', '{"x":1}'),
  },
  { weight: 1, arbitrary: fc.nat({ max: 3000 }).map((length) => 'long '.repeat(length / 5)) },
);

const line = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(name, fc.constantFrom(':', ': ', ':  ', ''), value).map((parts) => parts.join('')),
  },
  { weight: 3, arbitrary: fc.constant('') },
  { weight: 1, arbitrary: text.map((comment) => `:${comment}`) },
);

const lineEnd = fc.constantFrom('\n', '\n', '\r\n', '\r');

/** Bytes that are no UTF-8: a lone continuation, a cut sequence, an overlong one, a surrogate, one beyond the last plane. */
const broken = fc.constantFrom(
  [0x80],
  [0xe8, 0xaa],
  [0xc0, 0xaf],
  [0xed, 0xa0, 0x80],
  [0xf4, 0x90, 0x80, 0x80],
  [0xff],
);

/** The bytes of a stream. */
export const stream: fc.Arbitrary<Uint8Array> = fc
  .record({
    boms: fc.constantFrom(0, 0, 0, 1, 2),
    lines: fc.array(fc.tuple(line, lineEnd), { maxLength: 40 }),
    end: fc.oneof(fc.constant(''), line),
    broken: fc.array(fc.tuple(fc.nat(), broken), { maxLength: 2 }),
  })
  .map(({ boms, lines, end, broken: insertions }) => {
    const whole = BOM.repeat(boms) + lines.map((parts) => parts.join('')).join('') + end;
    let bytes = [...encoder.encode(whole)];
    for (const [place, wrong] of insertions) {
      const at = place % (bytes.length + 1);
      bytes = [...bytes.slice(0, at), ...wrong, ...bytes.slice(at)];
    }
    return Uint8Array.from(bytes);
  });

/** Where to cut: nowhere, anywhere, or after each byte. */
export const cuts: fc.Arbitrary<'bytes' | readonly number[]> = fc.oneof(
  { weight: 5, arbitrary: fc.array(fc.nat(), { maxLength: 8 }) },
  { weight: 1, arbitrary: fc.constant('bytes' as const) },
);

export function cut(bytes: Uint8Array, places: 'bytes' | readonly number[]): Uint8Array[] {
  if (places === 'bytes') return Array.from(bytes, (byte) => Uint8Array.of(byte));
  const sorted = places.map((place) => place % (bytes.length + 1)).toSorted((one, other) => one - other);
  return [0, ...sorted].map((from, index) => bytes.subarray(from, sorted[index] ?? bytes.length));
}
