/**
 * What a whole event stream means: slow, without chunks and limits, each sentence of the standard a line. It shares nothing with `src`,
 * not even the platform's decoder.
 *
 * Source: HTML standard, sections 9.2.5 and 9.2.6
 * https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */

/** @typedef {{ type: string, data: string, lastEventId: string }} StreamEvent */

/**
 * What came of a stream that has ended: its events, the last event ID string after them, and the reconnection time in milliseconds,
 * `undefined` if the stream did not set it. Comments are ignored by the standard; to whoever wants them, one space after the colon is
 * no part of them, as it is none of a value.
 *
 * @typedef {{ events: StreamEvent[], comments: string[], lastEventId: string, reconnectionTime: number | undefined }} Interpretation
 */

const REPLACEMENT = '\uFFFD';

/** @param {Uint8Array} body */
export const hasBom = (body) => body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf;

/**
 * "UTF-8 decode": one leading BOM is dropped, and what is no UTF-8 is replaced.
 *
 * Source: Encoding standard, section 8.1.1 https://encoding.spec.whatwg.org/#utf-8-decoder
 *
 * @param {Uint8Array} body
 */
export function decodeUtf8(body) {
  const bytes = hasBom(body) ? body.subarray(3) : body;
  let text = '';
  let codePoint = 0;
  let needed = 0;
  // What the next byte of the sequence may be.
  let lower = 0x80;
  let upper = 0xbf;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (needed > 0 && byte >= lower && byte <= upper) {
      codePoint = codePoint * 64 + byte - 0x80;
      needed--;
      if (needed === 0) text += String.fromCodePoint(codePoint);
      lower = 0x80;
      upper = 0xbf;
      continue;
    }
    // A sequence that does not go on is replaced, and this byte is looked at as if it were the first.
    if (needed > 0) text += REPLACEMENT;
    needed = 0;
    // No overlong sequences, no surrogates, nothing beyond U+10FFFF.
    lower = byte === 0xe0 ? 0xa0 : byte === 0xf0 ? 0x90 : 0x80;
    upper = byte === 0xed ? 0x9f : byte === 0xf4 ? 0x8f : 0xbf;
    if (byte <= 0x7f) text += String.fromCodePoint(byte);
    else if (byte >= 0xc2 && byte <= 0xdf) [needed, codePoint] = [1, byte - 0xc0];
    else if (byte >= 0xe0 && byte <= 0xef) [needed, codePoint] = [2, byte - 0xe0];
    else if (byte >= 0xf0 && byte <= 0xf4) [needed, codePoint] = [3, byte - 0xf0];
    else text += REPLACEMENT;
  }
  return needed > 0 ? text + REPLACEMENT : text;
}

/**
 * @param {Uint8Array} body
 * @param {string} [initialId] the last event ID string before it
 */
export const interpret = (body, initialId) => interpretText(decodeUtf8(body), initialId);

/**
 * @param {string} text
 * @param {string} [initialId]
 * @returns {Interpretation}
 */
export function interpretText(text, initialId = '') {
  /** @type {StreamEvent[]} */
  const events = [];
  /** @type {string[]} */
  const comments = [];
  let lastEventId = initialId;
  /** @type {number | undefined} */
  let reconnectionTime;
  let data = '';
  let type = '';
  let idBuffer = initialId;

  function dispatch() {
    // Set the last event ID string of the event source to the value of the last event ID buffer.
    lastEventId = idBuffer;
    // If the data buffer is an empty string, set the data buffer and the event type buffer to the empty string and return.
    if (data !== '') {
      // If the data buffer's last character is a LF, remove it. The type is the event type buffer, or message.
      events.push({ type: type === '' ? 'message' : type, data: data.slice(0, -1), lastEventId });
    }
    data = '';
    type = '';
  }

  /** @param {string} field @param {string} value */
  function processField(field, value) {
    // Field names must be compared literally, with no case folding performed.
    if (field === 'event') type = value;
    else if (field === 'data') data += `${value}\n`;
    else if (field === 'id' && !value.includes('\0')) idBuffer = value;
    else if (field === 'retry' && /^[0-9]+$/.test(value)) reconnectionTime = Number.parseInt(value, 10);
  }

  // Lines end with CRLF, LF or CR. What follows the last line end is an incomplete line, and discarded.
  const lines = text.split(/\r\n|\n|\r/).slice(0, -1);
  for (const line of lines) {
    if (line === '') dispatch();
    // A line that starts with a colon is ignored.
    else if (line.startsWith(':')) comments.push(line.replace(/^: ?/, ''));
    else if (line.includes(':')) {
      const [, field = '', value = ''] = /^([^:]*): ?(.*)$/s.exec(line) ?? [];
      processField(field, value);
    } else processField(line, '');
  }
  // Once the end of the file is reached, any pending data must be discarded.
  return { events, comments, lastEventId, reconnectionTime };
}
