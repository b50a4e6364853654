/** What hostile servers send: pieces of HTTP and of event streams. */
import { gzipSync } from 'node:zlib';

export const KIB = 1024;
export const MIB = 1024 * 1024;
/** `maxBufferSize` unless it is given. */
export const DEFAULT_LIMIT = 64 * MIB;

/** Of what is sent without an end, CI lets less be sent: what has to hold is the same. */
const share = Number(process.env['HOSTILE_SHARE'] ?? 1);

/**
 * How much of it is sent, or how often, at most: nobody who holds the limits takes it all. What a scenario may cost shrinks with it;
 * where the fault would be too small to be seen then, it is not shrunk.
 */
export const much = (/** @type {number} */ amount) => Math.ceil(amount * share);

/** As good as without an end, where 1 MiB is the limit. Bytes. */
export const FLOOD = much(64 * MIB);

/** The event that tells a client to close: what came before it did no harm. */
export const END = '\n\nevent: end\ndata: end\n\n';

const utf8 = new TextEncoder();
export const bytes = (/** @type {string} */ text) => utf8.encode(text);

/**
 * The head of a response; its body ends with the connection.
 *
 * @param {string[]} headers
 */
export function head(headers = [], status = '200 OK', type = 'text/event-stream') {
  return [`HTTP/1.1 ${status}`, `content-type: ${type}`, 'connection: close', ...headers, '', ''].join(
    '\r\n',
  );
}

/**
 * A text again and again, in pieces of 64 KiB or of one text.
 *
 * @param {string} text
 * @param {number} length in bytes, of all
 */
export function* repeat(text, length) {
  const unit = bytes(text);
  const piece = bytes(text.repeat(Math.max(1, Math.floor((64 * KIB) / unit.length))));
  let sent = 0;
  for (; sent + piece.length <= length; sent += piece.length) yield piece;
  if (sent < length) yield piece.subarray(0, Math.ceil((length - sent) / unit.length) * unit.length);
}

/**
 * A body in chunks of HTTP of so many bytes each, whatever the text.
 *
 * @param {string} text
 * @param {number} length
 */
export function chunked(text, length) {
  const chunks = [];
  for (let at = 0; at < text.length; at += length) {
    const part = text.slice(at, at + length);
    chunks.push(`${part.length.toString(16)}\r\n${part}\r\n`);
  }
  return chunks.join('');
}

/**
 * A bomb: for each 16 KiB of it a client has 16 MiB to read. gzip may be made of many parts.
 *
 * @param {string} text
 * @param {number} length in bytes, of all that comes out
 */
export function* gzipped(text, length) {
  const part = gzipSync(text.repeat((16 * MIB) / text.length));
  for (let sent = 0; sent < length; sent += 16 * MIB) yield part;
}

export const gzip = (/** @type {string} */ text) => gzipSync(text);
