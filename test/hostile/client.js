/**
 * A victim, in a process of its own, which has to end by itself: `client.js CLIENT NUMBER ORIGIN`. CLIENT is `source`, `stream`, or `bare`:
 * fetch, and reading what comes. Prints one line of JSON: how it ended, and what that took. It needs `--expose-gc`.
 */
import { KIB, MIB } from './wire.js';
import { scenarios } from './scenarios.js';

const [client = '', number = '', origin = ''] = process.argv.slice(2);
const scenario = scenarios[Number(number)];
if (scenario === undefined) throw new RangeError(number);
const url = `${origin}/${number}/${client}`;
const dist = new URL('../../dist/', import.meta.url);

const report = { ends: '', isReconnecting: false, events: 0, delay: 0, thrown: 0, heap: 0, rss: 0, cpu: 0 };
/** @type {unknown[]} */
const kept = [];

/** Called when everything has come that listeners have thrown. */
let onThrown = () => {};

process.on('uncaughtException', (error) => {
  if (error.message !== 'a listener') throw error;
  report.thrown++;
  if (report.thrown === report.events) onThrown();
});

/** CPU time of the measuring itself. Microseconds. */
let measuring = 0;

/** What is alive now, chunks outside of the heap included. */
function sample() {
  const before = process.cpuUsage();
  // The second one waits until the buffers are freed that the first one found.
  for (let times = 0; times < 2; times++) globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  report.heap = Math.max(report.heap, (heapUsed + external) / MIB);
  const { user, system } = process.cpuUsage(before);
  measuring += user + system;
  // Not so often that the client has no time.
  setTimeout(sample, Math.max(20, (user + system) / 100)).unref();
}

/** @param {AsyncGenerator<Uint8Array> | Generator<Uint8Array>} chunks */
const bodyOf = (chunks) =>
  new ReadableStream(
    {
      async pull(controller) {
        const { value, done } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
    },
    { highWaterMark: 0 },
  );

/** Where there is no server, the response is made here. */
const made = scenario.make;
const fetchMade = async () => made?.(bodyOf) ?? new Response(null, { status: 204 });
const init = { ...scenario.init, ...(made && { fetch: fetchMade }) };

async function read() {
  const { connectTimeout, idleTimeout, headers } = scenario?.init ?? {};
  const limit = connectTimeout ?? idleTimeout;
  const accept = { accept: 'text/event-stream', .../** @type {object} */ (headers) };
  const signal = limit === undefined ? null : AbortSignal.timeout(limit);
  const response = made ? await fetchMade() : await fetch(url, { headers: accept, signal });
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
  if (response.status !== 200 || !isStream) return void (await response.body?.cancel());
  const reader = response.body?.getReader();
  for (let isDone = false; !isDone;) isDone = (await reader?.read())?.done ?? true;
}

/** @param {{ type: string, data: string }} event @returns {boolean} whether that was enough */
function take({ type, data }) {
  if (type === 'end') return true;
  if (type === 'message') report.events++;
  if (scenario?.listener === 'keep') kept.push(data);
  return scenario?.listener === 'close';
}

async function follow() {
  /** @type {typeof import('../../src/index.ts')} */
  const { EventSource } = await import(`${dist}index.js`);
  let attempts = scenario?.attempts ?? (scenario?.isReconnecting ? 1 : Infinity);
  await new Promise((resolve) => {
    const source = new EventSource(url, init);
    const finish = (/** @type {string} */ reason) => {
      report.ends = reason;
      report.isReconnecting = source.readyState === EventSource.CONNECTING;
      source.close();
      resolve(undefined);
    };
    const listener = (/** @type {MessageEvent<string>} */ event) => {
      if (source.readyState !== EventSource.CLOSED && take(event)) {
        // While errors wait to be thrown, the `close` of a socket that is aborted overtakes its `error`, which undici
        // (Node 20, 2026-11) takes amiss.
        onThrown = () => finish('close');
        if (scenario?.listener !== 'throw' || report.thrown === report.events) onThrown();
      }
      if (scenario?.listener === 'throw' && event.type !== 'end') throw new Error('a listener');
    };
    source.addEventListener('message', listener);
    source.addEventListener('end', listener);
    source.onerror = (error) => {
      // A server may name its events so.
      if (error instanceof MessageEvent) return;
      const { reason, delay = 0 } = /** @type {any} */ (error);
      report.delay = delay;
      if (source.readyState === EventSource.CLOSED || --attempts === 0) finish(reason);
    };
  });
}

async function iterate() {
  /** @type {typeof import('../../src/stream.ts')} */
  const { eventStream } = await import(`${dist}stream.js`);
  report.ends = 'end-of-body';
  // It does not tell why it reconnects, but if it must not.
  const once = scenario?.isReconnecting ? { reconnection: /** @type {false} */ (false) } : {};
  report.isReconnecting = scenario?.isReconnecting ?? false;
  try {
    for await (const event of eventStream(url, { ...init, ...once })) {
      if (take(event)) {
        report.ends = 'close';
        break;
      }
      if (scenario?.listener !== 'wait') continue;
      await new Promise((resolve) => {
        setTimeout(resolve, 20);
      });
    }
  } catch (error) {
    report.ends = /** @type {any} */ (error).reason ?? `${error}`;
  }
}

// What belongs to fetch itself is loaded now.
await fetch('data:,').then((response) => response.text());
const startedAt = process.cpuUsage();
sample();
/** @type {Record<string, () => Promise<void>>} */
const clients = { bare: () => read().catch(() => {}), source: follow, stream: iterate };
await clients[client]?.();
sample();

process.on('exit', () => {
  const { user, system } = process.cpuUsage(startedAt);
  report.cpu = (user + system - measuring) / 1e6;
  report.rss = process.resourceUsage().maxRSS / KIB;
  console.log(JSON.stringify(report));
});
