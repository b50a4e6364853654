#!/usr/bin/env node
/** `npx everysource URL`: the process around `follow`. */
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import type { WriteStream } from 'node:tty';
import { commandOf, usage, UsageError } from './command.ts';
import { follow, type Following, type Output } from './follow.ts';
import { paint } from './printer.ts';

const { stdin, stdout, stderr, env } = process;

let following: Following | undefined;

/** A pipe whose reader has gone, as in `everysource … | head`, ends it quietly; a full disk does not. */
function onOutputError({ code }: NodeJS.ErrnoException): void {
  const isGone = code === 'EPIPE';
  if (!isGone) {
    process.exitCode = 1;
    err.write(`✘ Cannot write the output (${code})\n`);
  }
  following?.end(isGone ? 0 : 1, true);
}

function output(stream: WriteStream): Output {
  stream.on('error', onOutputError);
  const isTerminal = stream.isTTY === true;
  return {
    isTerminal,
    // Node 20 takes an empty NO_COLOR for a set one. `hasColors` knows dumb terminals.
    isColored: isTerminal && !env.NO_COLOR && stream.hasColors({ ...env, NO_COLOR: undefined }),
    write(text) {
      try {
        return stream.write(text);
      } catch (error) {
        // Deno (2.9, 2026-11) throws what others tell by the event.
        onOutputError(error as NodeJS.ErrnoException);
        return true;
      }
    },
    once: (event, listener) => stream.once(event, listener),
  };
}

const err = output(stderr);
const out = output(stdout);

const read = (path: string): Promise<Buffer> => (path === '-' ? buffer(stdin) : readFile(path));

function onSignal(): void {
  // Over the `^C` that the terminal shows.
  if (err.isTerminal) err.write('\r');
  following?.end(0);
}

async function main(): Promise<number> {
  try {
    const command = await commandOf(process.argv.slice(2), read);
    if (typeof command === 'object') {
      following = follow(command, out, err);
      for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, onSignal);
      return await following.status;
    }
    const about = JSON.parse(`${readFileSync(new URL('../package.json', import.meta.url))}`) as object;
    out.write(command === 'help' ? usage : `${'version' in about && about.version}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    // Last, where it is seen.
    err.write(`${usage}\n${paint(`✘ ${error.message}`, 'red', err)}\n`);
    return 2;
  }
}

const status = await main();
process.exitCode ||= status;
