/**
 * A client of `backpressure.js` whose consumer takes 10 ms for each event. It needs `--expose-gc`. Sends a sample each second, and the
 * last one at the end; at any message the consumer stops sleeping.
 */
import { EventSource } from 'everysource';
import { eventStream } from 'everysource/stream';

const [name, url = ''] = process.argv.slice(2);

let isSlow = true;
let consumed = 0;
let misplaced = 0;

const sleep = () =>
  new Promise((resolve) => {
    setTimeout(resolve, 10);
  });

/** @param {{ data: string, lastEventId: string }} event */
async function consume({ data, lastEventId }) {
  consumed++;
  if (Number(lastEventId) !== consumed || !data.includes(`"${lastEventId}"`)) misplaced++;
  if (isSlow) await sleep();
}

async function iterate() {
  for await (const event of eventStream(url, { reconnection: false })) await consume(event);
}

/** What a listener can do for a consumer that is busy: nothing but keep the events. */
async function enqueue() {
  /** @type {MessageEvent<string>[]} */
  const queue = [];
  const source = new EventSource(url, { reconnection: false });
  source.onmessage = (event) => queue.push(event);
  while (source.readyState !== source.CLOSED || queue.length > 0) {
    const event = queue.shift();
    await (event === undefined ? sleep() : consume(event));
  }
}

const startedAt = performance.now();

/** @param {boolean} isLast */
function sample(isLast) {
  const second = (performance.now() - startedAt) / 1000;
  globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  process.send?.({ second, heapUsed, external, rss, consumed, misplaced, isLast });
}

sample(false);
const timer = setInterval(() => sample(false), 1000);
process.on('message', () => (isSlow = false));
process.on('disconnect', () => process.exit());
await (name === 'eventStream' ? iterate() : enqueue());
clearInterval(timer);
sample(true);
