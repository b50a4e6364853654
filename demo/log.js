/**
 * An endless log of numbered events, of which the newest are kept, so that a client can resume.
 *
 * @typedef {{ id: number, type: string, data: string }} Entry
 */

const KEPT = 10_000;

export class EventLog {
  /** @type {Entry[]} */
  #entries = [];
  /** @type {Set<() => void>} */
  #listeners = new Set();
  #lastId = 0;

  get lastId() {
    return this.#lastId;
  }

  /** Appends the next entry and tells everybody who reads along. */
  append() {
    this.#entries.push(measure(++this.#lastId));
    if (this.#entries.length > KEPT) this.#entries.shift();
    for (const listener of this.#listeners) listener();
  }

  /**
   * The first entry that is kept after an id.
   *
   * @param {number} id
   * @returns {Entry | undefined}
   */
  after(id) {
    const oldest = this.#lastId - this.#entries.length;
    return this.#entries[Math.max(id, oldest) - oldest];
  }

  /**
   * @param {() => void} listener called after each entry
   * @returns {() => void} ends that
   */
  listen(listener) {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}

/**
 * What a small weather station reports. Every third entry has no type of its own and is a plain `message`.
 *
 * @param {number} id
 * @returns {Entry}
 */
function measure(id) {
  const wave = Math.sin(id / 10);
  if (id % 3 === 1)
    return { id, type: 'temperature', data: JSON.stringify({ celsius: round(18 + 6 * wave) }) };
  if (id % 3 === 2) return { id, type: 'humidity', data: JSON.stringify({ percent: round(60 - 15 * wave) }) };
  return { id, type: 'message', data: `${id} measurements so far` };
}

/** @param {number} value */
const round = (value) => Math.round(value * 10) / 10;
