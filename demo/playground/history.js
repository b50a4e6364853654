/**
 * The connection over time.
 *
 * @typedef {'idle' | 'connecting' | 'open' | 'waiting' | 'closed'} State
 * @typedef {{ state: State, time: number, note: string, isError?: boolean }} Change
 * @typedef {{ state: State, start: number, end: number }} Segment
 */

/** More than there are in a minute even when the server ends each response at once: ten attempts a second, of three changes each. */
export const KEPT_CHANGES = 2000;

export class History {
  /** @type {Change[]} */
  #changes = [];

  /** @param {Change} change */
  add(change) {
    this.#changes.push(change);
    if (this.#changes.length > KEPT_CHANGES) this.#changes.shift();
  }

  /** Since when the state is what it is; `-Infinity` before the first change. */
  get latest() {
    return this.#changes.at(-1)?.time ?? -Infinity;
  }

  /**
   * @param {number} limit
   * @returns {Change[]}
   */
  newestFirst(limit) {
    return this.#changes.slice(-limit).toReversed();
  }

  /**
   * When there were errors, from a time on.
   *
   * @param {number} from
   */
  errorsSince(from) {
    return this.#changes.filter(({ isError, time }) => isError && time >= from).map(({ time }) => time);
  }

  /**
   * The states between two times, without gaps after the first change.
   *
   * @param {number} from
   * @param {number} to
   * @returns {Segment[]}
   */
  segments(from, to) {
    /** @type {Segment[]} */
    const segments = [];
    this.#changes.forEach(({ state, time }, index) => {
      const start = Math.max(from, time);
      const end = Math.min(to, this.#changes[index + 1]?.time ?? to);
      if (end <= start || state === 'idle') return;
      const last = segments.at(-1);
      if (last?.state === state) last.end = end;
      else segments.push({ state, start, end });
    });
    return segments;
  }
}

/** Seconds that are remembered: what the picture shows, and one that is not over. */
const KEPT_SECONDS = 62;

/** Counts events by the second. */
export class Rate {
  /** @type {Map<number, number>} */
  #counts = new Map();

  /** @param {number} time */
  add(time) {
    const second = Math.floor(time / 1000);
    this.#counts.set(second, (this.#counts.get(second) ?? 0) + 1);
    if (this.#counts.size <= KEPT_SECONDS) return;
    for (const oldest of this.#counts.keys()) {
      this.#counts.delete(oldest);
      return;
    }
  }

  /**
   * How many there were in the last full second.
   *
   * @param {number} now
   */
  perSecond(now) {
    return this.#counts.get(Math.floor(now / 1000) - 1) ?? 0;
  }

  /**
   * @param {number} from
   * @param {number} to
   * @returns {{ time: number, count: number }[]}
   */
  between(from, to) {
    return Array.from(this.#counts, ([second, count]) => ({ time: second * 1000, count })).filter(
      ({ time }) => time > from - 1000 && time <= to,
    );
  }
}
