/** The live list of events: newest first, filtered, never more rows than a reader could want. */
import { byId, copyOf, setText, within } from './elements.js';
import { beginning, formatNumber, formatTime, pretty } from './present.js';
import { showRows } from './readouts.js';
import { MAX_TYPES } from './session.js';

/**
 * @typedef {import('./journal.js').ReceivedEvent} ReceivedEvent
 * @typedef {import('./journal.js').Journal} Journal
 */

const SHOWN = 100;
/** Longer data is indented only when it is asked for. */
const PRETTY_AT_ONCE = 20_000;

const list = byId('events', HTMLElement);
const note = byId('events-note', HTMLElement);
const filterNote = byId('filter-note', HTMLElement);
const filter = byId('filter', HTMLInputElement);
const pause = byId('pause', HTMLButtonElement);

/** @type {WeakMap<ReceivedEvent, Element>} */
let rows = new WeakMap();
/** What is shown while it stands still. @type {{ events: ReceivedEvent[], count: number } | undefined} */
let frozen;

/**
 * @param {Journal} journal
 * @param {() => void} onChange
 */
export function initEventList(journal, onChange) {
  filter.addEventListener('input', onChange);
  pause.addEventListener('click', () => {
    frozen =
      frozen === undefined ? { events: journal.events.newestFirst(), count: journal.eventCount } : undefined;
    pause.setAttribute('aria-pressed', `${frozen !== undefined}`);
    onChange();
  });
  byId('clear', HTMLButtonElement).addEventListener('click', () => {
    journal.clearEvents();
    forgetEvents(journal);
    onChange();
  });
}

/**
 * A list that stands still goes on standing still, but has nothing to show.
 *
 * @param {Journal} journal
 */
export function forgetEvents({ eventCount }) {
  if (frozen !== undefined) frozen = { events: [], count: eventCount };
  rows = new WeakMap();
}

/** @param {Journal} journal */
export function showEvents(journal) {
  const kept = frozen?.events ?? journal.events.newestFirst();
  const wanted = filter.value.trim().toLowerCase();
  const matching = wanted === '' ? kept : kept.filter((event) => isMatch(event, wanted));
  const shown = matching.slice(0, SHOWN);
  showRows(list, shown, rows, buildRow);
  setText(
    filterNote,
    wanted === '' ? '' : `${formatNumber(matching.length)} of ${formatNumber(kept.length)} match`,
  );
  setText(note, noteOn(journal, kept.length, shown.length, matching.length));
}

/**
 * @param {Journal} journal
 * @param {number} kept
 * @param {number} shown
 * @param {number} matching
 */
function noteOn({ events, eventCount, hasMissedTypes }, kept, shown, matching) {
  if (eventCount === 0) return 'Nothing yet. Events appear here as they come, the newest first.';
  const parts = [`${formatNumber(kept)} kept`];
  if (shown < matching) parts.push(`the newest ${shown} shown`);
  if (events.dropped > 0) parts.push(`${formatNumber(events.dropped)} older events are no longer kept`);
  if (hasMissedTypes)
    parts.push(`only the first ${MAX_TYPES} names are followed: events of later ones are missing`);
  if (frozen !== undefined) parts.push(`${formatNumber(eventCount - frozen.count)} new since the pause`);
  return parts.join(' · ');
}

/** The answer for the latest filter, as the same events are asked about in every frame. @type {WeakMap<ReceivedEvent, { wanted: string, answer: boolean }>} */
const answers = new WeakMap();

/**
 * @param {ReceivedEvent} event
 * @param {string} wanted in lower case
 */
function isMatch(event, wanted) {
  const known = answers.get(event);
  if (known?.wanted === wanted) return known.answer;
  const answer = [event.type, event.id, event.data].some((text) => text.toLowerCase().includes(wanted));
  answers.set(event, { wanted, answer });
  return answer;
}

/** @param {ReceivedEvent} event */
function buildRow({ type, id, time, data }) {
  const row = copyOf('event-row');
  within(row, '.type').textContent = type;
  within(row, '.id').textContent = id;
  within(row, '.id').hidden = id === '';
  within(row, 'time').textContent = formatTime(time);
  const isLong = data.length > PRETTY_AT_ONCE;
  const text = isLong ? data : pretty(data);
  const start = beginning(text);
  const body = within(row, '.data');
  body.textContent = start === text ? text : `${start}…`;
  if (start === text) return row;
  const more = within(row, '.more');
  more.hidden = false;
  setMore(more, false, data.length);
  more.addEventListener('click', () => {
    const isWhole = more.getAttribute('aria-expanded') === 'false';
    body.textContent = isWhole ? pretty(data) : `${start}…`;
    setMore(more, isWhole, data.length);
  });
  return row;
}

/**
 * @param {HTMLElement} button
 * @param {boolean} isWhole
 * @param {number} length
 */
function setMore(button, isWhole, length) {
  button.setAttribute('aria-expanded', `${isWhole}`);
  button.textContent = isWhole ? 'Show less' : `Show all ${formatNumber(length)} characters`;
}
