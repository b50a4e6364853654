/** How things are written on the page. */

/** Beyond this, indenting would take more room than the data. */
const MAX_DEPTH = 50;
/** Beyond this, nobody reads it, and the browser would be busy for long. */
const MAX_LENGTH = 1_000_000;

/**
 * An object or an array in JSON, indented; anything else as it is. Every token stays as it came: `JSON.stringify` would round long
 * numbers and drop doubled names.
 *
 * @param {string} data
 */
export function pretty(data) {
  if (data.length > MAX_LENGTH || !/^\s*[[{]/.test(data) || !isJson(data)) return data;
  let depth = 0;
  let text = '';
  /** @param {number} step */
  const newLine = (step) => `\n${'  '.repeat((depth += step))}`;
  const tokens = data.match(/"[^"\\]*(?:\\.[^"\\]*)*"|[^\s"[\]{},:]+|[[{]\s*[\]}]|[[\]{},:]/g) ?? [];
  for (const token of tokens) {
    if (token === '{' || token === '[') text += token + newLine(1);
    else if (token === '}' || token === ']') text += newLine(-1) + token;
    else if (token === ',') text += token + newLine(0);
    else if (token === ':') text += ': ';
    else text += /^[[{]/.test(token) ? token.replaceAll(/\s/g, '') : token;
    if (depth > MAX_DEPTH) return data;
  }
  return text;
}

/** @param {string} text */
function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false; // the answer, not an error
  }
}

/** What a row shows at first. */
const MAX_CHARACTERS = 600;
const MAX_LINES = 8;

/**
 * The beginning of a long text, or the whole of a short one.
 *
 * @param {string} text
 */
export function beginning(text) {
  const lines = text.slice(0, MAX_CHARACTERS).split('\n', MAX_LINES);
  return lines.join('\n').replace(/[\uD800-\uDBFF]$/, '');
}

const numbers = new Intl.NumberFormat('en');
/** @param {number} value */
export const formatNumber = (value) => numbers.format(value);

const units = ['B', 'kB', 'MB', 'GB', 'TB'];
/** @param {number} bytes */
export function formatBytes(bytes) {
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const value = bytes / 1000 ** power;
  return `${power === 0 ? value : value.toFixed(value < 100 ? 2 : 1)} ${units[power]}`;
}

/** @param {number} milliseconds */
export function formatDelay(milliseconds) {
  const seconds = Math.max(0, milliseconds) / 1000;
  return seconds < 60
    ? `${seconds.toFixed(1)} s`
    : `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
}

/**
 * Time of the day where the reader is, with milliseconds.
 *
 * @param {number} time
 */
export function formatTime(time) {
  const date = new Date(time);
  const [hours, minutes, seconds] = [date.getHours(), date.getMinutes(), date.getSeconds()].map((value) =>
    `${value}`.padStart(2, '0'),
  );
  return `${hours}:${minutes}:${seconds}.${`${date.getMilliseconds()}`.padStart(3, '0')}`;
}
