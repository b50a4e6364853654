/**
 * JS heap of connections on which nothing happens: `memory-idle.js NAME URL COUNT` opens them and tells the bytes of each. It needs
 * `--expose-gc`.
 */
const [name = '', url = '', count = ''] = process.argv.slice(2);

/** Keeps what would be kept by somebody who uses it. @type {unknown[]} */
const kept = [];

async function openBody() {
  const { body } = await fetch(url);
  const reader = /** @type {ReadableStream<Uint8Array>} */ (body).getReader();
  await reader.read();
  kept.push(reader, reader.read());
}

async function openStream() {
  const { eventStream } = await import('everysource/stream');
  await new Promise((resolve) => {
    // It has no news of being open, but the server begins with a comment.
    const stream = eventStream(url, { onComment: () => resolve(undefined) });
    kept.push(stream, stream.next());
  });
}

async function openSource() {
  const { EventSource } = await import(name);
  const source = new EventSource(url);
  source.onmessage = () => {};
  kept.push(source);
  await new Promise((resolve) => {
    // Not `resolve` itself: it would keep the event.
    source.onopen = () => resolve(undefined);
  });
}

const sleep = (/** @type {number} */ milliseconds) =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });

async function heap() {
  await sleep(500);
  for (let times = 0; times < 3; times++) globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

const open = { fetch: openBody, eventStream: openStream }[name] ?? openSource;

/** At once as many as the server's backlog has room for. */
const TOGETHER = 250;

async function openAll(/** @type {number} */ total) {
  for (let opened = 0; opened < total; opened += TOGETHER) {
    const next = Math.min(TOGETHER, total - opened);
    await Promise.all(Array.from({ length: next }, open));
  }
}

await openAll(1);
const before = await heap();
await openAll(Number(count));
console.log(`result: ${((await heap()) - before) / Number(count)}`);
process.exit();
