/**
 * The client of the soak run: `soak-client.js ORIGIN STREAMS INTERVAL`, with `--expose-gc`. Checks each event, and sends a row of figures
 * at each interval (milliseconds). When it is sent the numbers of the last events, it waits for them, closes everything, and tells what
 * went wrong. At the next message it has to end by itself.
 */
import { once } from 'node:events';
import { createHistogram } from 'node:perf_hooks';
import { EventSource } from 'everysource';
import { eventStream } from 'everysource/stream';
import { median } from 'simple-statistics';
import { IDLE_TIMEOUT, clock, hasIdleTimeout, isIterated, sentAt } from './soak-plan.js';

const [origin = '', ...numbers] = process.argv.slice(2);
const [count = 0, interval = 0] = numbers.map(Number);

/** Events that were there when they had to be there, heartbeats, and what an `EventSource` told of ends, by reason. */
const seen = { events: 0, heartbeats: 0, ends: /** @type {Record<string, number>} */ ({}) };
/** What may not happen at all: how often it did, and how it looked the first time. @type {Record<string, { times: number, first: string }>} */
const wrong = {};
/** How many events of each stream have come. */
const places = Array.from({ length: count }, () => 0);
/** Microseconds. */
const lags = createHistogram();
/** @type {(() => unknown)[]} */
const closings = [];
let isOver = false;
let isClosing = false;

function fault(/** @type {string} */ kind, /** @type {unknown} */ detail) {
  wrong[kind] ??= { times: 0, first: `${detail}` };
  wrong[kind].times++;
}
for (const name of /** @type {const} */ (['unhandledRejection', 'uncaughtException', 'warning'])) {
  process.on(name, (/** @type {unknown} */ error) => fault(name, error));
}

/** @param {number} stream @param {{ data: string, lastEventId: string }} event */
function take(stream, event) {
  const number = Number(places[stream]) + 1;
  const sent = sentAt(event, { stream, number });
  if (sent === undefined) return fault('not the next event', `${number} was due, not ${event.data}`);
  places[stream] = number;
  seen.events++;
  lags.record(Math.max(1, Math.round((clock() - sent) * 1000)));
}

/** @param {number} stream @param {import('../src/init.ts').EventSourceInit} init */
function listen(stream, init) {
  const source = new EventSource(`${origin}/${stream}`, init);
  source.onmessage = (event) => take(stream, event);
  source.onerror = (event) => {
    const { reason = 'none', message } = /** @type {import('../src/events.ts').EventSourceErrorEvent} */ (
      event
    );
    seen.ends[reason] = (seen.ends[reason] ?? 0) + 1;
    if (source.readyState === source.CLOSED) fault('closed', message);
  };
  closings.push(() => source.close());
}

/** @param {number} stream @param {import('../src/init.ts').EventSourceInit} init */
async function iterate(stream, init) {
  const events = eventStream(`${origin}/${stream}`, init);
  closings.push(() => events.return());
  try {
    for await (const event of events) take(stream, event);
    if (!isClosing) fault('closed', 'an iteration is done');
  } catch (error) {
    fault('closed', error);
  }
}

/** @typedef {{ rss: number, handles: number, sockets: number, timers: number }} Look */
/** @type {Look[]} */
let looks = [];

/** What can be told without stopping everything. */
function look() {
  const resources = process.getActiveResourcesInfo();
  const those = (/** @type {string} */ kind) => resources.filter((name) => name === kind).length;
  const kinds = { sockets: those('TCPSocketWrap'), timers: those('Timeout') };
  looks.push({ rss: process.memoryUsage.rss(), handles: resources.length, ...kinds });
}

/** @param {keyof Look} figure */
const usual = (figure) => median(looks.map((entry) => entry[figure]));

const turn = () =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

const told = { events: 0, second: 0 };

/** Sends a row of figures. */
async function tell() {
  const events = seen.events - told.events;
  const lag = { median: lags.percentile(50) / 1000, p99: lags.percentile(99) / 1000, max: lags.max / 1000 };
  look();
  const figures = {
    rss: usual('rss'),
    handles: usual('handles'),
    sockets: usual('sockets'),
    timers: usual('timers'),
  };
  looks = [];
  // What has just been closed ends in the turns that follow.
  for (let turns = 0; turns < 3; turns++) await turn();
  for (let times = 0; times < 2; times++) globalThis.gc?.();
  lags.reset();
  const { heapUsed, external } = process.memoryUsage();
  const second = (clock() - startedAt) / 1000;
  const duration = second - told.second;
  told.events += events;
  told.second = second;
  const row = { second, duration, events, heap: heapUsed, external, ...figures };
  process.send?.({ row: events > 0 ? { ...row, lag } : row });
}

const exit = () => process.exit();
process.once('disconnect', exit);

const startedAt = clock();
for (let stream = 0; stream < count; stream++) {
  const init = {
    ...(hasIdleTimeout(stream) && { idleTimeout: IDLE_TIMEOUT }),
    onComment: () => seen.heartbeats++,
  };
  if (isIterated(stream)) void iterate(stream, init);
  else listen(stream, init);
}
const sleep = (/** @type {number} */ time) =>
  new Promise((resolve) => {
    setTimeout(resolve, time);
  });

/** @type {NodeJS.Timeout | undefined} */
let telling;

/** At whole multiples of the interval, and not before, however long it takes: so each row is of one rate. */
function tellOn() {
  const rest = interval - ((clock() - startedAt) % interval);
  telling = setTimeout(
    async () => {
      await tell();
      if (!isOver) tellOn();
    },
    Math.ceil(rest) + 1,
  );
}
tellOn();
const looking = setInterval(look, 1000);

/** For how long nothing may come when something is due. Milliseconds. */
const LIMIT = 30_000;

const [last] = /** @type {[number[]]} */ (await once(process, 'message'));
isOver = true;
clearInterval(looking);
clearTimeout(telling);
const missing = () => last.filter((number, stream) => places[stream] !== number).length;
for (let before = -1, since = 0; missing() > 0; await sleep(100)) {
  if (seen.events > before) since = clock();
  else if (clock() - since > LIMIT) break;
  before = seen.events;
}
if (missing() > 0) fault('streams without their last events', missing());
isClosing = true;
for (const close of closings) close();
process.send?.({ seen, wrong });
await once(process, 'message');
process.off('disconnect', exit);
process.disconnect();
