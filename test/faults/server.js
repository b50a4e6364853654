/** The server of the fault lab: replays its log from `Last-Event-ID`, and does wrong what the header `x-fault` says. */
import { createServer } from 'node:http';
import { constants, createGzip } from 'node:zlib';
import { seededRandom } from '../../bench/random.js';
import { blockOf } from './log.js';

/** Of all responses. */
const headers = {
  'content-type': 'text/event-stream; charset=utf-8',
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'retry-after',
};

/**
 * @param {number} total events in the log
 * @param {() => string} elsewhere a url of another origin that leads here too
 * @param {import('node:http').RequestListener} others for requests of something else than the log
 */
export function createLog(total, elsewhere, others) {
  /** @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response */
  function respond(request, response) {
    // Whoever says that it keeps a connection may close it all the same.
    response.setHeader('connection', request.headers['x-closes'] === 'false' ? 'keep-alive' : 'close');
    response.on('finish', () => request.socket.end());
    if (request.method === 'OPTIONS') return allow(request, response);
    if (!request.url?.startsWith('/events')) return others(request, response);
    const kind = `${request.headers['x-fault']}`;
    const budget = Number(request.headers['x-events']);
    const first = Number(request.headers['last-event-id'] ?? 0) + 1;
    const last = Math.min(total, first + budget - 1);
    const text = textOf(first, last, kind);
    const answer = answers[kind] ?? (request.headers['x-packed'] === 'true' ? packed : write);
    return answer({ response, text, random: seededRandom(first), elsewhere });
  }
  return createServer({ keepAlive: false }, respond);
}

/** What a page asks before it follows a redirect to another origin. @type {import('node:http').RequestListener} */
function allow(request, response) {
  response.writeHead(204, {
    ...headers,
    'access-control-allow-headers': `${request.headers['access-control-request-headers']}`,
  });
  response.end();
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
 * @property {import('node:http').ServerResponse} response
 * @property {string} text
 * @property {() => number} random
 * @property {() => string} elsewhere
 */

/** @param {Exchange} exchange */
function write({ response, text, random }) {
  response.writeHead(200, headers);
  for (const piece of piecesOf(text, random)) response.write(piece);
  response.end();
}

/** As gzip, of which each piece is complete: what can be read goes out at once. @param {Exchange} exchange */
function packed({ response, text, random }) {
  response.writeHead(200, { ...headers, 'content-encoding': 'gzip' });
  const gzip = createGzip({ flush: constants.Z_SYNC_FLUSH });
  gzip.pipe(response);
  for (const piece of piecesOf(text, random)) gzip.write(piece);
  gzip.end();
}

/** Of any size, and ending anywhere. @param {string} text @param {() => number} random */
function* piecesOf(text, random) {
  const bytes = Buffer.from(text);
  for (let at = 0, size; at < bytes.length; at += size) {
    size = 1 + Math.floor(random() * 1500);
    yield bytes.subarray(at, at + size);
  }
}

/** No length of a chunk; and a chunk that goes on behind its length. However it is read, it says nothing. */
const framings = { missing: 'no chunk\r\n', exceeded: '3\r\n:::no end\r\n0\r\n\r\n' };

/** @type {Record<string, (exchange: Exchange) => void>} */
const answers = {
  'hang before the head'() {},
  'wrong framing'({ response, text, random }) {
    response.writeHead(200, headers).write(text);
    response.socket?.end(random() < 0.5 ? framings.missing : framings.exceeded);
  },
  'short body'({ response, text }) {
    const length = Buffer.byteLength(text) + 1000;
    response.writeHead(200, { ...headers, 'content-length': length }).write(text);
    response.socket?.end();
  },
  'status 429'({ response, random }) {
    // In seconds, or as a date, which knows no parts of a second.
    const wait = random() < 0.5 ? '1' : new Date(Date.now() + 2000).toUTCString();
    response.writeHead(429, { ...headers, 'retry-after': wait }).end();
  },
  'status 5xx'({ response, random }) {
    const status = [500, 502, 503, 504][Math.floor(random() * 4)] ?? 500;
    response.writeHead(status, headers).end('try again');
  },
  redirect: ({ response }) => response.writeHead(307, { ...headers, location: '/events?again' }).end(),
  'redirect to another origin': ({ response, elsewhere }) =>
    response.writeHead(307, { ...headers, location: elsewhere() }).end(),
};
