/** The arguments of the command line: from words to a command, or to the mistake in them. */
import { parseArgs } from 'node:util';
import { headerValue } from './http.ts';
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

Exit status: 0 when it ended on request (--count, --until, Ctrl-C, a 204, or
the end of a stream that has no other), 1 when the connection failed, 2 when it
was used wrongly.
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
  if (argv.includes('--help') || argv.includes('-h')) return 'help';
  const { values, positionals } = parse(argv);
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
    const { values, positionals, tokens } = parseArgs({
      args: argv,
      options,
      allowPositionals: true,
      tokens: true,
    });
    refuseRepetition(tokens);
    return { values, positionals };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    // Of its advice, only the first sentence is about this program.
    const sentence = (error as Error).message.split(/\.? To specify a|\.?\nDid you/)[0]!;
    const advice = sentence.endsWith('ambiguous')
      ? ': a value that begins with a dash is written --option=-value'
      : '';
    throw new UsageError(withoutValue(sentence) + advice);
  }
}

/** Whoever quotes an option and its value together gives both as its name, and the value may be a secret. */
function withoutValue(sentence: string): string {
  const unknown = /Unknown option '(--[\w-]*)('$)?/.exec(sentence);
  if (unknown === null || unknown[2]) return sentence;
  return `Unknown option '${unknown[1]}…': an option and its value are quoted each by itself`;
}

const takesOne = (name: string) => !('multiple' in options[name as keyof typeof options]);

/** Of two values for one option, one would be lost without a word. */
function refuseRepetition(tokens: readonly { kind: string; name?: string }[]): void {
  const names = tokens.flatMap(({ kind, name }) => (kind === 'option' ? `${name}` : []));
  const isRepeated = (name: string, at: number) => names.indexOf(name) !== at;
  const repeated = names.find((name, at) => isRepeated(name, at) && takesOne(name));
  if (repeated !== undefined) throw new UsageError(`--${repeated} can be given only once`);
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
  if (event.includes('')) throw new UsageError('--event has to be the name of an event');
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

async function initOf(values: Values, read: ReturnType<typeof readFrom>): Promise<EventSourceInit> {
  const { data, 'last-event-id': lastEventId, 'idle-timeout': idle, 'no-reconnect': isOnce } = values;
  const statuses = values['retry-status'].flatMap(codes);
  const method = values.method?.toUpperCase() ?? (data === undefined ? 'GET' : 'POST');
  if (statuses.length > 0 && (isOnce || method !== 'GET')) {
    throw new UsageError(
      '--retry-status is for requests that may be sent again: GET, and not --no-reconnect',
    );
  }
  const headers = await headersOf(values.header, read);
  const body = data === undefined ? undefined : await bodyOf(data, read);
  const hasType = headers.some(([name]) => name.toLowerCase() === 'content-type');
  if (body !== undefined && !hasType && isJson(body)) headers.push(['Content-Type', 'application/json']);
  return {
    headers,
    body: body as PlatformBody | undefined,
    method,
    lastEventId,
    idleTimeout: idle === undefined ? undefined : milliseconds(idle),
    reconnection: isOnce ? false : { statuses },
  };
}

async function headersOf(
  words: readonly string[],
  read: ReturnType<typeof readFrom>,
): Promise<[string, string][]> {
  const headers: [string, string][] = [];
  for (const word of words) {
    if (!word.startsWith('@')) headers.push(headerOf(word, '--header'));
    else headers.push(...headersOfFile(`${await read(word.slice(1), '--header')}`));
  }
  return headers;
}

function headersOfFile(text: string): [string, string][] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  return lines.flatMap((line, index) =>
    line.trim() === '' ? [] : [headerOf(line, `Line ${index + 1} of the file given to --header`)],
  );
}

/** What `fetch` sets itself, and drops or refuses when others do. */
const OF_FETCH = /^(connection|content-length|expect|host|keep-alive|te|trailer|transfer-encoding|upgrade)$/i;

function headerOf(line: string, where: string): [string, string] {
  const [, name, value] = /^\s*([^:\s]+):\s*(.*?)\s*$/s.exec(line) ?? [];
  if (name === undefined || value === undefined) {
    throw new UsageError(`${where} has to be "NAME: VALUE"${where === '--header' ? ', or @FILE' : ''}`);
  }
  if (OF_FETCH.test(name)) throw new UsageError(`${where} cannot set ${name}, which goes with every request`);
  if (/^last-event-id$/i.test(name)) throw new UsageError(`${where}: for this one there is --last-event-id`);
  return [name, headerValue(value)];
}

async function bodyOf(word: string, read: ReturnType<typeof readFrom>): Promise<string | Buffer> {
  if (word === '-') return read('-', '--data');
  return word.startsWith('@') ? read(word.slice(1), '--data') : word;
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
    if (/^(?!200)[1-5]\d\d$/.test(word)) return Number(word);
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
    .replace('"headers" or "withCredentials"', '--header')
    .replace('with a "method" other', 'with a --method other')
    .replace('"maxBufferSize": raise it', 'what is kept: send smaller events')
    .replaceAll(/(?:everysource: )?(?:the option )?"(\w+)"/g, (all, name: string) => names[name] ?? all);
}

/** Reads once, and makes a mistake of what cannot be read. Its name is not repeated: who forgets a file gives a secret. */
function readFrom(read: Read): (path: string, option: string) => Promise<Buffer> {
  let isInputTaken = false;
  return async (path, option) => {
    if (path === '-' && isInputTaken) throw new UsageError('Standard input can be read only once');
    isInputTaken ||= path === '-';
    try {
      return await read(path);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const what = path === '-' ? 'standard input' : `the file given to ${option}`;
      throw new UsageError(`Cannot read ${what} (${code})`);
    }
  };
}
