/** The client in a process of its own, which has to end by itself: `client-process.js TASK`. Prints its report, one line of JSON. */
import process from 'node:process';
import { run } from './client.js';

/** For so long sockets and timers may be there that the client had. Milliseconds. */
const LIMIT = 2000;

/** @type {import('./client.js').Report} */
const report = { received: 0, attempts: [], errors: [], problems: [], beats: [], rests: [] };

for (const name of /** @type {const} */ (['unhandledRejection', 'uncaughtException', 'warning'])) {
  process.on(name, (/** @type {unknown} */ error) => report.problems.push(`${name}: ${error}`));
}

process.on('exit', () => console.log(JSON.stringify(report)));

const dist = new URL('../../dist/', import.meta.url);
const everysource = { ...(await import(`${dist}index.js`)), ...(await import(`${dist}stream.js`)) };
await run(everysource, JSON.parse(`${process.argv[2]}`), report);

/** Sockets and timers, by their names, where the runtime tells. */
const left = () => process.getActiveResourcesInfo?.().filter((name) => /Timeout|TCP|TLS/.test(name)) ?? [];

for (const end = performance.now() + LIMIT; left().length > 0 && performance.now() < end;) {
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
}
if (left().length > 0) report.problems.push(`still there: ${left()}`);
