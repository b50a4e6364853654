#!/usr/bin/env node
/** `npx everysource URL`: the program around `follow`. */
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import type { WriteStream } from 'node:tty';
import { commandOf, usage, UsageError, type Command } from './command.ts';
import { follow, type Output } from './follow.ts';
import { paint } from './printer.ts';

const { stdin, stdout, stderr } = process;

function output(stream: WriteStream): Output {
  const isTerminal = stream.isTTY === true;
  return {
    isTerminal,
    // `hasColors` knows NO_COLOR, FORCE_COLOR and dumb terminals.
    isColored: isTerminal && stream.hasColors(),
    write: (text) => stream.write(text),
    once: (event, listener) => stream.once(event, listener),
  };
}

const out = output(stdout);
const err = output(stderr);

const read = (path: string): Promise<Buffer> => (path === '-' ? buffer(stdin) : readFile(path));

async function run(command: Command): Promise<number> {
  const following = follow(command, out, err);
  // A pipe whose reader has gone, as in `everysource … | head`, ends it quietly.
  stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
    const isGone = code === 'EPIPE';
    if (!isGone) err.write(`✘ Cannot write to standard output (${code})\n`);
    following.end(isGone ? 0 : 1, true);
  });
  const onSignal = (): void => {
    // Over the `^C` that the terminal shows.
    if (err.isTerminal) err.write('\r');
    following.end(0);
  };
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, onSignal);
  return following.status;
}

async function main(): Promise<number> {
  try {
    const command = await commandOf(process.argv.slice(2), read);
    if (typeof command === 'object') return await run(command);
    const { version } = JSON.parse(`${readFileSync(new URL('../package.json', import.meta.url))}`) as {
      version: string;
    };
    out.write(command === 'help' ? usage : `${version}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    // Last, where it is seen.
    err.write(`${usage}\n${paint(`✘ ${error.message}`, 'red', err)}\n`);
    return 2;
  }
}

// Nobody is left to be told that standard error has gone.
stderr.on('error', () => {});
process.exitCode = await main();
