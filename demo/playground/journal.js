/** All that the page knows of a connection, in bounded memory, whatever comes and whether or not anybody looks. */
import { History, Rate } from './history.js';

/**
 * @typedef {import('./history.js').State} State
 *
 * @typedef {object} ReceivedEvent
 * @property {number} number from 1, in the order of arrival
 * @property {number} time
 * @property {string} type
 * @property {string} id
 * @property {string} data
 *
 * @typedef {object} ReceivedError
 * @property {number} number
 * @property {number} time
 * @property {string} reason
 * @property {string} message
 * @property {number | undefined} status
 * @property {number | undefined} delay milliseconds to the next attempt, `undefined` if there is none
 * @property {number} attempt
 */

/**
 * The newest items, limited by their number and by what they cost together; the newest one always stays.
 *
 * @template Item
 */
export class BoundedList {
  /** @type {(Item | undefined)[]} */
  #ring;
  #oldest = 0;
  #length = 0;
  #cost = 0;
  #dropped = 0;
  #maxCost;
  #costOf;

  /**
   * @param {number} limit
   * @param {number} [maxCost]
   * @param {(item: Item) => number} [costOf]
   */
  constructor(limit, maxCost = Infinity, costOf = () => 0) {
    this.#ring = Array.from({ length: limit });
    this.#maxCost = maxCost;
    this.#costOf = costOf;
  }

  get length() {
    return this.#length;
  }

  /** How many have been here and are no longer. */
  get dropped() {
    return this.#dropped;
  }

  /** @param {Item} item */
  push(item) {
    if (this.#length === this.#ring.length) this.#dropOldest();
    this.#ring[(this.#oldest + this.#length) % this.#ring.length] = item;
    this.#length++;
    this.#cost += this.#costOf(item);
    while (this.#cost > this.#maxCost && this.#length > 1) this.#dropOldest();
  }

  #dropOldest() {
    const item = /** @type {Item} */ (this.#ring[this.#oldest]);
    this.#ring[this.#oldest] = undefined;
    this.#oldest = (this.#oldest + 1) % this.#ring.length;
    this.#length--;
    this.#cost -= this.#costOf(item);
    this.#dropped++;
  }

  /** @returns {Item[]} */
  newestFirst() {
    return Array.from({ length: this.#length }, (_, age) => {
      const index = (this.#oldest + this.#length - 1 - age) % this.#ring.length;
      return /** @type {Item} */ (this.#ring[index]);
    });
  }
}

/** How many events are kept, and how many characters they may have together. */
export const KEPT_EVENTS = 1000;
const KEPT_CHARACTERS = 16 * 1024 * 1024;
const KEPT_ERRORS = 100;

const eventList = () =>
  /** @type {BoundedList<ReceivedEvent>} */ (
    new BoundedList(
      KEPT_EVENTS,
      KEPT_CHARACTERS,
      ({ type, id, data }) => type.length + id.length + data.length,
    )
  );
const errorList = () => /** @type {BoundedList<ReceivedError>} */ (new BoundedList(KEPT_ERRORS));

export class Journal {
  history = new History();
  rate = new Rate();
  events = eventList();
  errors = errorList();
  /** @type {State} */
  state = 'idle';
  /** When the next attempt is due, while waiting. */
  due = 0;
  eventCount = 0;
  errorCount = 0;
  bytes = 0;
  attempts = 0;
  /** Whether the stream had so many names that events of later ones are neither counted nor shown. */
  hasMissedTypes = false;

  /** A new source: what is counted begins anew, the picture goes on. */
  begin() {
    this.clearEvents();
    this.errors = errorList();
    this.eventCount = this.errorCount = this.bytes = this.attempts = 0;
    this.hasMissedTypes = false;
  }

  /** Forgets the events, not their number. */
  clearEvents() {
    this.events = eventList();
  }

  /**
   * @param {State} state
   * @param {number} time
   * @param {string} note
   */
  change(state, time, note) {
    this.state = state;
    this.history.add({ state, time, note });
  }

  /** @param {Omit<ReceivedEvent, 'number'>} event */
  receive({ time, type, id, data }) {
    this.rate.add(time);
    this.events.push({ number: ++this.eventCount, time, type, id, data });
  }

  /** @param {Omit<ReceivedError, 'number'>} error */
  fail(error) {
    const { time, reason, delay } = error;
    this.errors.push({ number: ++this.errorCount, ...error });
    this.due = time + (delay ?? 0);
    this.state = delay === undefined ? 'closed' : 'waiting';
    this.history.add({ state: this.state, time, note: reason, isError: true });
  }
}
