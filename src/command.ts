/** The arguments of the command line: from words to a command, or to the mistake in them. */
import { parseArgs } from 'node:util';
import { convertInit, type EventSourceInit } from './init.ts';
import type { PlatformBody } from './platform-types.ts';
import { TRANSIENT } from './reconnection.ts';
import { parseUrl } from './url.ts';

export const usage = `Usage: everysource URL [options]

Follows a stream of server-sent events. Events go to standard output, what
happens to the connection to standard error.

Request:
  -H, --header "NAME: VALUE"  a header, as often as needed; @FILE reads one a
                              line, which keeps a token out of the list of
                              processes
  -X, --method METHOD         GET, or POST where there is data
  -d, --data TEXT             the body; @FILE reads a file, - standard input
      --last-event-id ID      go on after this event

Output:
      --event NAME            only events of this name, as often as needed
      --json                  an object a line: type, data, lastEventId, origin
      --raw                   the data alone
      --count N               end after N events
      --until TEXT            end at an event with just this data, without it

Connection:
      --idle-timeout TIME     reconnect when nothing has come for so long: 45s,
                              500ms, 2m; a plain number is milliseconds
      --retry-status CODES    try again after these: 429,503 or transient
      --no-reconnect          one attempt only

  -h, --help
  -V, --version

Exit status: 0 when it ended on request (--count, --until, Ctrl-C, or the end
of a stream that has no other), 1 when the connection failed, 2 when it was
used wrongly.
`;

const options = {
  header: { type: 'string', short: 'H', multiple: true, default: [] as string[] },
  method: { type: 'string', short: 'X' },
  data: { type: 'string', short: 'd' },
  'last-event-id': { type: 'string' },
  event: { type: 'string', multiple: true, default: [] as string[] },
  json: { type: 'boolean', default: false },
  raw: { type: 'boolean', default: false },
  count: { type: 'string' },
  until: { type: 'string' },
  'idle-timeout': { type: 'string' },
  'retry-status': { type: 'string', multiple: true, default: [] as string[] },
  'no-reconnect': { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
  version: { type: 'boolean', short: 'V', default: false },
} as const;

type Values = ReturnType<typeof parse>['values'];

/** What to follow, and how to show it. */
export interface Command {
  readonly url: URL;
  readonly init: EventSourceInit;
  readonly show: Show;
}

/** What is printed of the events, and when to end. */
export interface Show {
  readonly format: 'text' | 'json' | 'raw';
  /** Names of the events to print; empty for all. */
  readonly types: ReadonlySet<string>;
  /** How many events to print. */
  readonly count: number;
  readonly until: string | undefined;
}

/** A use that cannot be meant. Its message never repeats a value, which may be a secret. */
export class UsageError extends Error {}

/** Reads a whole file, or standard input for `-`. */
export type Read = (path: string) => Promise<Buffer>;

/**
 * Makes a command of the words after the name of the program.
 *
 * @throws {UsageError} that tells the mistake
 */
export async function commandOf(argv: string[], read: Read): Promise<Command | 'help' | 'version'> {
  const { values, positionals } = parse(argv);
  if (values.help) return 'help';
  if (values.version) return 'version';
  const url = urlOf(positionals);
  const show = showOf(values);
  const init = await initOf(values, readFrom(read));
  try {
    convertInit(init);
  } catch (error) {
    throw new UsageError(inOptions((error as Error).message));
  }
  return { url, init, show };
}

function parse(argv: string[]) {
  try {
    return parseArgs({ args: argv, options, allowPositionals: true });
  } catch (error) {
    // Of its advice, only the first sentence is about this program.
    throw new UsageError((error as Error).message.split(/\.? To specify|\n/)[0]);
  }
}

function urlOf(positionals: string[]): URL {
  if (positionals.length === 0) throw new UsageError('Expected a URL');
  if (positionals.length > 1) {
    throw new UsageError(
      `Expected one URL, got ${positionals.length} words: put what belongs together in quotes`,
    );
  }
  const [text] = positionals as [string];
  const isComplete = /^[a-z][a-z\d+.-]*:\/\//i.test(text);
  const isHere = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])([:/?]|$)/i.test(text);
  let url: URL;
  try {
    url = parseUrl(isComplete ? text : `${isHere ? 'http' : 'https'}://${text}`);
  } catch {
    throw new UsageError('The URL cannot be parsed');
  }
  if (!/^https?:$/.test(url.protocol))
    throw new UsageError(`Expected an http or https URL, got ${url.protocol}`);
  return url;
}

function showOf(values: Values): Show {
  const { json, raw, event, until } = values;
  if (json && raw) throw new UsageError('--json and --raw exclude each other');
  if (values.count !== undefined && !/^[1-9]\d*$/.test(values.count)) {
    throw new UsageError('--count has to be a whole number of 1 or more');
  }
  const count = Number(values.count ?? Infinity);
  let format: Show['format'] = 'text';
  if (json) format = 'json';
  else if (raw) format = 'raw';
  return { format, types: new Set(event), count, until };
}

async function initOf(values: Values, read: Read): Promise<EventSourceInit> {
  const { method, data, 'last-event-id': lastEventId, 'idle-timeout': idle } = values;
  const { 'retry-status': statuses, 'no-reconnect': isOnce } = values;
  const headers = await headersOf(values.header, read);
  const body = data === undefined ? undefined : await bodyOf(data, read);
  const hasType = headers.some(([name]) => name.toLowerCase() === 'content-type');
  if (body !== undefined && !hasType && isJson(body)) headers.push(['Content-Type', 'application/json']);
  return {
    headers,
    body: body as PlatformBody | undefined,
    method: method ?? (body === undefined ? undefined : 'POST'),
    lastEventId,
    idleTimeout: idle === undefined ? undefined : milliseconds(idle),
    reconnection: isOnce ? false : { statuses: statuses.flatMap(codes) },
  };
}

async function headersOf(words: readonly string[], read: Read): Promise<[string, string][]> {
  const lines: string[] = [];
  for (const word of words) {
    if (!word.startsWith('@')) lines.push(word);
    else lines.push(...(await read(word.slice(1))).toString().split(/\r?\n/).filter(Boolean));
  }
  return lines.map((line) => {
    const [, name, value] = /^([^:\s]+):\s*(.*?)\s*$/s.exec(line) ?? [];
    if (name === undefined || value === undefined) {
      throw new UsageError('--header has to be "NAME: VALUE", or @FILE with one such line for each header');
    }
    return [name, value];
  });
}

async function bodyOf(word: string, read: Read): Promise<string | Buffer> {
  if (word === '-') return read('-');
  return word.startsWith('@') ? read(word.slice(1)) : word;
}

function isJson(body: string | Buffer): boolean {
  try {
    JSON.parse(body.toString());
    return true;
  } catch {
    return false;
  }
}

const UNITS: Record<string, number> = { '': 1, ms: 1, s: 1000, m: 60_000 };

function milliseconds(text: string): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m)?$/.exec(text) ?? [];
  if (number === undefined) throw new UsageError('--idle-timeout has to be a time such as 45s, 500ms or 2m');
  return Number(number) * UNITS[unit]!;
}

function codes(text: string): number[] {
  return text.split(',').flatMap((word) => {
    if (word === 'transient') return TRANSIENT;
    if (/^[1-5]\d\d$/.test(word)) return Number(word);
    throw new UsageError('--retry-status has to be status codes such as 429,503, or transient');
  });
}

/** What the options of the class are called here. */
const names: Record<string, string> = {
  headers: '--header',
  method: '--method',
  body: '--data',
  lastEventId: '--last-event-id',
  idleTimeout: '--idle-timeout',
};

/** A message of the engine, in words of the command line. */
export function inOptions(message: string): string {
  return message
    .replace('the option "headers" or "withCredentials"', '--header')
    .replace('with a "method" other', 'with a --method other')
    .replaceAll(/(?:everysource: )?(?:the option )?"(\w+)"/g, (all, name: string) => names[name] ?? all);
}

/** Reads, and makes a mistake of what cannot be read. */
function readFrom(read: Read): Read {
  return async (path) => {
    try {
      return await read(path);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      throw new UsageError(`Cannot read ${path === '-' ? 'standard input' : `the file ${path}`} (${code})`);
    }
  };
}
