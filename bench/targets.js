/**
 * What the clients of ours are to reach, fixed before any tuning: multiples of the client that they are compared with, in CPU time of the
 * same run. `must` fails the benchmark, `aim` is only told.
 */

/** What 1 stands for. */
export const REFERENCE = 'eventsource';
/** What cannot be beaten by a client that reads from `fetch`. */
export const FETCH_LIMIT = 'fetch, read';

/** @typedef {'tiny' | 'llm' | 'feed' | 'large' | 'lines' | 'cjk'} Name */

/** @type {{ client: string, than?: string, runtimes: string[], kind: 'must' | 'aim', least: Record<Name, number> }[]} */
export const targets = [
  {
    client: 'everysource',
    runtimes: ['node24', 'node26'],
    kind: 'must',
    least: { tiny: 3, llm: 1.5, feed: 1, large: 0.8, lines: 1, cjk: 1.4 },
  },
  {
    client: 'everysource',
    runtimes: ['node24', 'node26'],
    kind: 'aim',
    least: { tiny: 4, llm: 1.9, feed: 1.2, large: 1.1, lines: 1.2, cjk: 1.8 },
  },
  {
    client: 'everysource',
    runtimes: ['node20'],
    kind: 'must',
    least: { tiny: 1.1, llm: 0.9, feed: 0.9, large: 0.8, lines: 0.9, cjk: 0.9 },
  },
  {
    client: 'eventStream',
    runtimes: ['node24'],
    kind: 'aim',
    least: { tiny: 4, llm: 1.9, feed: 1.2, large: 1, lines: 1.1, cjk: 1.6 },
  },
  {
    client: 'batches()',
    runtimes: ['node24'],
    kind: 'aim',
    least: { tiny: 8, llm: 2.1, feed: 1.3, large: 1, lines: 1.2, cjk: 1.8 },
  },
  {
    client: 'everysource',
    than: FETCH_LIMIT,
    runtimes: ['node24'],
    kind: 'aim',
    least: { tiny: 0.27, llm: 0.5, feed: 0.8, large: 0.45, lines: 0.55, cjk: 0.72 },
  },
];
