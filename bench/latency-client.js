/** A client of `latency.js`: `latency-client.js NAME URL` tells how long each number was under way, in microseconds. */
const [name, url = ''] = process.argv.slice(2);
const { EventSource } = await import(name ?? '');

/** @type {number[]} */
const times = [];
const source = new EventSource(url);
source.onmessage = (/** @type {MessageEvent<string>} */ { data }) => {
  times.push(Number(process.hrtime.bigint() - BigInt(data)) / 1000);
};
source.onerror = () => {
  source.close();
  console.log(`result: ${JSON.stringify(times)}`);
};
