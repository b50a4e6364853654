import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A byte stream of `fixtures/`, and what the standard says must come of it. */
export interface Fixture {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly expected: {
    readonly events: readonly { type: string; data: string; lastEventId: string }[];
    readonly lastEventId: string;
    readonly reconnectionTimes: readonly number[];
  };
}

const folder = join(import.meta.dirname, '../../fixtures');

export const fixtures: readonly Fixture[] = readdirSync(folder)
  .filter((file) => file.endsWith('.txt'))
  .map((file) => ({
    name: file.slice(0, -'.txt'.length),
    bytes: new Uint8Array(readFileSync(join(folder, file))),
    expected: JSON.parse(readFileSync(join(folder, file.replace(/txt$/, 'json')), 'utf8')),
  }));
