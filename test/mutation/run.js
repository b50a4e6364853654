/**
 * `npm run mutation`: lets Stryker change the rooms of `src`, one after another, and runs the tests of the room on each change. It goes on
 * where it stopped. `npm run mutation -- http errors`: these rooms only.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { rooms } from './rooms.js';
import { judge } from './judge.js';

const root = join(import.meta.dirname, '../..');
const stryker = join(import.meta.dirname, 'node_modules/@stryker-mutator/core/bin/stryker.js');
const asked = process.argv.length > 2 ? process.argv.slice(2) : rooms;

for (const room of asked) {
  const env = { ...process.env, MUTATION_ROOM: room };
  const args = [stryker, 'run', 'test/mutation/stryker.config.js'];
  const { status } = spawnSync(process.execPath, args, { cwd: root, env, stdio: 'inherit' });
  if (status !== 0) throw new Error(`Stryker ended with ${status} on ${room}`);
}
process.exitCode = judge(asked) ? 0 : 1;
