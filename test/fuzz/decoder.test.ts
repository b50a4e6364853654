/** Ours against the reference, over any stream and any pieces. `npm run fuzz` tries many more; FUZZ_SEED repeats a run. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventStreamDecoder } from '../../src/event-stream.ts';
import { interpret, type Interpretation } from './reference.ts';
import { cut, cuts, stream } from './streams.ts';

const numRuns = 2000 * Number(process.env.FUZZ_FACTOR ?? 1);
const seed = process.env.FUZZ_SEED === undefined ? undefined : Number(process.env.FUZZ_SEED);

function decode(pieces: Uint8Array[], lastEventId: string): Interpretation {
  const origin = 'http://a';
  const decoder = new EventStreamDecoder({ lastEventId, origin, maxBufferSize: 1e6, reconnectionTime: NaN });
  const messages = pieces.flatMap((piece) => decoder.decode(piece));
  expect(decoder.isTooLarge).toBe(false);
  return {
    events: messages.map(({ type, data, lastEventId: id }) => ({ type, data, lastEventId: id })),
    lastEventId: decoder.lastEventId,
    reconnectionTime: Number.isNaN(decoder.reconnectionTime) ? undefined : decoder.reconnectionTime,
  };
}

describe('any stream, in any pieces', () => {
  it('means what the standard says', { timeout: 3_600_000 }, () => {
    fc.assert(
      fc.property(stream, cuts, fc.constantFrom('', '7'), (bytes, places, initialId) => {
        expect(decode(cut(bytes, places), initialId)).toEqual(interpret(bytes, initialId));
      }),
      { numRuns, ...(seed !== undefined && { seed }) },
    );
  });
});
