/** How the command line looks: events, news and the summary as text, without the last line end. Pure. */
import type { ErrorDetails, OpenDetails } from './errors.ts';
import type { Message } from './event-stream.ts';
import { inOptions, type Show } from './command.ts';

/** Where text goes. */
export interface Screen {
  /** Whether somebody reads along: control characters are shown, not carried out. */
  readonly isTerminal: boolean;
  readonly isColored: boolean;
}

const codes = { dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 };

/** Colours a text, where colours are wanted. */
export function paint(text: string, color: keyof typeof codes, { isColored }: Screen): string {
  return isColored ? `\x1b[${codes[color]}m${text}\x1b[0m` : text;
}

/** Control characters, and those that turn the direction of a line or break it. */
// oxlint-disable-next-line no-control-regex
const CONTROLS = /[\x00-\x08\x0B-\x1F\x7F-\x9F\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/g;

/** As text: else a server could write over the screen, or into the terminal's title. The escapes are those of JSON. */
function visible(text: string): string {
  return text.replaceAll(CONTROLS, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** One event. */
export function eventLines(message: Message, format: Show['format'], screen: Screen): string {
  const { type, data, lastEventId } = message;
  const shown = screen.isTerminal ? visible : (text: string) => text;
  if (format === 'raw') return shown(data);
  if (format === 'json') return visible(JSON.stringify(message));
  const id = lastEventId === '' ? '' : ` ${paint(`#${shown(lastEventId)}`, 'dim', screen)}`;
  // The lines of one event stay together.
  const text = shown(data).replaceAll('\n', '\n  ');
  return `${paint(shown(type), 'cyan', screen)}${id} ${text}`;
}

/** An attempt is made. */
export function attemptLine(url: string, attempt: number, lastEventId: string, screen: Screen): string {
  const after = lastEventId === '' ? '' : `, after event #${visible(lastEventId)}`;
  const which = attempt === 1 ? '' : ` again, attempt ${attempt}`;
  return paint(`· connecting to ${placeOf(new URL(url))}${which}${after}`, 'dim', screen);
}

/** The connection is announced. */
export function openLine({ status, url, redirected }: OpenDetails, screen: Screen): string {
  const where = redirected ? ` at ${placeOf(new URL(url))}` : '';
  return paint(`✔ open, status ${status}${where}`, 'green', screen);
}

/** Whether the server has ended it as it should: by the end of a body, or by 204, after which nothing follows. */
export const isFarewell = ({ reason, status }: ErrorDetails) => reason === 'end-of-body' || status === 204;

/** The connection is lost or refused. */
export function errorLine(details: ErrorDetails, screen: Screen): string {
  const { reason, message, reconnecting, delay = 0 } = details;
  const next = reconnecting ? `\n  next attempt in ${timeText(delay)}` : '';
  const isEnd = isFarewell(details);
  const mark = isEnd ? '·' : '✘';
  // What a server sends is in no words of ours.
  const sentence = reason === 'content-type' ? message : inOptions(message);
  const text = `${mark} ${reason}: ${visible(sentence)}${next}`;
  return paint(text, reconnecting || isEnd ? 'yellow' : 'red', screen);
}

/** What a run came to. */
export interface Tally {
  events: number;
  bytes: number;
  reconnects: number;
  /** Milliseconds. */
  time: number;
}

/** The last line. */
export function summaryLine({ events, bytes, reconnects, time }: Tally, screen: Screen): string {
  const rate = time > 0 ? `, ${round(events / (time / 1000))} events/s` : '';
  const parts = [counted(events, 'event'), sizeText(bytes), counted(reconnects, 'reconnect')];
  return paint(`· ${parts.join(', ')} in ${timeText(time)}${rate}`, 'dim', screen);
}

const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** With one decimal, if the number is small. */
const round = (number: number) => `${number < 100 ? Math.round(number * 10) / 10 : Math.round(number)}`;

function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1e6) return `${round(bytes / 1000)} kB`;
  return bytes < 1e9 ? `${round(bytes / 1e6)} MB` : `${round(bytes / 1e9)} GB`;
}

function timeText(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.floor(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 120) return `${round(seconds)} s`;
  return seconds < 7200 ? `${round(seconds / 60)} min` : `${round(seconds / 3600)} h`;
}

/** Origin and path: user, password, query and fragment may be secrets. */
const placeOf = ({ origin, pathname }: URL) => `${origin}${pathname}`;
