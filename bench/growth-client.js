/**
 * What the streams of `growth.js` cost: `growth-client.js NAME SHARE ROUNDS` tells the CPU times (user and system, all
 * threads) of a stream of a quarter, of half and of the whole size, in rounds.
 */
import { EventSource } from 'everysource';
import { workloads } from './growth-workloads.js';

/** @typedef {import('./growth-workloads.js').Workload} Workload */

/** @param {Iterable<Uint8Array>} chunks */
function streamOf(chunks) {
  const iterator = chunks[Symbol.iterator]();
  return new ReadableStream({
    pull(controller) {
      const { value, done } = iterator.next();
      if (!done) controller.enqueue(value);
      else controller.close();
    },
  });
}

/** @param {ReadableStream<Uint8Array>} body */
async function receive(body) {
  const headers = { 'content-type': 'text/event-stream' };
  const source = new EventSource('http://localhost/', {
    fetch: async () => new Response(body, { headers }),
    maxBufferSize: Infinity,
  });
  await new Promise((resolve) => {
    source.addEventListener('end', resolve);
  });
  source.close();
}

/** @param {ReadableStream<Uint8Array>} body */
async function decode(body) {
  const decoder = new TextDecoder();
  const reader = body.getReader();
  for (let result = await reader.read(); !result.done; result = await reader.read()) {
    decoder.decode(result.value, { stream: true });
  }
}

/**
 * CPU time of a whole stream, in milliseconds.
 *
 * @param {typeof receive} take
 * @param {Workload} workload
 * @param {number} size
 * @returns {Promise<number>}
 */
async function measure(take, { chunks }, size) {
  const before = process.cpuUsage();
  await take(streamOf(chunks(size)));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/**
 * @param {Workload} workload
 * @param {number} whole
 * @param {number} rounds
 */
async function run(workload, whole, rounds) {
  /** @type {number[][]} */
  const times = [[], [], []];
  /** @type {number[]} */
  const decoding = [];
  await measure(receive, workload, whole / 4); // warm up
  for (let round = 0; round < rounds; round++) {
    for (const [at, list] of times.entries())
      list.push(await measure(receive, workload, (whole / 4) * 2 ** at));
    if (workload.isDecoded) decoding.push(await measure(decode, workload, whole));
  }
  return { times, decoding };
}

const [name, share, rounds] = process.argv.slice(2);
const workload = workloads.find((entry) => entry.name === name);
if (workload !== undefined) {
  const result = await run(workload, workload.size * Number(share), Number(rounds));
  console.log(`result: ${JSON.stringify(result)}`);
}
