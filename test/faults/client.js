/** A client of the fault lab, in a process or in a page: it follows the log to its end, and reports what it saw. */
import { watchLag } from './lag.js';
import { dataOf } from './log.js';

/**
 * @typedef {object} Attempt what the client was told before it
 * @property {string} lastEventId
 * @property {string | undefined} reason why the one before ended
 * @property {number} received events before it
 * @property {number} at when
 *
 * @typedef {object} Report
 * @property {number} received events
 * @property {unknown} [wrong] the first that is not the next one
 * @property {Attempt[]} attempts
 * @property {{ attempt: number, reason: string }[]} errors as a source fires them
 * @property {string[]} problems
 * @property {import('./lag.js').Beat[]} beats for how long the client was held up
 * @property {import('./lag.js').Beat[]} rests for how long it took nothing, of its own accord
 *
 * @typedef {object} Task
 * @property {string} how `source` or `stream`
 * @property {string} url
 * @property {number} total events in the log
 * @property {boolean} hasToken whether the caller has a header of its own: redirects are ours then
 */

/** What is silent for so long hangs. Milliseconds. */
export const SILENCE = 1000;

const sleep = (/** @type {number} */ milliseconds) =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });

/**
 * @param {{ EventSource: typeof import('../../src/index.ts').EventSource, eventStream: typeof import('../../src/stream.ts').eventStream }} everysource
 * @param {Task} task
 * @param {Report} report
 */
export async function run({ EventSource, eventStream }, { how, url, total, hasToken }, report) {
  const init = {
    reconnectionTime: 1,
    idleTimeout: SILENCE,
    connectTimeout: SILENCE,
    reconnection: { statuses: /** @type {const} */ ('transient'), maxDelay: 50 },
    /** @param {{ lastEventId: string, reason: string | undefined }} context */
    headers({ lastEventId, reason }) {
      report.attempts.push({ lastEventId, reason, received: report.received, at: Date.now() });
      return hasToken ? { 'x-token': 'secret' } : {};
    },
  };

  /** @param {{ data: string, lastEventId: string }} event */
  function take({ data, lastEventId }) {
    const id = ++report.received;
    if (lastEventId !== `${id}` || data !== dataOf(id)) report.wrong ??= { expected: id, lastEventId, data };
    return report.wrong === undefined && id < total;
  }

  const follow = () =>
    new Promise((resolve) => {
      const source = new EventSource(url, init);
      source.onmessage = (event) => {
        if (take(event)) return;
        source.close();
        resolve(undefined);
      };
      source.onerror = (event) => {
        const { attempt, reason, reconnecting } =
          /** @type {import('../../src/index.ts').EventSourceErrorEvent} */ (event);
        report.errors.push({ attempt, reason });
        if (!reconnecting) resolve(undefined);
      };
    });

  /** @param {number} milliseconds */
  async function rest(milliseconds) {
    await sleep(milliseconds);
    report.rests.push({ at: Date.now(), late: milliseconds });
  }

  /** Slow now and then, so that the end of a connection overtakes what it brought; at times longer than a server may be silent. */
  async function iterate() {
    for await (const event of eventStream(url, init)) {
      if (!take(event)) break;
      if (report.received % Math.ceil(total / 5) === 0) await rest(SILENCE + 50);
      else if (report.received % Math.ceil(total / 100) === 0) await rest(20);
    }
  }

  const lag = watchLag();
  markRequests(report);
  await (how === 'stream' ? iterate() : follow());
  lag.stop();
  report.beats = lag.beats;
}

/** Lets each request tell the lab to which attempt it belongs. The package looks up `fetch` at each. */
function markRequests(/** @type {Report} */ { attempts }) {
  const { fetch } = globalThis;
  globalThis.fetch = (url, init) =>
    fetch(url, {
      ...init,
      headers: { .../** @type {object} */ (init?.headers), 'x-attempt': `${attempts.length}` },
    });
}
