/**
 * Does what is kept of a chunk keep all of it? `memory-pins.js WHAT LENGTH` keeps something small of each of 500 chunks with so long
 * a comment in it, and tells the bytes of memory for each. It needs `--expose-gc`.
 */
import { EventSource } from 'everysource';
import { eventStream } from 'everysource/stream';

const COUNT = 500;
const encoder = new TextEncoder();
const headers = { 'content-type': 'text/event-stream' };

/** One small event and a long comment. */
function chunk(/** @type {number} */ index) {
  const number = `${index}`.padStart(40, '0');
  return encoder.encode(
    `id: id-${number}\ndata: data-${number}\n\n: ${'.'.repeat(Number(process.argv[3]))}\n`,
  );
}

function* chunks() {
  for (let index = 0; index < COUNT; index++) yield chunk(index);
}

/** @param {Iterable<Uint8Array>} from */
function bodyOf(from) {
  const iterator = from[Symbol.iterator]();
  return new ReadableStream({
    pull(controller) {
      const { value, done } = iterator.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
}

/** @type {unknown[]} */
const kept = [];

const respond = async () => new Response(bodyOf(chunks()), { headers });

/** @param {(event: MessageEvent<string>) => unknown} choose */
const keep = (choose) =>
  new Promise((resolve) => {
    const source = new EventSource('http://localhost/', { fetch: respond, reconnection: false });
    source.onmessage = (event) => kept.push(choose(event));
    source.onerror = resolve;
  });

/** @type {Record<string, () => Promise<unknown>>} */
const keepers = {
  'an event': () => keep((event) => event),
  'the data of an event': () => keep(({ data }) => data),
  'the lastEventId of an event': () => keep(({ lastEventId }) => lastEventId),
  async 'an event of eventStream'() {
    for await (const event of eventStream(bodyOf(chunks()))) kept.push(event);
  },
  /** Each has one chunk, and no more comes. */
  async 'an open source, with its last event ID'() {
    for (let index = 0; index < COUNT; index++) {
      const body = new ReadableStream({ start: (controller) => controller.enqueue(chunk(index)) });
      const source = new EventSource('http://localhost/', {
        fetch: async () => new Response(body, { headers }),
      });
      await new Promise((resolve) => {
        source.onmessage = () => resolve(undefined);
      });
      kept.push(source);
    }
  },
};

async function heap() {
  for (let times = 0; times < 3; times++) {
    await new Promise((resolve) => {
      setTimeout(resolve, 100);
    });
    globalThis.gc?.();
  }
  // A chunk itself lies outside of the heap.
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

const before = await heap();
await keepers[process.argv[2] ?? '']?.();
const after = await heap();
console.log(`result: ${(after - before) / COUNT}`);
process.exit(kept.length === COUNT ? 0 : 1);
