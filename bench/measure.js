/** Measures clients side by side: in each round each client once, in turn. */
import { clients } from './clients.js';
import { CYCLES, build, plans } from './workloads.js';

/**
 * @typedef {import('./clients.js').Client} Client
 * @typedef {import('./workloads.js').Workload} Workload
 *
 * @typedef {object} Measurement
 * @property {string} runtime
 * @property {string} workload
 * @property {string} client
 * @property {number} round
 * @property {number} [cpu] milliseconds, as the next two
 * @property {number} [wall]
 * @property {number} [startup]
 * @property {string} [problem] what went wrong, or came out wrong
 *
 * @typedef {object} Choice
 * @property {string[]} clients
 * @property {string[]} workloads
 * @property {number} rounds
 * @property {number} [cycles] of each workload, if not as many as the runtime is usually sent
 */

/**
 * @param {Client} client
 * @param {Workload['expected']} expected
 * @param {number} cycles
 * @param {{ count: number, length: number }} result
 */
function problemOf({ counts }, expected, cycles, { count, length }) {
  const whole = expected[counts] * cycles;
  if (counts === 'length' && count !== expected.count * cycles) {
    return `gave ${count} events of ${expected.count * cycles}`;
  }
  return length === whole
    ? undefined
    : `gave ${length} of ${whole} ${counts === 'length' ? 'characters' : counts}`;
}

/** To hundredths. */
const rounded = (/** @type {number} */ time) => Number(time.toFixed(2));

/**
 * One run, checked.
 *
 * @param {import('./runtimes.js').Open} runtime
 * @param {Client} client
 * @param {Workload} workload
 * @param {{ origin: string, cycles: number }} server
 */
async function measureOnce(runtime, client, { name, types, expected }, { origin, cycles }) {
  const url = `${origin}/workload?workload=${name}&cycles=${cycles}`;
  try {
    const result = await runtime.run(client.name, { url, types });
    const { cpu, wall, startup } = result;
    const problem = problemOf(client, expected, cycles, result);
    const times = { cpu: rounded(cpu), wall: rounded(wall) };
    const more = startup === undefined ? {} : { startup: rounded(startup) };
    return problem === undefined ? { ...times, ...more } : { ...times, ...more, problem };
  } catch (error) {
    const [sentence = ''] = `${error instanceof Error ? error.message : error}`.split('\n');
    return { problem: sentence };
  }
}

/**
 * The list from a place on, so that no client is always the first.
 *
 * @template Item
 * @param {Item[]} list
 * @param {number} by
 */
const rotated = (list, by) => [...list.slice(by % list.length), ...list.slice(0, by % list.length)];

/**
 * All rounds in one runtime. A client with a problem is not asked again for the same workload.
 *
 * @param {import('./runtimes.js').Runtime} place
 * @param {{ origin: string, pid: number | undefined }} server
 * @param {Choice} choice
 * @returns {Promise<{ version: string, measurements: Measurement[] }>}
 */
export async function measureIn(place, server, choice) {
  const { name, scale, open } = place;
  const runtime = await open(server);
  const cycles = choice.cycles ?? CYCLES * scale;
  const here = clients.filter(
    (client) => choice.clients.includes(client.name) && (client.only?.includes(name) ?? true),
  );
  /** @type {Measurement[]} */
  const measurements = [];
  for (const plan of plans.filter((entry) => choice.workloads.includes(entry.name))) {
    const workload = build(plan);
    const failed = new Set();
    for (let round = 0; round < choice.rounds; round++) {
      for (const client of rotated(here, round * 3)) {
        if (failed.has(client)) continue;
        const result = await measureOnce(runtime, client, workload, { origin: server.origin, cycles });
        if ('problem' in result) failed.add(client);
        measurements.push({ runtime: name, workload: plan.name, client: client.name, round, ...result });
      }
    }
    process.stderr.write(`${runtime.version}, ${plan.name}: ${choice.rounds} rounds\n`);
  }
  await runtime.close();
  return { version: runtime.version, measurements };
}
