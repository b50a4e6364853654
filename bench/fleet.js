/**
 * What does a server get to see when it comes back after a minute, from 1,000,000 clients that miss it? Prints the requests per second
 * of browsers, of our default and of our default with `spread`, and draws them into `fleet.svg`. The waits are those of
 * `src/reconnection.ts`, the time is virtual, and the seed makes each run print the same figures.
 */
import { writeFile } from 'node:fs/promises';
import { runnerImport } from 'vite';
import { draw } from './chart/fleet-chart.js';
import { CONNECT_TIME, OUTAGE, nativeRules, peak, simulate } from './fleet-model.js';

const fleet = { clients: 1_000_000, seed: 1 };
const file = (/** @type {string} */ path) => new URL(path, import.meta.url).pathname;

/** @type {{ module: import('./fleet-model.js').Room }} */
const { module: rules } = await runnerImport(file('../src/reconnection.ts'), { configFile: false });
const native = { name: 'native', label: 'native EventSource', ...simulate(nativeRules(rules), {}, fleet) };
const ours = { name: 'default', label: 'everysource', ...simulate(rules, {}, fleet) };
const spread = {
  name: 'spread: 30000',
  label: 'everysource, spread: 30000',
  ...simulate(rules, { spread: 30_000 }, fleet),
};

/** @param {(string | number)[]} cells */
const print = ([head = '', ...cells]) =>
  console.log(
    head.toString().padEnd(32) + cells.map((cell) => cell.toLocaleString('en').padStart(15)).join(''),
  );

/**
 * One row: a figure of each variant.
 *
 * @param {string} head
 * @param {(result: typeof native) => string | number} figure
 */
const row = (head, figure) => print([head, ...[native, ours, spread].map(figure)]);

const title = `${fleet.clients.toLocaleString('en')} clients lose their server for ${OUTAGE / 1000} s`;
console.log(`${title}; it refuses within ${CONNECT_TIME} ms.\n`);
row('busiest second of', ({ name }) => name);
for (let from = 0; from < 95; from += 5) {
  row(`${from} to ${from + 5} s`.padStart(12), ({ all }) => peak(all.slice(from, from + 5)));
}
console.log('\nrequests per second, at most');
row('  first attempts', ({ first }) => peak(first));
row('  fourth attempts and later', ({ late }) => peak(late));
row('  all attempts', ({ all }) => peak(all));
row('requests until all are back', ({ total }) => total);
row('the last one is back after', ({ allBackAt }) => `${(allBackAt / 1000).toFixed(1)} s`);

await writeFile(file('fleet.svg'), await draw(title, [native, ours, spread]));
