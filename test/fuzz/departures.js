/**
 * Where browsers are known to depart from the standard: each acts as if another text had come, which the reference can interpret. So
 * nothing but the exact case is forgiven.
 */
import { decodeUtf8, hasBom, interpretText } from './reference.js';

/** Stands for a NUL in an id, which the reference would not take. */
const TAKEN_NUL = '\u{FDEAD}';

/** A text, line by line: what is in it, without its line end. @param {string} text @param {(line: string) => string} change */
const eachLine = (text, change) =>
  text
    .split(/(\r\n|\n|\r)/)
    .map((part, index) => (index % 2 === 0 ? change(part) : part))
    .join('');

/** Firefox forgets to clear the name `id`, and the name of the next field is appended to it. @param {string} text */
function withFieldsAfterIdsWithNul(text) {
  let left = '';
  return eachLine(text, (given) => {
    if (given.startsWith(':')) return given;
    // The end of a block clears it after all.
    const line = given === '' ? '' : left + given;
    left = '';
    // A NUL right after the colon is another matter.
    if (!line.startsWith('id:') || !line.slice('id: '.length).includes('\0')) return line;
    left = 'id';
    return ':';
  });
}

/** @param {string} line @param {string} name */
const isField = (line, name) => line === name || line.startsWith(`${name}:`);

/** @param {string} text */
function withoutIdsOfBlocksWithoutData(text) {
  /** @type {string[]} */
  const rewritten = [];
  let from = 0;
  for (const [index, line] of text.split(/(\r\n|\n|\r)/).entries()) {
    rewritten.push(line);
    if (line !== '') continue;
    const block = rewritten.slice(from);
    if (!block.some((part) => isField(part, 'data'))) {
      rewritten.splice(from, index, ...block.map((part) => (isField(part, 'id') ? ':' : part)));
    }
    from = index + 1;
  }
  return rewritten.join('');
}

/** @type {{ browser: string, seen: string, name: string, rewrite: (text: string, hasBom: boolean) => string }[]} */
export const departures = [
  {
    browser: 'chromium',
    seen: '156.0.8078.79',
    name: 'the line end right after a byte order mark is no line end, but part of the next line',
    rewrite: (text, hasMark) => (hasMark ? text.replace(/^[\r\n]/, ':') : text),
  },
  {
    browser: 'firefox',
    seen: '153.7.0',
    name: 'NULs at the beginning of a line, after a LF, are skipped',
    rewrite: (text) => text.replaceAll(/(?<=\n)\0+/g, ''),
  },
  {
    browser: 'firefox',
    seen: '153.7.0',
    name: 'the field after an id with a NUL has "id" before its name',
    rewrite: withFieldsAfterIdsWithNul,
  },
  {
    browser: 'firefox',
    seen: '153.7.0',
    name: 'an id with a NUL right after its colon is taken',
    rewrite: (text) => eachLine(text, (line) => line.replace(/^id:\0/, `id:${TAKEN_NUL}`)),
  },
  {
    browser: 'firefox',
    seen: '153.7.0',
    name: 'NULs of a value are dropped, but for one right after the colon',
    rewrite: (text) =>
      eachLine(text, (line) =>
        line.replace(/^([^:]+:.?)(.*)$/s, (_, start, rest) => start + rest.replaceAll('\0', '')),
      ),
  },
  {
    browser: 'firefox',
    seen: '153.7.0',
    name: 'an id in a block without data is forgotten',
    rewrite: withoutIdsOfBlocksWithoutData,
  },
];

/** @param {Uint8Array} body @param {typeof departures} known */
function eventsWith(body, known) {
  const hasMark = hasBom(body);
  const text = known.reduce((before, { rewrite }) => rewrite(before, hasMark), decodeUtf8(body));
  return interpretText(text).events.map((event) => ({
    ...event,
    lastEventId: event.lastEventId.replace(TAKEN_NUL, '\0'),
  }));
}

/**
 * The events of a stream in a browser, and the names of the departures without which there would be others.
 *
 * @param {string} browser
 * @param {Uint8Array} body
 */
export function eventsIn(browser, body) {
  const known = departures.filter((departure) => departure.browser === browser);
  const events = eventsWith(body, known);
  const makesDifference = (/** @type {typeof departures[number]} */ departure) => {
    const others = known.filter((other) => other !== departure);
    return JSON.stringify(eventsWith(body, others)) !== JSON.stringify(events);
  };
  return { events, names: () => known.filter(makesDifference).map(({ name }) => name) };
}
