/** Ours against the reference, over any stream and any pieces. `npm run fuzz` tries many more; FUZZ_SEED repeats a run. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventStreamDecoder } from '../../src/event-stream.ts';
import { fixtures } from '../support/fixtures.ts';
import { interpret, interpretText, type Interpretation } from './reference.js';
import { cut, cuts, stream } from './streams.js';

const numRuns = 2000 * Number(process.env.FUZZ_FACTOR ?? 1);
const seed = process.env.FUZZ_SEED === undefined ? undefined : Number(process.env.FUZZ_SEED);
const parameters = { numRuns, ...(seed !== undefined && { seed }) };
const timeout = 3_600_000;

/** No stream can set this. Milliseconds. */
/** Comments are parsed only where somebody listens. */
const areHeard = fc.boolean();

/** A decoder, and a function that tells what came of the pieces that it is given. */
function follow(lastEventId: string, isListening: boolean) {
  const events: Interpretation['events'] = [];
  const comments: string[] = [];
  let reconnectionTime: number | undefined;
  const decoder = new EventStreamDecoder({
    lastEventId,
    origin: 'http://a',
    maxBufferSize: 1e6,
    onMessage: ({ type, data, lastEventId: id }) => events.push({ type, data, lastEventId: id }),
    onRetry: (milliseconds) => (reconnectionTime = milliseconds),
    onComment: isListening ? (comment) => comments.push(comment) : undefined,
  });
  const decode = (pieces: Uint8Array[]): Interpretation => {
    for (const piece of pieces) decoder.decode(piece);
    expect(decoder.isTooLarge).toBe(false);
    return {
      events: events.splice(0),
      comments: comments.splice(0),
      lastEventId: decoder.lastEventId,
      reconnectionTime,
    };
  };
  return { decoder, decode };
}

/** What whoever listens, or does not, must be told. */
function expected(bytes: Uint8Array, initialId: string, isListening: boolean): Interpretation {
  const meaning = interpret(bytes, initialId);
  return isListening ? meaning : { ...meaning, comments: [] };
}

describe('any stream, in any pieces', () => {
  it('means what the standard says', { timeout }, () => {
    fc.assert(
      fc.property(
        stream,
        cuts,
        fc.constantFrom('', '7'),
        areHeard,
        (bytes, places, initialId, isListening) => {
          const { decode } = follow(initialId, isListening);
          expect(decode(cut(bytes, places))).toEqual(expected(bytes, initialId, isListening));
        },
      ),
      parameters,
    );
  });

  it('means the same after another one that was given up', { timeout }, () => {
    fc.assert(
      fc.property(stream, stream, cuts, areHeard, (given, bytes, places, isListening) => {
        const { decoder, decode } = follow('', isListening);
        const before = decode([given]);
        decoder.reset();
        const after = expected(bytes, before.lastEventId, isListening);
        const { reconnectionTime = before.reconnectionTime } = after;
        expect(decode(cut(bytes, places))).toEqual({ ...after, reconnectionTime });
      }),
      { ...parameters, numRuns: numRuns / 4 },
    );
  });
});

describe('the reference', () => {
  it.each(fixtures)('says what was written down by hand: $name', ({ bytes, expected: written }) => {
    const { events, lastEventId, reconnectionTimes } = written;
    const { comments: _, ...meaning } = interpret(bytes);
    expect(meaning).toEqual({ events, lastEventId, reconnectionTime: reconnectionTimes.at(-1) });
  });

  it('tells comments without the space that may be in front', () => {
    expect(interpretText(':a\n: b\r\n:  c:\r:\ndata: :d\n:e').comments).toEqual(['a', 'b', ' c:', '']);
  });
});
