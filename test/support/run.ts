import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export const root = join(import.meta.dirname, '../..');

/** How a child process ended. */
export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts Node in the root of the package, where `everysource` is the built package. Killed when the test is finished. */
function start(args: string[]) {
  const child = spawn(process.execPath, args, { cwd: root, env: { ...process.env, NO_COLOR: '1' } });
  const kill = () => void child.kill('SIGKILL');
  const run = { stdout: '', stderr: '', hasEnded: false, kill };
  onTestFinished(kill);
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => (run[name] += text));
  }
  const ended = new Promise<number | null>((resolve) => {
    child.on('close', (code) => {
      run.hasEnded = true;
      resolve(code);
    });
  });
  return { run, ended };
}

/** Runs Node until it ends by itself. */
export async function runNode(args: string[]): Promise<Run> {
  const { run, ended } = start(args);
  const code = await ended;
  return { code, stdout: run.stdout, stderr: run.stderr };
}

const asModule = (source: string, args: string[]) => ['--input-type=module', '-e', source, ...args];

/** Runs a module until it ends by itself; `process.argv[1]` and following are `args`. */
export const runModule = (source: string, ...args: string[]): Promise<Run> => runNode(asModule(source, args));

/** A child process, and what it has printed so far. */
export interface Running {
  readonly stdout: string;
  readonly stderr: string;
  readonly hasEnded: boolean;
  /** As a crash of the machine would. */
  kill(): void;
}

/** Starts Node and shows what it has printed so far. */
export const spawnNode = (args: string[]): Running => start(args).run;

/** Starts a module and shows what it has printed so far; `process.argv[1]` and following are `args`. */
export const spawnModule = (source: string, ...args: string[]): Running => start(asModule(source, args)).run;
