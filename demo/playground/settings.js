/** From what was typed to the arguments of the constructor. */

/** Trouble with a header line; the library never sees the rest. */
export class HeaderLineError extends TypeError {
  /**
   * @param {number} line from 1
   * @param {string} sentence
   */
  constructor(line, sentence) {
    super(`Headers, line ${line}: ${sentence}`);
    this.line = line;
  }
}

/** What `fetch` drops in silence when a page gives it: https://fetch.spec.whatwg.org/#forbidden-request-header */
const forbidden = new Set(
  (
    'accept-charset accept-encoding access-control-request-headers access-control-request-method connection ' +
    'content-length cookie cookie2 date dnt expect host keep-alive origin referer set-cookie te trailer ' +
    'transfer-encoding upgrade via'
  ).split(' '),
);

/**
 * Headers, one `Name: value` a line. Empty lines do not count.
 *
 * @param {string} text
 * @returns {[name: string, value: string][]}
 * @throws {HeaderLineError}
 */
export function parseHeaders(text) {
  /** @type {[string, string][]} */
  const headers = [];
  for (const [index, line] of text.split(/\r\n|\r|\n/).entries()) {
    if (line.trim() !== '') headers.push(parseHeader(line, index + 1));
  }
  return headers;
}

/**
 * @param {string} line
 * @param {number} number
 * @returns {[string, string]}
 */
function parseHeader(line, number) {
  const colon = line.indexOf(':');
  if (colon === -1) throw new HeaderLineError(number, 'expected “Name: value”, but there is no colon.');
  const name = line.slice(0, colon).trim();
  const value = line.slice(colon + 1).trim();
  if (!/^[!#$%&'*+\-.^`|~\w]+$/.test(name))
    throw new HeaderLineError(number, `“${name}” cannot be the name of a header.`);
  if (forbidden.has(name.toLowerCase()) || /^(?:proxy|sec)-/i.test(name))
    throw new HeaderLineError(number, `browsers let no page set “${name}”, and would drop it in silence.`);
  if (!/^[\t\x20-\x7E\x80-\xFF]*$/.test(value))
    throw new HeaderLineError(number, `the value of “${name}” has a character that no header can carry.`);
  return [name, value];
}

/**
 * @typedef {object} Settings
 * @property {string} url
 * @property {import('everysource').EventSourceInit} init
 */

/**
 * What is left empty is left out, so that the library's defaults hold; what is wrong is left for the constructor to refuse.
 *
 * @param {FormData} form
 * @returns {Settings}
 * @throws {HeaderLineError}
 */
export function readSettings(form) {
  /** @param {string} name */
  const text = (name) => {
    const value = form.get(name);
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  /** @param {string} name */
  const number = (name) => {
    const value = text(name)?.trim();
    return value === undefined || value === '' ? undefined : Number(value);
  };
  const url = text('url')?.trim() ?? '';
  if (url === '') throw new TypeError('Give the address of a stream first.');
  const headers = parseHeaders(text('headers') ?? '');
  const init = {
    withCredentials: form.has('withCredentials'),
    headers: headers.length === 0 ? undefined : headers,
    method: text('method'),
    body: text('body'),
    lastEventId: text('lastEventId'),
    lastEventIdParameter: text('lastEventIdParameter'),
    reconnectionTime: number('reconnectionTime'),
    idleTimeout: number('idleTimeout'),
    connectTimeout: number('connectTimeout'),
    maxBufferSize: number('maxBufferSize'),
    redirect: text('redirect') === 'error' ? /** @type {const} */ ('error') : undefined,
    reconnection: form.has('reconnects') && {
      statuses: readStatuses(text('statuses')?.trim()),
      maxAttempts: number('maxAttempts'),
      maxDelay: number('maxDelay'),
      spread: number('spread'),
      afterEnd: form.has('afterEnd'),
      resend: form.has('resend'),
    },
  };
  return { url, init };
}

/**
 * @param {string | undefined} text
 * @returns {'transient' | number[] | undefined}
 */
function readStatuses(text) {
  if (text === undefined || text === '') return undefined;
  return text === 'transient' ? text : text.split(/[\s,]+/).map(Number);
}
