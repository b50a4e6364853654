/** State, figures, errors, state changes, and the comparison: what the page says about the connection. */
import { byId, copyOf, setText, within } from './elements.js';
import { formatBytes, formatDelay, formatNumber, formatTime } from './present.js';
import { consequence } from './session.js';

/** @typedef {import('./journal.js').Journal} Journal */

export const stateNames = {
  idle: 'Not connected',
  connecting: 'Connecting',
  open: 'Open',
  waiting: 'Waiting',
  closed: 'Closed',
};

const SHOWN_CHANGES = 60;

const state = byId('state', HTMLElement);
const stateText = byId('state-text', HTMLElement);
const stateShape = within(state, 'use');
const countdown = byId('countdown', HTMLElement);
const lastError = byId('last-error', HTMLElement);
const figures = {
  events: byId('figure-events', HTMLElement),
  rate: byId('figure-rate', HTMLElement),
  bytes: byId('figure-bytes', HTMLElement),
  attempts: byId('figure-attempts', HTMLElement),
  lastEventId: byId('figure-last-event-id', HTMLElement),
};

/**
 * @param {Journal} journal
 * @param {string} lastEventId
 * @param {number} now
 */
export function showState(journal, lastEventId, now) {
  const last = journal.errors.newestFirst()[0];
  const reason = journal.state === 'closed' && last?.delay === undefined ? last?.reason : undefined;
  setText(stateText, stateNames[journal.state] + (reason === undefined ? '' : `: ${reason}`));
  if (state.dataset.state !== journal.state) {
    state.dataset.state = journal.state;
    stateShape.setAttribute('href', `#shape-${journal.state}`);
  }
  setText(countdown, journal.state === 'waiting' ? `next attempt in ${formatDelay(journal.due - now)}` : '');
  lastError.hidden = last === undefined;
  lastError.dataset.isFatal = `${last !== undefined && last.delay === undefined}`;
  setText(lastError, last === undefined ? '' : `Last error: ${last.message}`);
  setText(figures.events, formatNumber(journal.eventCount));
  // The last second may have begun with an earlier source.
  setText(figures.rate, formatNumber(Math.min(journal.eventCount, journal.rate.perSecond(now))));
  setText(figures.bytes, formatBytes(journal.bytes));
  setText(figures.attempts, formatNumber(journal.attempts));
  setText(figures.lastEventId, lastEventId === '' ? 'none' : lastEventId);
}

/**
 * Gives a list one row per item, the newest first. Rows that are there already stay, and so do focus and selection in them.
 *
 * @template {object} Item
 * @param {Element} list
 * @param {Item[]} items newest first
 * @param {WeakMap<Item, Element>} rows
 * @param {(item: Item) => Element} build
 */
export function showRows(list, items, rows, build) {
  const wanted = items.map((item) => {
    const row = rows.get(item) ?? build(item);
    rows.set(item, row);
    return row;
  });
  const kept = new Set(wanted);
  for (const row of Array.from(list.children)) if (!kept.has(row)) row.remove();
  let next = list.firstElementChild;
  for (const row of wanted) {
    if (row === next) next = next.nextElementSibling;
    else list.insertBefore(row, next);
  }
}

const errorList = byId('errors', HTMLElement);
const errorNote = byId('errors-note', HTMLElement);
/** @type {WeakMap<import('./journal.js').ReceivedError, Element>} */
const errorRows = new WeakMap();

/** @param {Journal} journal */
export function showErrors({ errors, errorCount }) {
  const dropped = errors.dropped === 0 ? '' : ` · ${formatNumber(errors.dropped)} older no longer kept`;
  setText(errorNote, errorCount === 0 ? 'None so far.' : `${formatNumber(errorCount)} so far${dropped}`);
  showRows(
    errorList,
    errors.newestFirst(),
    errorRows,
    ({ time, reason, message, status, delay, attempt }) => {
      const row = copyOf('error-row');
      row.dataset.isFatal = `${delay === undefined}`;
      within(row, '.reason').textContent = reason;
      within(row, '.status').textContent = status === undefined ? '' : `status ${status}`;
      within(row, '.attempt').textContent = `attempt ${attempt}`;
      within(row, 'time').textContent = formatTime(time);
      within(row, '.message').textContent = message;
      within(row, '.next').textContent = consequence(delay);
      return row;
    },
  );
}

const changeList = byId('changes', HTMLElement);
/** @type {WeakMap<import('./history.js').Change, Element>} */
const changeRows = new WeakMap();

/** @param {Journal} journal */
export function showChanges({ history }) {
  showRows(changeList, history.newestFirst(SHOWN_CHANGES), changeRows, (change) => {
    const row = copyOf('change-row');
    row.dataset.state = change.state;
    within(row, 'time').textContent = formatTime(change.time);
    within(row, '.name').textContent = stateNames[change.state];
    within(row, '.note').textContent = change.note;
    within(row, 'use').setAttribute('href', `#shape-${change.state}`);
    return row;
  });
}

const nativeStates = ['Connecting or waiting', 'Open', 'Closed'];
const comparison = byId('comparison', HTMLElement);

/**
 * @param {Journal} journal
 * @param {string} lastEventId
 * @param {import('./native.js').NativeAccount | undefined} account of the browser's own source
 */
export function showComparison(journal, lastEventId, account) {
  const last = journal.errors.newestFirst()[0];
  /** @type {Record<string, [ours: string, native: string | undefined]>} */
  const rows = {
    state: [stateNames[journal.state], account && nativeStates[account.readyState]],
    events: [formatNumber(journal.eventCount), account && formatNumber(account.events)],
    errors: [formatNumber(journal.errorCount), account && formatNumber(account.errors)],
    id: [lastEventId || 'none', account && (account.lastEventId || 'none')],
    reason: [last?.reason ?? 'no error yet', account && (account.errors > 0 ? 'not told' : 'no error yet')],
  };
  for (const [name, [ours, native]] of Object.entries(rows)) {
    const [first, second] = within(comparison, `[data-row=${name}]`).querySelectorAll('td');
    if (first !== undefined) setText(first, ours);
    if (second !== undefined) setText(second, native ?? 'not running');
  }
}
