/** A source of ours, and what the journal learns from it. */
import { formatDelay } from './present.js';

/**
 * @typedef {import('everysource').EventSource} EventSource
 * @typedef {import('./journal.js').Journal} Journal
 * @typedef {ReturnType<typeof import('./tap.js').tapFetch>} Tap
 */

/** The script tag's build. */
export const { everysource } = /** @type {{ everysource: typeof import('everysource') }} */ (
  /** @type {unknown} */ (globalThis)
);

/** Only listeners of its own name get a named event. A stream that makes up names without end is not followed in that. */
export const MAX_TYPES = 500;

/** Names of the class and of the demo's streams: who listens from the start misses none. */
const FIRST_TYPES = ['open', 'error', 'message', 'temperature', 'humidity', 'tick'];
/** These, and those found so far. */
export const knownTypes = new Set(FIRST_TYPES);

/** An earlier stream must leave room for the names of the next. */
function forgetTypes() {
  if (knownTypes.size < MAX_TYPES) return;
  knownTypes.clear();
  for (const type of FIRST_TYPES) knownTypes.add(type);
}

/** A connection from the press of the button to the next. */
export class Session {
  /** @type {EventSource} */
  source;
  #journal;
  #onChange;
  #isStarted = false;
  #isClosed = false;
  /** @type {((type: string) => void)[]} */
  #typeFollowers = [];

  /**
   * @param {import('./settings.js').Settings} settings
   * @param {{ journal: Journal, tap: Tap, onChange: () => void }} context
   * @throws {TypeError | DOMException} when the constructor refuses an option or the url
   */
  constructor({ url, init }, { journal, tap, onChange }) {
    this.#journal = journal;
    this.#onChange = onChange;
    forgetTypes();
    tap.follow({
      onAttempt: () => this.#follow(() => this.#noteAttempt()),
      onBytes: (count) => this.#follow(() => (journal.bytes += count)),
      onType: (type) => this.#follow(() => this.#noteType(type)),
    });
    // The first attempt begins in here.
    this.source = new everysource.EventSource(url, init);
    if (!this.#isStarted) this.#noteAttempt();
    for (const type of knownTypes) this.#listenTo(type);
  }

  close() {
    this.#follow(() => {
      this.source.close();
      this.#isClosed = true;
      if (this.#journal.state !== 'closed') this.#journal.change('closed', Date.now(), 'by you');
    });
  }

  reconnect() {
    this.source.reconnect();
  }

  /** @param {(type: string) => void} follower told of each name of events that is found */
  onType(follower) {
    this.#typeFollowers.push(follower);
  }

  /** @param {() => void} act nothing is told of a source that was closed */
  #follow(act) {
    if (this.#isClosed) return;
    act();
    this.#onChange();
  }

  #noteAttempt() {
    if (!this.#isStarted) this.#journal.begin();
    this.#isStarted = true;
    this.#journal.change('connecting', Date.now(), `attempt ${++this.#journal.attempts}`);
  }

  /** @param {string} type */
  #noteType(type) {
    if (knownTypes.has(type)) return;
    if (knownTypes.size >= MAX_TYPES) {
      this.#journal.hasMissedTypes = true;
      return;
    }
    knownTypes.add(type);
    this.#listenTo(type);
    for (const follower of this.#typeFollowers) follower(type);
  }

  /** @param {string} type */
  #listenTo(type) {
    this.source.addEventListener(type, (event) => this.#follow(() => record(event, this.#journal)));
  }
}

/**
 * A server may name its events `open` and `error`, so the class decides, not the type.
 *
 * @param {Event} event
 * @param {Journal} journal
 */
function record(event, journal) {
  const time = Date.now();
  if (event instanceof everysource.EventSourceErrorEvent) {
    const { reason, message, status, reconnecting, delay = 0, attempt } = event;
    journal.fail({ time, reason, message, status, delay: reconnecting ? delay : undefined, attempt });
  } else if (event instanceof everysource.EventSourceOpenEvent) {
    journal.change('open', time, `status ${event.status}${event.redirected ? ', redirected' : ''}`);
  } else if (event instanceof MessageEvent) {
    journal.receive({ time, type: event.type, id: event.lastEventId, data: event.data });
  }
}

/**
 * What follows from an error, in words.
 *
 * @param {number | undefined} delay
 */
export const consequence = (delay) =>
  delay === undefined ? 'Closed for good' : `Tries again after ${formatDelay(delay)}`;
