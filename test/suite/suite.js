// @ts-nocheck: a script without imports, so that it loads as a module, by importScripts and by a script tag alike.
/**
 * Runs the cases of `cases.js` and the other files, which come first. Defines `everysourceSuite` on the global object: the `cases`, and
 * `run(context)`, which resolves to the result of each, `ok` or what was wrong. A context has everything that `everysource` exports,
 * everything of `everysource/stream` where that can be loaded, and beside it:
 *
 * - `origin`, `otherOrigin`: the suite's server, under two names
 * - `isPage`: this is a page or a browser's worker on `origin`, so CORS and cookies exist
 * - `isWebKit`: it encodes header values once more, so it cannot send every ID
 * - `ignoresCache`: `cache: 'no-store'` sends no header there
 * - `needsByte`: `fetch` shows a response only when a byte of its body has come
 * - `losesAborts`: an aborted fetch now and then stays open, so its end is not waited for. So in shared and service workers of Firefox (153,
 *   2026-11): of 60 plain fetches, each aborted after its response, 1 stayed open until the server sent more
 */
(() => {
  const cases = globalThis.everysourceCases;
  function equal(actual, expected, what) {
    const [got, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
    if (got !== wanted) throw new Error(`${what}: expected ${wanted}, got ${got}`);
  }

  async function eventually(condition, what) {
    const limit = Date.now() + 10_000;
    while (Date.now() < limit) {
      if (await condition()) return;
      await new Promise((resolve) => {
        setTimeout(resolve, 5);
      });
    }
    throw new Error(`never happened: ${what}`);
  }

  let keys = 0;

  function createTools(context) {
    const { EventSource, EventSourceErrorEvent, origin } = context;
    const sources = [];
    const key = `${Date.now()}-${Math.random()}-${keys++}`;
    const address = (path, base = origin) => `${base}${path}${path.includes('?') ? '&' : '?'}key=${key}`;

    /** A source, and what it fires. */
    function follow(url, init = {}) {
      const source = new EventSource(url, { reconnectionTime: 1, ...init });
      sources.push(source);
      const log = [];
      const events = [];
      const errors = [];
      source.onopen = () => log.push('open');
      source.onmessage = (event) => {
        log.push(event.data);
        events.push(event);
      };
      source.onerror = (event) => {
        if (!(event instanceof EventSourceErrorEvent)) return;
        log.push(`error ${source.readyState}`);
        errors.push(event);
      };
      return { source, log, events, errors };
    }

    /** The first event of a source. */
    async function first(url, init) {
      const { events, errors, source } = follow(url, init);
      await eventually(() => events.length > 0 || source.readyState === 2, `an event, ${errors[0]?.message}`);
      source.close();
      return events[0];
    }

    /** Waits until the server has so many requests of this case open. */
    const untilOpen = (count) =>
      eventually(async () => {
        const response = await fetch(address('/state'));
        const { open } = await response.json();
        return open === count;
      }, `the server has ${count} requests open`);

    /** Waits until the server has seen the end of every request of this case. */
    const released = () => (context.losesAborts ? undefined : untilOpen(0));

    /** Lets the server do something to this case's newest response. */
    const act = (path) => fetch(address(path));

    const closeAll = () => sources.forEach((source) => source.close());
    return { address, follow, first, untilOpen, released, act, closeAll, equal, until: eventually };
  }

  async function runOne(one, context) {
    const { name } = one;
    const isHere =
      (one.only !== 'page' || context.isPage) && (one.needs === undefined || one.needs in context);
    if (!isHere) return { name, result: 'not here' };
    const tools = createTools(context);
    let timer;
    const limit = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error('no result in 15 s')), 15_000);
    });
    try {
      await Promise.race([one.run(context, tools), limit]);
      return { name, result: 'ok' };
    } catch (error) {
      return { name, result: `${error instanceof Error ? error.message : error}` };
    } finally {
      clearTimeout(timer);
      tools.closeAll();
    }
  }

  /** Runs all cases, one after the other. */
  async function run(context) {
    const results = [];
    for (const one of cases) results.push(await runOne(one, context));
    return results;
  }

  globalThis.everysourceSuite = { cases, run };
})();
