/**
 * A client of the fault lab, in a process of its own, which has to end by itself: `client.js HOW URL COUNT`. HOW is `source` or `stream`.
 * Prints one line of JSON: the first event that is wrong, if any is, how many came, and why each attempt ended.
 */
import { dataOf } from './log.js';

const [how, url = '', count = ''] = process.argv.slice(2);
const dist = new URL('../../dist/', import.meta.url);
const total = Number(count);

/** @type {{ received: number, wrong: unknown, errors: { reason: string, code: string }[], problems: string[] }} */
const report = { received: 0, wrong: undefined, errors: [], problems: [] };

for (const name of /** @type {const} */ (['unhandledRejection', 'uncaughtException', 'warning'])) {
  process.on(name, (/** @type {unknown} */ error) => report.problems.push(`${name}: ${error}`));
}

/** @param {{ data: string, lastEventId: string }} event */
function take({ data, lastEventId }) {
  const id = ++report.received;
  if (lastEventId !== `${id}` || data !== dataOf(id)) report.wrong ??= { expected: id, lastEventId, data };
  return report.wrong === undefined && id < total;
}

const init = {
  reconnectionTime: 1,
  idleTimeout: 400,
  connectTimeout: 400,
  reconnection: { statuses: /** @type {const} */ ('transient'), maxDelay: 50 },
};

/** @param {{ reason: string, message: string }} error */
const note = ({ reason, message }) =>
  report.errors.push({ reason, code: /\(([A-Z_]+)\)/.exec(message)?.[1] ?? '' });

async function follow() {
  /** @type {typeof import('../../src/index.ts')} */
  const { EventSource } = await import(`${dist}index.js`);
  await new Promise((resolve) => {
    const source = new EventSource(url, init);
    source.onmessage = (event) => {
      if (take(event)) return;
      source.close();
      resolve(undefined);
    };
    source.onerror = (error) => {
      note(/** @type {any} */ (error));
      if (source.readyState === EventSource.CLOSED) resolve(undefined);
    };
  });
}

/** A consumer that is slow now and then, so that the server's socket fills. */
async function iterate() {
  /** @type {typeof import('../../src/stream.ts')} */
  const { eventStream } = await import(`${dist}stream.js`);
  for await (const event of eventStream(url, init)) {
    if (!take(event)) break;
    if (report.received % 500 === 0) {
      await new Promise((resolve) => {
        setTimeout(resolve, 20);
      });
    }
  }
}

await (how === 'stream' ? iterate() : follow());
process.on('exit', () => console.log(JSON.stringify(report)));
