/** Hostile responses: before the first byte of a body, and instead of one. */
import { once } from 'node:events';
import { END, head, KIB, MIB, repeat } from './wire.js';
import { workOf } from './work.js';

/** @typedef {import('./scenarios.js').Scenario} Scenario */

/** The runtime gives up, and we try again. */
const lost = /** @type {const} */ ({ ends: 'network', isReconnecting: true, work: workOf({ attempts: 1 }) });

/** We give up, as soon as we see it, and its connection is closed: else the process would not end. */
const refused = /** @type {const} */ ({ work: workOf({ attempts: 1 }) });

/**
 * A response that never ends.
 *
 * @param {string} start
 * @param {string} text
 */
const endless = (start, text) =>
  async function* serve() {
    yield start;
    for (;;) yield* repeat(text, 16 * MIB);
  };

/** Nothing more, for ever. @returns {Promise<never>} */
const never = () => new Promise(() => {});

/** Redirects without an end. @param {(path: string, ports: number[]) => string} next */
const redirect = (next) =>
  function* serve(/** @type {import('./scenarios.js').Exchange} */ { path, ports }) {
    yield head([`location: ${next(path, ports)}`, 'content-length: 0'], '302 Found');
  };

/** An id of 16 MiB, then the end; a client that does not send all of it back is refused. @param {string} character */
const sendBack = (character) =>
  function* serve(/** @type {import('./scenarios.js').Exchange} */ { earlier, request }) {
    if (earlier.length > 0) {
      const [, id = ''] = /^last-event-id: ([^\r]*)/im.exec(request) ?? [];
      yield id.length === 16 * MIB ? head() + END : head([], '400 Bad Request');
      return;
    }
    yield `${head()}id: `;
    yield* repeat(character, 16 * MIB);
    yield '\ndata: x\nretry: 0\n\n';
  };

const authorized = { headers: { authorization: 'Bearer secret' } };

/** @type {Scenario[]} */
export const responses = [
  {
    name: 'header without an end',
    does: '`x: xxx…`',
    serve: endless('HTTP/1.1 200 OK\r\nx: ', 'x'),
    ...lost,
  },
  {
    name: 'headers without an end',
    does: '`x: x` and again',
    serve: endless('HTTP/1.1 200 OK\r\n', 'x: x\r\n'),
    ...lost,
  },
  {
    name: 'Content-Type of megabytes',
    does: '`text/event-stream; xxx…`, 4 MiB',
    serve: () => [head([], '200 OK', `text/event-stream; ${'x'.repeat(4 * MIB)}`)],
    ...lost,
  },
  {
    name: '… that a fetch lets through',
    does: '4 MiB of `",` from a fetch of the caller’s',
    make: () => new Response('', { headers: { 'content-type': '",'.repeat(2 * MIB) } }),
    ends: 'content-type',
    ...refused,
    heap: 64,
    because: 'a list of the 2 Mi parts that are quoted, 16 bytes for each, twice while it grows',
    work: workOf({ bytes: 10 * 4 * MIB }),
  },
  {
    name: 'Location of megabytes',
    does: 'a redirect to `/xxx…`, 4 MiB',
    serve: () => [head([`location: /${'x'.repeat(4 * MIB)}`], '302 Found')],
    ...lost,
  },
  {
    name: 'redirects without an end',
    does: 'each to another path',
    serve: redirect((path) => `${path}x`),
    ...lost,
  },
  {
    name: '… with headers to protect',
    does: 'the same; we follow them',
    serve: redirect((path) => `${path}x`),
    init: authorized,
    ends: 'redirect',
    work: workOf({ attempts: 21 }),
  },
  {
    name: '… from origin to origin',
    does: 'each to another of four ports, with 8 KiB of path',
    serve: redirect((path, ports) => {
      const count = path.length;
      return `http://127.0.0.1:${ports[count % 4]}${path.slice(0, 20)}x${'y'.repeat(8 * KIB)}`;
    }),
    init: authorized,
    ends: 'redirect',
    work: workOf({ attempts: 21 }),
  },
  {
    name: '103 without an end',
    does: '`103 Early Hints` and again, as fast as it is read',
    serve: endless('', 'HTTP/1.1 103 Early Hints\r\n\r\n'),
    init: { connectTimeout: 500 },
    ends: 'connect-timeout',
    isReconnecting: true,
    // It is the runtime that reads them.
    work: 2,
  },
  {
    name: 'no answer',
    does: 'takes the request, and nothing more',
    async *serve() {
      yield await never();
    },
    init: { connectTimeout: 500 },
    ends: 'connect-timeout',
    isReconnecting: true,
    work: workOf({ attempts: 1 }),
  },
  {
    name: 'no body',
    does: 'the head of a response, and nothing more',
    async *serve() {
      yield head();
      yield await never();
    },
    init: { idleTimeout: 500 },
    ends: 'idle',
    isReconnecting: true,
    work: workOf({ attempts: 1 }),
  },
  {
    name: 'chunk extension without an end',
    does: '`1;xxx…`, which the runtime reads for ever',
    serve: endless(`${head(['transfer-encoding: chunked'])}1;`, 'x'),
    init: { idleTimeout: 500 },
    ends: 'idle',
    isReconnecting: true,
    work: 2,
  },
  {
    name: 'trailers without an end',
    does: '`x: x` and again, behind the last chunk',
    serve: endless(`${head(['transfer-encoding: chunked'])}0\r\n`, 'x: x\r\n'),
    init: { idleTimeout: 2000 },
    ...lost,
    work: 3,
  },
  {
    name: 'body without an end after 204',
    does: '`204 No Content` and 16 MiB again and again',
    serve: endless(head([], '204 No Content'), 'x'),
    ends: 'status',
    ...refused,
  },
  {
    name: '… after 404',
    does: 'an error page without an end',
    serve: endless(head([], '404 Not Found', 'text/html'), 'x'),
    ends: 'status',
    ...refused,
  },
  {
    name: '… of another type',
    does: '`text/html` without an end',
    serve: endless(head([], '200 OK', 'text/html'), 'x'),
    ends: 'content-type',
    ...refused,
  },
  {
    name: '… after 503, which is tried again',
    does: 'an error page without an end; the next answer waits until that connection is closed',
    async *serve({ earlier: [first] }) {
      if (first === undefined) yield* endless(head([], '503 Service Unavailable'), 'x')();
      if (first?.closed === false) await once(first, 'close');
      yield head() + END;
    },
    init: { reconnectionTime: 0, reconnection: { statuses: 'transient' } },
    ends: 'close',
    work: workOf({ attempts: 2 }),
  },
  {
    name: 'Retry-After of 1e308',
    does: '`429` with it',
    serve: () => [head(['retry-after: 1e308', 'content-length: 0'], '429 Too Many Requests')],
    init: { reconnection: { statuses: 'transient' } },
    ends: 'status',
    isReconnecting: true,
    delay: 2 ** 31 - 1,
    work: workOf({ attempts: 1 }),
  },
  {
    name: '`retry: 0` and the end',
    does: 'one event, and the end of the body, each time',
    serve: () => [`${head()}retry: 0\ndata: x\n\n`],
    attempts: 10,
    clients: ['source'],
    ends: 'end-of-body',
    isReconnecting: true,
    events: 10,
    work: workOf({ attempts: 10 }),
  },
  {
    name: 'id of megabytes, to be sent back',
    does: `an id of 16 Mi characters, then the end; takes it back in the next request`,
    serve: sendBack('x'),
    ends: 'close',
    events: 1,
    heap: 16 * 5,
    because: 'the id as it came, its copy, the bytes for the header, and twice as much in fetch',
    work: workOf({ bytes: 8 * 16 * MIB, attempts: 2 }),
  },
  {
    name: '… of other characters',
    does: 'the same with 8 Mi times `é`',
    serve: sendBack('é'),
    ends: 'close',
    events: 1,
    heap: 16 * 5,
    because: 'the same',
    work: workOf({ bytes: 40 * 16 * MIB, attempts: 2 }),
  },
];
