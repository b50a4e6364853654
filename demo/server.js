/** The server of the demo: its streams, the playground, and a text that tells of them. */
import { createServer } from 'node:http';
import { pipeline, Readable } from 'node:stream';
import { sendFile } from './files.js';
import { EventLog } from './log.js';
import { handleModels } from './models.js';

/**
 * @typedef {import('node:http').IncomingMessage} Request
 * @typedef {import('node:http').ServerResponse} Response
 * @typedef {{ interval?: number, eventsPerConnection?: number, second?: number, token?: string }} Options
 */

const stream = { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' };
const cors = {
  'access-control-allow-origin': '*',
  'access-control-allow-headers':
    'authorization, content-type, last-event-id, x-api-key, anthropic-version, mcp-protocol-version, mcp-method, mcp-name',
};

const index = `everysource demo

/         the playground, for browsers; this text for others
/sse      ten messages, one a second, then the response ends
/feed     an endless log: named events, ids, resumable, cut off every few seconds
/private  the same behind "Authorization: Bearer TOKEN"
/chat     the answer to a POST, word by word
/burst    ?count=100000 small events, named tick and message in turn, as fast as they are taken, then the end

POST /v1/chat/completions, /v1/responses, /v1/messages and /mcp answer as the APIs of language models and tools do
`;

/**
 * @param {Options} [options] `interval`: milliseconds between two events of the log, default 250;
 *   `eventsPerConnection`: how many a response carries before it is cut off, default 20; `second`: milliseconds
 *   between two messages of `/sse`, default 1000; `token`: what `/private` wants, default `let-me-in`
 * @returns {import('node:http').Server}
 */
export function createDemoServer(options = {}) {
  const { interval = 250, eventsPerConnection = 20, second = 1000, token = 'let-me-in' } = options;
  const log = new EventLog();
  const timer = setInterval(() => log.append(), interval);
  let responses = 0;
  /** @type {(request: Request, response: Response) => void} */
  const feed = (request, response) =>
    sendFeed(request, response, log, {
      retry: 4 * interval,
      limit: eventsPerConnection,
      // In turn a clean end and the harder case, a cut in the middle of an event.
      isCut: responses++ % 2 === 1,
    });
  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(cors)) response.setHeader(name, value);
    if (request.method === 'OPTIONS') return response.writeHead(204).end();
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    if (handleModels(request, response, { interval, token })) return undefined;
    if (pathname === '/sse') return sendTutorial(response, second);
    if (pathname === '/chat') return sendChat(request, response, interval);
    if (pathname === '/burst') return sendBurst(request, response, searchParams.get('count'));
    if (pathname === '/feed') return feed(request, response);
    if (pathname === '/private') {
      if (request.headers.authorization === `Bearer ${token}`) return feed(request, response);
      return response.writeHead(401, { 'www-authenticate': 'Bearer' }).end('a token is needed\n');
    }
    const wantsText = pathname === '/' && !request.headers.accept?.includes('text/html');
    if (!wantsText && sendFile(pathname, response)) return undefined;
    return response.writeHead(wantsText ? 200 : 404, { 'content-type': 'text/plain' }).end(index);
  });
  return server.on('close', () => clearInterval(timer));
}

/**
 * The stream of the classic tutorial: the handler returns after ten messages, so a client reconnects.
 *
 * @param {Response} response
 * @param {number} second
 */
function sendTutorial(response, second) {
  response.writeHead(200, stream);
  let count = 0;
  const send = () => {
    response.write(`data: Message ${count++}\n\n`);
    if (count < 10) return;
    clearInterval(timer);
    response.end();
  };
  const timer = setInterval(send, second);
  response.on('close', () => clearInterval(timer));
  send();
}

/**
 * Tokens, one after another, as a language model's answer to a POST comes.
 *
 * @param {Request} request
 * @param {Response} response
 * @param {number} interval
 */
function sendChat(request, response, interval) {
  if (request.method !== 'POST') return response.writeHead(405, { allow: 'POST' }).end();
  request.resume();
  const tokens = ['This', ' answer', ' comes', ' word', ' by', ' word', '.', '[DONE]'];
  response.writeHead(200, stream);
  const timer = setInterval(() => {
    response.write(`data: ${tokens.shift()}\n\n`);
    if (tokens.length === 0) response.end();
  }, interval);
  return response.on('close', () => clearInterval(timer));
}

/** How many events of a burst are written at once. */
const BATCH = 100;

/**
 * Numbered events without a pause, from the client's last event ID on. Who has them all gets a 204, which ends a source.
 *
 * @param {Request} request
 * @param {Response} response
 * @param {string | null} wanted
 */
function sendBurst(request, response, wanted) {
  const count = /^\d{1,7}$/.test(`${wanted}`) ? Number(wanted) : 100_000;
  const lastEventId = Number(request.headers['last-event-id'] ?? 0) || 0;
  if (lastEventId >= count) return response.writeHead(204).end();
  response.writeHead(200, stream);
  // The pipeline waits for a slow client, and stops when it goes.
  return pipeline(Readable.from(burst(lastEventId, count)), response, () => {});
}

/**
 * @param {number} after
 * @param {number} count
 */
function* burst(after, count) {
  for (let id = after + 1; id <= count;) {
    let text = '';
    for (const end = Math.min(count + 1, id + BATCH); id < end; id++)
      text += format({ id, type: id % 2 === 1 ? 'tick' : 'message', data: `${id}` });
    yield text;
  }
}

/**
 * The log, from the client's last event ID on, or from now on.
 *
 * @param {Request} request
 * @param {Response} response
 * @param {EventLog} log
 * @param {{ retry: number, limit: number, isCut: boolean }} options
 */
function sendFeed(request, response, log, { retry, limit, isCut }) {
  const lastEventId = request.headers['last-event-id'];
  let id = /^\d+$/.test(`${lastEventId}`) ? Number(lastEventId) : log.lastId;
  let sent = 0;
  const send = () => {
    for (let entry = log.after(id); entry !== undefined && sent < limit; entry = log.after(id)) {
      if (sent % 10 === 0) response.write(': a comment, as servers send to keep the connection alive\n\n');
      response.write(format(entry));
      id = entry.id;
      sent++;
    }
    if (sent < limit) return;
    stop();
    if (isCut) response.write(`id: ${id + 1}\ndata: cut o`, () => response.destroy());
    else response.end();
  };
  const stop = log.listen(send);
  response.on('close', stop);
  response.writeHead(200, stream).write(`retry: ${retry}\n\n`);
  send();
}

/** @param {import('./log.js').Entry} entry */
function format({ id, type, data }) {
  const event = type === 'message' ? '' : `event: ${type}\n`;
  return `${event}id: ${id}\ndata: ${data}\n\n`;
}

/**
 * Listens on loopback, on the port or the next one that is free.
 *
 * @param {import('node:http').Server} server
 * @param {number} port
 * @returns {Promise<string>} the origin
 */
export async function listen(server, port) {
  for (let candidate = port; candidate < port + 100; candidate++) {
    const isTaken = await new Promise((resolve, reject) => {
      /** @param {NodeJS.ErrnoException} error */
      const onError = (error) => (error.code === 'EADDRINUSE' ? resolve(true) : reject(error));
      server.once('error', onError);
      server.listen(candidate, '127.0.0.1', () => {
        server.off('error', onError);
        resolve(false);
      });
    });
    const address = server.address();
    if (!isTaken && address !== null && typeof address === 'object')
      return `http://127.0.0.1:${address.port}`;
  }
  throw new Error(`no free port from ${port} to ${port + 99}`);
}
