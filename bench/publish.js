/**
 * Puts what `run.js --json FILE` has written into the README, between its two marks, and draws `clients.svg`: `publish.js FILE`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { draw } from './chart/clients-chart.js';
import { clients } from './clients.js';
import { path } from './processes.js';
import { multipleOf, multiplesTable, runtimesTable } from './report.js';

const RUNTIME = 'node24';
const BEGIN = '<!-- figures: npm run bench:publish -->';
const END = '<!-- end of figures -->';

const [file = ''] = process.argv.slice(2);
const result = JSON.parse(readFileSync(file, 'utf8'));
/** @type {{ measurements: import('./report.js').Measurement[], versions: string[], choice: { rounds: number, workloads: string[] } }} */
const { measurements, versions, choice } = result.clients;
const here = measurements.filter(({ runtime }) => runtime === RUNTIME);
const version = versions.find((text) => text.startsWith('Node 24')) ?? 'Node 24';

const bars = clients
  .filter(({ name }) => here.some(({ client }) => client === name))
  .flatMap(({ name, kind }) =>
    choice.workloads.map((workload) => {
      return {
        client: name,
        kind,
        workload,
        multiple: multipleOf(here, { runtime: RUNTIME, workload, client: name }),
      };
    }),
  );
writeFileSync(path('clients.svg'), await draw(version, bars));

const peers = clients.flatMap(({ name, package: peer }) => {
  const isHere = here.some(({ client }) => client === name);
  return peer === undefined || peer === 'everysource' || !isHere ? [] : peer;
});
const packages = peers.map((name) => `${name} ${result.packages[name]}`).join(', ');
const { processors, memory, system } = result.machine;
const elsewhere =
  versions.length === 1
    ? ''
    : `
\`everysource\` in each runtime, in the same run, against \`eventsource\` there:

${runtimesTable(measurements, versions, 'everysource')}
`;
const block = `${BEGIN}

![CPU time of the clients, as multiples](bench/clients.svg)

${multiplesTable(here, RUNTIME)}

${version}, medians of ${choice.rounds} rounds on ${result.date.slice(0, 10)}; ${processors}, ${memory}, ${system}; ${packages}.
${elsewhere}
${END}`;

const readme = path('../README.md');
const text = readFileSync(readme, 'utf8');
const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
if (begin === -1 || end < begin) throw new Error(`README.md has no line ${BEGIN}, or no ${END} after it`);
const next = text.slice(0, begin) + block + text.slice(end + END.length);
const options = await resolveConfig(readme);
writeFileSync(readme, await format(next, { ...options, filepath: readme }));
