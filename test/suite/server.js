/** The server of the suite: one route for each thing that a server can do to a client. */
import { createServer } from 'node:http';
import { createGzip } from 'node:zlib';

/**
 * What the server knows of one case: its requests so far and those that are open, the newest response, and the
 * `Authorization` of the newest request.
 *
 * @typedef {{ requests: number, open: number, response?: import('node:http').ServerResponse,
 *   authorization?: string | undefined }} State
 * @typedef {{ request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse,
 *   query: URLSearchParams, count: number }} Exchange
 */

const stream = { 'content-type': 'text/event-stream' };

/** @type {Record<string, (exchange: Exchange) => void>} */
const routes = {
  // Firefox shows a response once a byte of its body has come.
  '/hold': ({ response }) => void response.writeHead(200, stream).write(':\n'),
  '/head': ({ response }) => response.writeHead(200, stream).flushHeaders(),
  '/silent': () => {},
  '/refused': ({ response }) => response.writeHead(200, stream).end('data: never seen\n\n'),
  '/strict': ({ request, response }) => {
    response.writeHead(200, stream).write('data: a\n\n');
    if (request.method === 'HEAD') response.end();
  },
  '/cookie': ({ response }) => response.writeHead(200, { 'set-cookie': 'suite=yes; Path=/' }).end(),
  '/redirect': ({ response, query }) => response.writeHead(307, { location: query.get('to') ?? '' }).end(),

  '/echo': (exchange) => {
    const { response, query, count } = exchange;
    if (query.has('once') && count > 1) return routes[query.get('then') ?? '']?.(exchange);
    const headers = { 'content-type': query.get('type') ?? 'text/event-stream' };
    response.writeHead(Number(query.get('status') ?? 200), headers);
    if (query.has('hold')) response.write(query.get('body') ?? '');
    else response.end(query.get('status') === '204' ? undefined : (query.get('body') ?? ''));
  },

  '/headers': ({ request, response, query }) => {
    const { 'last-event-id': id } = request.headers;
    const idBytes = id === undefined ? undefined : Buffer.from(`${id}`, 'latin1').toString('hex');
    const seen = { ...request.headers, idBytes, query: Object.fromEntries(query) };
    response.writeHead(200, stream).write(`data: ${JSON.stringify(seen)}\n\n`);
  },

  '/token': ({ request, response, count }) => {
    const { authorization, 'last-event-id': id } = request.headers;
    if (count > 1 && authorization !== 'Bearer second') return void response.writeHead(401).end();
    response.writeHead(200, stream);
    response.write(`retry: 1\nid: ${count}\ndata: ${authorization} ${id ?? ''}\n\n`);
    return count > 1 ? undefined : void response.end();
  },

  '/body': ({ request, response }) => {
    let body = '';
    request.on('data', (text) => (body += text));
    request.on('end', () => {
      response
        .writeHead(200, stream)
        .end(`data: ${request.method} ${request.headers['content-type']} ${body}\n\n`);
    });
  },

  '/private': ({ request, response }) => {
    const isAdmitted = request.headers.authorization === 'Bearer let-me-in';
    response.writeHead(isAdmitted ? 200 : 401, stream).write('event: temperature\ndata: 20\n\n');
  },

  '/resume': ({ request, response }) => {
    const from = Number(request.headers['last-event-id'] ?? 0);
    response.writeHead(200, stream).end(`retry: 1\n\nid: ${from + 1}\ndata\n\nid: ${from + 2}\ndata\n\n`);
  },

  '/cut': ({ response, count }) => {
    response.writeHead(200, stream);
    if (count > 1) return void response.write('data: again\n\n');
    response.write('retry: 1\ndata: a\n\ndata: unfin');
  },

  '/burst': ({ response }) => {
    const events = Array.from({ length: 300 }, (_, index) => `event: count\ndata: ${index}\n\n`);
    response.writeHead(200, stream).flushHeaders();
    setTimeout(() => response.write(events.join('')), 20);
  },

  '/bytes': ({ response, query }) => {
    const bytes = Buffer.from(query.get('body') ?? '');
    response.writeHead(200, stream).flushHeaders();
    response.socket?.setNoDelay(true);
    let at = 0;
    const timer = setInterval(() => {
      if (at < bytes.length) response.write(bytes.subarray(at, ++at));
      else clearInterval(timer);
    }, 1);
  },

  '/large': ({ response }) => {
    response.writeHead(200, stream).write(`data: ${'x'.repeat(1024 * 1024)}\n\n`);
  },

  '/gzip': ({ response }) => {
    response.writeHead(200, { ...stream, 'content-encoding': 'gzip' });
    const gzip = createGzip();
    gzip.pipe(response);
    gzip.write('data: compressed\n\n');
    gzip.flush();
  },
};

/** Admits every origin, with credentials. @param {Exchange} exchange */
function admit({ request, response }) {
  const { origin } = request.headers;
  response.setHeader('access-control-allow-origin', origin ?? '*');
  response.setHeader('access-control-allow-credentials', 'true');
  response.setHeader('access-control-allow-headers', request.headers['access-control-request-headers'] ?? '');
}

/** What a case can ask for, of its newest response. @type {Record<string, (state: State) => unknown>} */
const acts = {
  '/write': ({ response }) => response?.write('data: late\n\n'),
  '/destroy': ({ response }) => response?.destroy(),
};

/**
 * @param {(path: string, response: import('node:http').ServerResponse) => boolean} [serveFile] offered every path first
 * @returns {import('node:http').Server}
 */
export function createSuiteServer(serveFile = () => false) {
  /** @type {Map<string, State>} */
  const known = new Map();
  return createServer((request, response) => {
    const { pathname, searchParams: query } = new URL(request.url ?? '/', 'http://localhost');
    const key = query.get('key') ?? '';
    const state = known.get(key) ?? { requests: 0, open: 0 };
    known.set(key, state);
    if (pathname !== '/refused') admit({ request, response, query, count: 0 });
    if (pathname === '/strict') response.removeHeader('access-control-allow-headers');
    if (request.method === 'OPTIONS') return response.writeHead(204).end();
    const { open, authorization } = state;
    if (pathname === '/state') return response.end(JSON.stringify({ open, authorization }));
    if (serveFile(pathname, response)) return undefined;
    const act = acts[pathname];
    if (act !== undefined) return response.end(`${act(state)}`);
    const route = routes[pathname];
    if (route === undefined) return response.writeHead(404).end();
    state.requests++;
    state.open++;
    state.response = response;
    state.authorization = request.headers.authorization;
    response.on('close', () => state.open--);
    return route({ request, response, query, count: state.requests });
  });
}
