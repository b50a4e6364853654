/** Ours against the reference, over any stream and any pieces. `npm run fuzz` tries many more; FUZZ_SEED repeats a run. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventStreamDecoder } from '../../src/event-stream.ts';
import { fixtures } from '../support/fixtures.ts';
import { interpret, type Interpretation } from './reference.js';
import { cut, cuts, stream } from './streams.js';

const numRuns = 2000 * Number(process.env.FUZZ_FACTOR ?? 1);
const seed = process.env.FUZZ_SEED === undefined ? undefined : Number(process.env.FUZZ_SEED);

/** No stream can set this. Milliseconds. */
const UNSET = -1;

function decode(pieces: Uint8Array[], lastEventId: string, onComment?: () => void): Interpretation {
  const origin = 'http://a';
  const decoder = new EventStreamDecoder({
    lastEventId,
    origin,
    maxBufferSize: 1e6,
    reconnectionTime: UNSET,
    onComment,
  });
  const messages = pieces.flatMap((piece) => decoder.decode(piece));
  expect(decoder.isTooLarge).toBe(false);
  return {
    events: messages.map(({ type, data, lastEventId: id }) => ({ type, data, lastEventId: id })),
    lastEventId: decoder.lastEventId,
    reconnectionTime: decoder.reconnectionTime === UNSET ? undefined : decoder.reconnectionTime,
  };
}

describe('any stream, in any pieces', () => {
  it('means what the standard says', { timeout: 3_600_000 }, () => {
    // Comments are parsed only where somebody listens.
    const listener = fc.constantFrom(undefined, () => {});
    fc.assert(
      fc.property(stream, cuts, fc.constantFrom('', '7'), listener, (bytes, places, initialId, onComment) => {
        expect(decode(cut(bytes, places), initialId, onComment)).toEqual(interpret(bytes, initialId));
      }),
      { numRuns, ...(seed !== undefined && { seed }) },
    );
  });
});

describe('the reference', () => {
  it.each(fixtures)('says what was written down by hand: $name', ({ bytes, expected }) => {
    const { events, lastEventId, reconnectionTimes } = expected;
    expect(interpret(bytes)).toEqual({ events, lastEventId, reconnectionTime: reconnectionTimes.at(-1) });
  });
});
