/** The browser's own class on the same url, to compare. */
import { everysource } from './session.js';

/**
 * @typedef {object} NativeAccount
 * @property {number} readyState
 * @property {number} events
 * @property {number} errors
 * @property {string} lastEventId
 *
 * @typedef {object} NativeRun
 * @property {NativeAccount} account
 * @property {(type: string) => void} listenTo
 * @property {() => void} close
 */

/** Where there is none, the script tag has put ours in its place. */
export const hasNative = globalThis.EventSource !== everysource.EventSource;

/**
 * @param {string} url
 * @param {{ withCredentials: boolean, types: Iterable<string>, onChange: () => void }} options
 * @returns {NativeRun}
 * @throws {DOMException} when the url is refused
 */
export function runNative(url, { withCredentials, types, onChange }) {
  const source = new globalThis.EventSource(url, { withCredentials });
  /** @type {NativeAccount} */
  const account = { readyState: source.readyState, events: 0, errors: 0, lastEventId: '' };
  /** @param {Event} event */
  const onEvent = (event) => {
    account.readyState = source.readyState;
    if (event instanceof MessageEvent) {
      account.events++;
      account.lastEventId = event.lastEventId;
    } else if (event.type === 'error') account.errors++;
    onChange();
  };
  for (const type of types) source.addEventListener(type, onEvent);
  return {
    account,
    listenTo: (type) => source.addEventListener(type, onEvent),
    close: () => {
      source.close();
      account.readyState = source.readyState;
    },
  };
}
