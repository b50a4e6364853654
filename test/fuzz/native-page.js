/** In the page: follows each stream of a batch with the browser's class and with ours. */
(() => {
  const { everysource } =
    /** @type {typeof globalThis & { everysource: typeof import('../../src/index.ts') }} */ (globalThis);

  /**
   * Until its stream ends.
   *
   * @param {EventSource | import('../../src/index.ts').EventSource} source
   * @param {string[]} types to listen for
   * @returns {Promise<import('./native.js').Seen>}
   */
  const follow = (source, types) =>
    new Promise((resolve) => {
      /** @type {import('./reference.js').StreamEvent[]} */
      const events = [];
      const listener = (/** @type {Event} */ event) => {
        // A server may name an event `error`, too.
        if (event instanceof MessageEvent) {
          const { type, data, lastEventId } = event;
          events.push({ type, data, lastEventId });
        } else if (event.type === 'error') {
          const { readyState } = source;
          source.close();
          resolve({ events, readyState });
        }
      };
      for (const type of new Set([...types, 'error'])) source.addEventListener(type, listener);
    });

  async function followBatch() {
    const batch = /** @type {string[][]} */ (await (await fetch('/batch')).json());
    /** @type {{ native: import('./native.js').Seen, ours: import('./native.js').Seen }[]} */
    const seen = [];
    const queue = batch.entries();
    const work = async () => {
      for (const [index, types] of queue) {
        const ourSource = new everysource.EventSource(`/streams/${index}?ours`);
        const [native, ours] = await Promise.all([
          follow(new EventSource(`/streams/${index}?native`), types),
          follow(ourSource, types),
        ]);
        const { lastEventId, reconnectionTime } = ourSource;
        seen[index] = { native, ours: { ...ours, lastEventId, reconnectionTime } };
      }
    };
    // Three pairs: HTTP/1.1 gets six connections.
    await Promise.all([work(), work(), work()]);
    return JSON.stringify(seen);
  }

  Object.assign(globalThis, { followBatch });
})();
