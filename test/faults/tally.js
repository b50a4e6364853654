/** How often each fault took effect, and where: so that none can be promised that never happened. */
import { cards, cutting } from './plan.js';

const nameOf = (/** @type {{ kind: string, isPacked?: boolean }} */ { kind, isPacked }) =>
  isPacked && kind in cutting ? `${kind} in gzip` : kind;

export class Tally {
  /** By fault, then by platform. @type {Map<string, Map<string, number>>} */
  #counts = new Map();
  /** @type {Set<string>} */
  #platforms = new Set();

  /**
   * @param {string} platform
   * @param {import('./lab.js').Connection[]} connections
   * @param {string[]} notes what happened beside
   */
  add(platform, connections, notes) {
    this.#platforms.add(platform);
    const names = connections.map(({ place, ...fault }) =>
      place ? `${nameOf(fault)}, ${place}` : fault.kind,
    );
    for (const name of [...names, ...notes]) {
      const counts = this.#counts.get(name) ?? new Map();
      this.#counts.set(name, counts.set(platform, (counts.get(platform) ?? 0) + 1));
    }
  }

  /** What was planned, and never happened on a platform. */
  get missing() {
    const planned = cards.map(({ place, ...fault }) => {
      if (place !== 'any') return `${fault.kind}, ${place}`;
      return fault.isPacked && fault.kind in cutting ? `${nameOf(fault)}, elsewhere` : fault.kind;
    });
    return [...this.#platforms].flatMap((platform) => {
      const seen = [...this.#counts].filter(([, counts]) => counts.has(platform)).map(([name]) => name);
      return [...planned, 'nobody listens']
        .filter((wanted) => !seen.some((name) => name === wanted || name.startsWith(`${wanted}, `)))
        .map((wanted) => `${wanted}, in ${platform}`);
    });
  }

  /** A line for each fault, a column for each platform. */
  toString() {
    const platforms = [...this.#platforms];
    const line = (/** @type {unknown[]} */ cells, /** @type {string} */ name) =>
      cells.map((cell) => `${cell}`.padStart(10)).join('') + `  ${name}`;
    const rows = [...this.#counts].toSorted(([a], [b]) => (a < b ? -1 : 1));
    return [
      line(platforms, ''),
      ...rows.map(([name, counts]) =>
        line(
          platforms.map((platform) => counts.get(platform) ?? 0),
          name,
        ),
      ),
    ].join('\n');
  }
}
