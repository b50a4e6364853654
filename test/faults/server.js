/** The server of the fault lab: replays its log from `Last-Event-ID`, and does wrong what the header `x-fault` says. */
import { createServer } from 'node:http';
import { createGzip } from 'node:zlib';
import { blockOf } from './log.js';

const headers = { 'content-type': 'text/event-stream; charset=utf-8', connection: 'close' };

/**
 * @param {number} total events in the log
 * @param {() => string} elsewhere a url of another origin that leads here too
 */
export function createLog(total, elsewhere) {
  /** @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response */
  function respond(request, response) {
    const kind = `${request.headers['x-fault']}`;
    const budget = Number(request.headers['x-events']);
    const first = Number(request.headers['last-event-id'] ?? 0) + 1;
    const last = Math.min(total, first + budget - 1);
    const text = textOf(first, last, kind);
    const answer = answers[kind];
    if (answer === undefined) response.writeHead(200, headers).end(text);
    else answer({ request, response, text, elsewhere });
  }
  return createServer({ keepAlive: false }, respond);
}

/** @param {number} first @param {number} last @param {string} kind */
function textOf(first, last, kind) {
  const blocks = [];
  for (let id = first; id <= last; id++)
    blocks.push(blockOf(id), kind === 'more empty lines' ? '\n\r\n\n' : '');
  const text = blocks.join('');
  if (kind !== 'unfinished event') return text;
  // Of the last one, the empty line is missing, whatever its line ends are.
  return text.replace(/(?:\r\n|\n|\r)$/, '');
}

/**
 * @typedef {object} Exchange
 * @property {import('node:http').IncomingMessage} request
 * @property {import('node:http').ServerResponse} response
 * @property {string} text
 * @property {() => string} elsewhere
 */

/** @type {Record<string, (exchange: Exchange) => void>} */
const answers = {
  'hang before the head'() {},
  'wrong framing'({ response, text }) {
    response.writeHead(200, headers).write(text);
    response.socket?.end('no chunk\r\n');
  },
  'short body'({ response, text }) {
    const length = Buffer.byteLength(text) + 1000;
    response.writeHead(200, { ...headers, 'content-length': length }).write(text);
    response.socket?.end();
  },
  'status 429': ({ response }) => response.writeHead(429, { 'retry-after': '0', connection: 'close' }).end(),
  'status 503': ({ response }) => response.writeHead(503, { connection: 'close' }).end('try again'),
  redirect: ({ response }) => response.writeHead(307, { location: '/again', connection: 'close' }).end(),
  'redirect to another origin': ({ response, elsewhere }) =>
    response.writeHead(307, { location: elsewhere(), connection: 'close' }).end(),
  gzip({ response, text }) {
    response.writeHead(200, { ...headers, 'content-encoding': 'gzip' });
    const gzip = createGzip();
    gzip.pipe(response);
    gzip.end(text);
  },
};
