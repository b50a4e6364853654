/**
 * The server of the soak run: `soak-server.js STREAMS MINUTES SEED`. Each stream has numbered events of its own, which go on while its
 * client is away and are sent again from `Last-Event-ID`. It breaks connections at random, and tells how far it is when it is asked.
 */
import { createServer } from 'node:http';
import { seededRandom } from './random.js';
import { CYCLES, HEARTBEAT, SHARE_CUT, blockOf, clock, hasIdleTimeout, ratesOf } from './soak-plan.js';

const [count = 0, minutes = 0, seed = 0] = process.argv.slice(2).map(Number);

/** Milliseconds. */
const TICK = 20;
/** What a tick makes up for, at most: a machine that is busy otherwise shall not get more to do later. Milliseconds. */
const LONGEST_STEP = 100;
/** Events in one write, at most. */
const BURST = 8;
/** Milliseconds. */
const LONGEST_RETRY = 1000;

/**
 * @typedef {import('node:http').ServerResponse} Response
 * @typedef {{ id: number, last: number, response?: Response | undefined, isSilent: boolean }} Stream `last`: number of its last event
 */

/** @type {Stream[]} */
const streams = Array.from({ length: count }, (_, id) => ({ id, last: 0, isSilent: false }));
/** @type {Set<Response>} */
const open = new Set();
const random = seededRandom(seed);
const below = (/** @type {number} */ limit) => Math.floor(random() * limit);
const anyStream = () => /** @type {Stream} */ (streams[below(count)]);
let requests = 0;

/** The response of a stream, if something is to be written to it. */
const writable = (/** @type {Stream} */ { response, isSilent }) => (isSilent ? undefined : response);

/**
 * @param {Stream} stream
 * @param {number} from
 */
function blocks({ id, last }, from) {
  const now = clock();
  return Array.from({ length: last - from + 1 }, (_, index) => blockOf(id, from + index, now)).join('');
}

/** Makes some events. Whose client does not keep up gets none meanwhile. */
function send(/** @type {Stream} */ stream, /** @type {number} */ events) {
  const response = writable(stream);
  if (response?.writableNeedDrain) return;
  stream.last += events;
  response?.write(blocks(stream, stream.last - events + 1));
}

const cuts = { fin: 0, rst: 0, 'end-of-body': 0, silence: 0 };
/** @typedef {keyof typeof cuts} Cut */
const kinds = /** @type {Cut[]} */ (Object.keys(cuts));

/** Ends a connection in the middle of an event, of which nothing may be seen; or falls silent and leaves it open. */
function cut(/** @type {Stream} */ stream) {
  const response = writable(stream);
  if (response === undefined) return;
  const kind = kinds[below(hasIdleTimeout(stream.id) ? kinds.length : kinds.length - 1)] ?? 'fin';
  cuts[kind]++;
  if (kind === 'silence') return void (stream.isSilent = true);
  stream.response = undefined;
  const block = blockOf(stream.id, stream.last + 1, clock());
  response.write(block.slice(0, 1 + below(block.length - 2)));
  if (kind === 'fin') response.socket?.end();
  else if (kind === 'rst') response.socket?.resetAndDestroy();
  else response.end();
}

const rates = ratesOf(seed);
/** How long each rate lasts. Milliseconds. */
const phase = (minutes * 60_000) / CYCLES / rates.length;
/** How many of each are due; what is left of one stays for the next tick. */
const due = { events: 0, heartbeats: 0, cuts: 0 };
let heartbeats = 0;
let startedAt = 0;
let tickedAt = 0;

function tick() {
  const now = clock();
  const seconds = Math.min(now - tickedAt, LONGEST_STEP) / 1000;
  const rate = rates[Math.floor((now - startedAt) / phase) % rates.length] ?? 0;
  tickedAt = now;
  due.events += rate * seconds;
  due.heartbeats += (count * seconds * 1000) / HEARTBEAT;
  due.cuts += count * SHARE_CUT * seconds;
  while (due.events >= 1) {
    const events = 1 + below(BURST);
    due.events -= events;
    send(anyStream(), events);
  }
  for (; due.heartbeats >= 1; due.heartbeats--) {
    writable(/** @type {Stream} */ (streams[heartbeats++ % count]))?.write(': heartbeat\n\n');
  }
  for (; due.cuts >= 1; due.cuts--) cut(anyStream());
}

const server = createServer((request, response) => {
  const stream = /** @type {Stream} */ (streams[Number(request.url?.slice(1))]);
  requests++;
  // One that has fallen silent.
  stream.response?.destroy();
  stream.response = response;
  stream.isSilent = false;
  open.add(response);
  response.on('close', () => {
    open.delete(response);
    if (stream.response === response) stream.response = undefined;
  });
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  const next = Number(request.headers['last-event-id'] ?? 0) + 1;
  response.write(`retry: ${below(LONGEST_RETRY)}\n\n${blocks(stream, next)}`);
});
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  process.send?.({ origin: `http://127.0.0.1:${port}` });
});

/** @type {NodeJS.Timeout | undefined} */
let timer;
process.on('message', (what) => {
  if (what === 'start') {
    startedAt = tickedAt = clock();
    timer = setInterval(tick, TICK);
    return;
  }
  if (what === 'stop') clearInterval(timer);
  process.send?.({ open: open.size, requests, cuts, last: streams.map(({ last }) => last) });
});
process.on('disconnect', () => process.exit());
