/**
 * `npm run mutation`: lets Stryker change the rooms of `src`, one after another, and runs the tests of the room on each change.
 * `npm run mutation -- http errors`: these rooms only. `-- --judge`: tells of what was found before.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { rooms } from './rooms.js';
import { judge } from './judge.js';

const root = join(import.meta.dirname, '../..');
const stryker = join(import.meta.dirname, 'node_modules/@stryker-mutator/core/bin/stryker.js');
const { values, positionals } = parseArgs({
  options: { judge: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const asked = positionals.length > 0 ? positionals : rooms;

for (const room of values.judge ? [] : asked) {
  const env = { ...process.env, MUTATION_ROOM: room };
  const args = [stryker, 'run', 'test/mutation/stryker.config.js'];
  const { status } = spawnSync(process.execPath, args, { cwd: root, env, stdio: 'inherit' });
  if (status !== 0) throw new Error(`Stryker ended with ${status} on ${room}`);
}
process.exitCode = judge(asked) ? 0 : 1;
