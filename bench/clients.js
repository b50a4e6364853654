/** The clients that are measured, each with what it takes to listen to one stream until it ends. Runs in browsers too. */

/**
 * @typedef {object} Stream
 * @property {string} url
 * @property {string[]} types of its events
 *
 * @typedef {(data: { length: number }) => void} Take called with the data of each event, or with each chunk
 *
 * @typedef {object} Client
 * @property {string} name
 * @property {'ours' | 'peer' | 'limit'} kind
 * @property {string} [package] where its version is found; the runtime's own if there is none
 * @property {'length' | 'bytes' | 'characters'} counts what the lengths that it takes add up to
 * @property {string[]} [only] the runtimes that have it; all if there is none
 * @property {(stream: Stream, take: Take) => Promise<void>} listen is done when the stream has ended
 */

const nodes = ['node20', 'node24', 'node26'];

/**
 * @param {new (url: string) => EventSource} EventSourceClass
 * @param {Stream} stream
 * @param {Take} take
 * @returns {Promise<void>}
 */
const listenTo = (EventSourceClass, { url, types }, take) =>
  new Promise((resolve) => {
    const source = new EventSourceClass(url);
    for (const type of types) source.addEventListener(type, (event) => take(event.data));
    source.addEventListener('error', () => {
      source.close();
      resolve();
    });
  });

/** @param {string} url */
async function bodyOf(url) {
  const { body } = await fetch(url);
  if (body === null) throw new TypeError('a response without a body');
  return body.getReader();
}

const nothing = () => {};

/** What `fetch-event-source` takes for granted: it was written for pages. */
function pretendToBeAPage() {
  if (typeof document !== 'undefined') return;
  const page = { hidden: false, addEventListener: nothing, removeEventListener: nothing };
  Object.assign(globalThis, { window: globalThis, document: page });
}

/** @type {Client[]} */
export const clients = [
  {
    name: 'everysource',
    kind: 'ours',
    package: 'everysource',
    counts: 'length',
    listen: async (stream, take) => listenTo((await import('everysource')).EventSource, stream, take),
  },
  {
    name: 'eventStream',
    kind: 'ours',
    package: 'everysource',
    counts: 'length',
    async listen({ url }, take) {
      const { eventStream } = await import('everysource/stream');
      for await (const { data } of eventStream(url, { reconnection: false })) take(data);
    },
  },
  {
    name: 'batches()',
    kind: 'ours',
    package: 'everysource',
    counts: 'length',
    async listen({ url }, take) {
      const { eventStream } = await import('everysource/stream');
      for await (const events of eventStream(url, { reconnection: false }).batches()) {
        for (const { data } of events) take(data);
      }
    },
  },
  {
    name: 'eventsource',
    kind: 'peer',
    package: 'eventsource',
    counts: 'length',
    listen: async (stream, take) => listenTo((await import('eventsource')).EventSource, stream, take),
  },
  {
    name: 'eventsource-client',
    kind: 'peer',
    package: 'eventsource-client',
    counts: 'length',
    async listen({ url }, take) {
      const { createEventSource } = await import('eventsource-client');
      await new Promise((resolve) => {
        const source = createEventSource({
          url,
          onMessage: ({ data }) => take(data),
          onDisconnect: () => resolve(source.close()),
        });
      });
    },
  },
  {
    name: 'event-source-polyfill',
    kind: 'peer',
    package: 'event-source-polyfill',
    counts: 'length',
    async listen(stream, take) {
      const { EventSourcePolyfill } = (await import('event-source-polyfill')).default;
      await listenTo(EventSourcePolyfill, stream, take);
    },
  },
  {
    name: 'fetch-event-source',
    kind: 'peer',
    package: '@microsoft/fetch-event-source',
    counts: 'length',
    async listen({ url }, take) {
      pretendToBeAPage();
      const { fetchEventSource } = await import('@microsoft/fetch-event-source');
      await fetchEventSource(url, { fetch, openWhenHidden: true, onmessage: ({ data }) => take(data) });
    },
  },
  {
    name: 'event-source-plus',
    kind: 'peer',
    package: 'event-source-plus',
    counts: 'length',
    async listen({ url }, take) {
      const { EventSourcePlus } = await import('event-source-plus');
      await new Promise((resolve) => {
        new EventSourcePlus(url, { retryStrategy: 'on-error' })
          .listen({ onMessage: ({ data }) => take(data) })
          .onAbort(resolve);
      });
    },
  },
  {
    name: 'undici',
    kind: 'peer',
    package: 'undici',
    counts: 'length',
    only: nodes,
    async listen(stream, take) {
      const { EventSource: Undicis } = await import('undici');
      // Its types are classes of its own.
      await listenTo(/** @type {any} */ (Undicis), stream, take);
    },
  },
  {
    name: 'built-in EventSource',
    kind: 'peer',
    counts: 'length',
    only: [...nodes, 'deno', 'chromium', 'firefox'],
    listen: (stream, take) => listenTo(EventSource, stream, take),
  },
  {
    name: 'fetch, read',
    kind: 'limit',
    counts: 'bytes',
    async listen({ url }, take) {
      const reader = await bodyOf(url);
      for (let result = await reader.read(); !result.done; result = await reader.read()) take(result.value);
    },
  },
  {
    name: 'fetch, read, decode',
    kind: 'limit',
    counts: 'characters',
    async listen({ url }, take) {
      const reader = await bodyOf(url);
      const decoder = new TextDecoder();
      for (let result = await reader.read(); !result.done; result = await reader.read()) {
        take(decoder.decode(result.value, { stream: true }));
      }
    },
  },
  {
    name: 'node:http',
    kind: 'limit',
    counts: 'bytes',
    only: [...nodes, 'deno', 'bun'],
    async listen({ url }, take) {
      const { get } = await import('node:http');
      await new Promise((resolve, reject) => {
        get(url, (response) => response.on('data', take).on('end', resolve)).on('error', reject);
      });
    },
  },
];

/**
 * Listens to the end.
 *
 * @param {string | undefined} name
 * @param {Stream} stream
 */
export async function listen(name, stream) {
  const client = clients.find((entry) => entry.name === name);
  if (client === undefined) throw new RangeError(`no client is called ${name}`);
  let count = 0;
  let length = 0;
  await client.listen(stream, (data) => {
    count++;
    length += data.length;
  });
  return { count, length };
}
