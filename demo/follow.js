/** Follows a feed of numbered events and keeps account of them: is one lost, does one come twice? */
import { EventSource, EventSourceErrorEvent, EventSourceOpenEvent } from 'everysource';

/**
 * @typedef {object} Account
 * @property {number} events
 * @property {number} lost
 * @property {number} repeated
 * @property {number} resumed how often the feed went on after a disconnect
 * @property {number} sinceResumed events since then
 * @property {boolean} isClosed
 *
 * @typedef {(kind: 'state' | 'event' | 'proof' | 'trouble', text: string) => void} Print
 */

/** The types of events that the demo's feed has. */
const types = ['message', 'temperature', 'humidity'];

/**
 * @param {string} url
 * @param {{ headers?: Record<string, string>, print: Print, onChange: () => void }} options
 * @returns {{ source: EventSource, account: Account }}
 */
export function follow(url, { headers, print, onChange }) {
  const source = new EventSource(url, { headers });
  /** @type {Account} */
  const account = { events: 0, lost: 0, repeated: 0, resumed: 0, sinceResumed: 0, isClosed: false };
  let isResuming = false;
  /** @type {number | undefined} */
  let last;
  print('state', 'CONNECTING');

  source.addEventListener('open', (event) => {
    if (event instanceof EventSourceOpenEvent)
      print('state', `OPEN: status ${event.status}, attempt ${event.attempt}`);
  });

  source.addEventListener('error', (event) => {
    if (!(event instanceof EventSourceErrorEvent)) return;
    account.isClosed = !event.reconnecting;
    isResuming = last !== undefined;
    const next = event.reconnecting ? `CONNECTING again in ${event.delay} ms` : 'CLOSED';
    print('trouble', `${event.reason}: ${event.message}`);
    print('state', `${next}, last event ID "${source.lastEventId}"`);
    onChange();
  });

  for (const type of types) {
    source.addEventListener(type, (event) => {
      const id = Number(event.lastEventId);
      count(account, id, last);
      if (isResuming) print('proof', proof(account, id, last));
      if (isResuming) [account.resumed, account.sinceResumed, isResuming] = [account.resumed + 1, 0, false];
      print('event', `#${id} ${event.type} ${event.data}`);
      last = id;
      onChange();
    });
  }
  return { source, account };
}

/**
 * @param {Account} account
 * @param {number} id
 * @param {number | undefined} last
 */
function count(account, id, last) {
  account.events++;
  account.sinceResumed++;
  if (last === undefined) return;
  if (id <= last) account.repeated++;
  account.lost += Math.max(0, id - last - 1);
}

/**
 * @param {Account} account
 * @param {number} id
 * @param {number | undefined} last
 */
function proof({ lost, repeated, events }, id, last) {
  return `resumed: #${id} follows #${last}. ${verdict({ lost, repeated })} in ${events} events`;
}

/** @param {Pick<Account, 'lost' | 'repeated'>} account */
export function verdict({ lost, repeated }) {
  if (lost + repeated === 0) return 'No event lost, none repeated';
  return `${lost} LOST, ${repeated} REPEATED`;
}
