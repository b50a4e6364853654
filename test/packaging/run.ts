/** Runs a command to its end. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export const packaging = import.meta.dirname;
export const root = join(packaging, '../..');

export interface Ended {
  status: number | null;
  /** Of both standard streams. */
  output: string;
}

/** Of what vitest tells its own processes, a tool must not know; nor the colours of the terminal. */
const inherited = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^(VITEST|NODE_ENV$|TEST$|FORCE_COLOR|NODE_V8_)/.test(name),
  ),
);

export async function run(
  file: string,
  args: readonly string[],
  cwd: string,
  env: Record<string, string> = {},
): Promise<Ended> {
  const child = spawn(file, args, {
    cwd,
    env: { ...inherited, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 120_000,
    killSignal: 'SIGKILL',
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  const [status] = await once(child, 'close');
  return { status, output };
}
