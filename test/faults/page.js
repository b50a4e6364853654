/** The client in a page, whose url has the task. Posts its report. */
import { run } from './client.js';

/** @type {import('./client.js').Report} */
const report = { received: 0, attempts: [], errors: [], problems: [], beats: [], rests: [] };

addEventListener('unhandledrejection', ({ reason }) => report.problems.push(`unhandledrejection: ${reason}`));
addEventListener('error', ({ message }) => report.problems.push(`error: ${message}`));
for (const name of /** @type {const} */ (['warn', 'error'])) {
  console[name] = (...words) => report.problems.push(`console.${name}: ${words.join(' ')}`);
}

const { fetch } = globalThis;
const post = () => fetch('/report', { method: 'POST', body: JSON.stringify(report) });

try {
  const dist = `${location.origin}/dist/`;
  const everysource = { ...(await import(`${dist}index.js`)), ...(await import(`${dist}stream.js`)) };
  await run(everysource, JSON.parse(`${new URLSearchParams(location.search).get('task')}`), report);
} catch (error) {
  report.problems.push(`${error}`);
}
// The last fault may be that nobody listens.
for (let isPosted = false; !isPosted;)
  isPosted = await post().then(
    () => true,
    () => false,
  );
