/**
 * Parsing and interpreting an event stream: bytes in; messages, the last event ID and reconnection times out.
 * The only room that knows the parser.
 *
 * Source: HTML standard, sections 9.2.5 and 9.2.6
 * https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
import { createParser, type EventSourceParser } from 'eventsource-parser';

/** What one event may cost if nothing else is said: 64 Mi, in the unit of `EventStreamOptions.maxBufferSize`. */
export const DEFAULT_MAX_BUFFER_SIZE = 64 * 1024 * 1024;

/** Heap that one pending `data` line costs besides its characters (V8, Node 24: up to 64 bytes for `data:x`). */
const LINE_COST = 64;

const LF = 10;
const CR = 13;
const COLON = 58;
const LETTER_D = 100;
const LETTER_E = 101;
const LETTER_I = 105;

/** One dispatchable block of an event stream. */
export interface Message {
  /** The event type: the value of `event`, or `message`. */
  readonly type: string;
  readonly data: string;
  /** The last event ID string once this block is dispatched. */
  readonly lastEventId: string;
}

/** What a decoder starts from, and where it reports what is not a message. */
export interface EventStreamOptions {
  /** The last event ID string at the start of the body. */
  readonly lastEventId: string;
  /** What one event may cost: its characters plus 64 for each `data` line. */
  readonly maxBufferSize: number;
  /** Called for each valid `retry` field, as soon as its line is complete. Milliseconds, possibly `Infinity`. */
  readonly onReconnectionTime?: (milliseconds: number) => void;
  /** Called for each comment, as soon as its line is complete. */
  readonly onComment?: ((comment: string) => unknown) | undefined;
}

/** Decodes the body of one response. What is unfinished when the body ends is simply never returned. */
export class EventStreamDecoder {
  readonly #options: EventStreamOptions;
  #decodeText = utf8Decoder();
  #measure = pendingCost();
  readonly #parser: EventSourceParser;
  #messages: Message[] = [];
  #lastEventId: string;
  #isTooLarge = false;

  constructor(options: EventStreamOptions) {
    this.#options = options;
    // Step: each body starts with the last event ID buffer equal to the last event ID string.
    this.#lastEventId = options.lastEventId;
    this.#parser = createParser({
      // Called at the end of each block that has an `id`, also when the block has no data.
      onId: (id) => (this.#lastEventId = id),
      onEvent: ({ event = 'message', data }) => this.#take(event, data),
      onRetry: (milliseconds) => options.onReconnectionTime?.(milliseconds),
      ...(options.onComment && { onComment: options.onComment }),
    });
    this.reset();
  }

  /** Starts over as for a new body, but keeps the last event ID: what is unfinished is forgotten. */
  reset(): void {
    this.#decodeText = utf8Decoder();
    this.#measure = pendingCost();
    this.#parser.reset();
    // Spends the parser's own check for a BOM, so that exactly one is dropped, by us.
    this.#parser.feed('\n');
  }

  /** The last event ID string after everything that was decoded: a block without data advances it too. */
  get lastEventId(): string {
    return this.#lastEventId;
  }

  /** D3: an event exceeded `maxBufferSize`. The messages before it were returned; nothing more will be. */
  get isTooLarge(): boolean {
    return this.#isTooLarge;
  }

  /**
   * Takes the next bytes and returns the messages that they complete, in order.
   *
   * @throws {TypeError} when `chunk` is not bytes
   */
  decode(chunk: Uint8Array): Message[] {
    const text = this.#decodeText(chunk);
    this.#messages = [];
    if (text === '' || this.#isTooLarge) return this.#messages;
    const idBefore = this.#lastEventId;
    this.#parser.feed(text);
    this.#isTooLarge ||= this.#measure(text) > this.#options.maxBufferSize;
    if (this.#lastEventId !== idBefore) this.#lastEventId = detached(this.#lastEventId);
    return this.#messages;
  }

  #take(type: string, data: string): void {
    const { maxBufferSize } = this.#options;
    const lastEventId = this.#lastEventId;
    this.#isTooLarge ||= costOf(data, maxBufferSize) + type.length + lastEventId.length > maxBufferSize;
    if (!this.#isTooLarge) this.#messages.push({ type, data, lastEventId });
  }
}

/** A copy of a string that does not keep the whole chunk alive from which it was cut (V8 slices are views). */
export function detached(text: string): string {
  return ` ${text}`.slice(1);
}

const STREAM = { stream: true };

/** "Decode" of the Encoding standard, piece by piece: invalid bytes become U+FFFD, one leading BOM is dropped. */
function utf8Decoder(): (chunk: Uint8Array) => string {
  // Node 24 drops two BOMs when the first one is split between chunks, so the decoder is told to keep them.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let isStart = true;
  return (chunk) => {
    const text = decoder.decode(chunk, STREAM);
    if (!isStart || text === '') return text;
    isStart = false;
    return text.startsWith('\uFEFF') ? text.slice(1) : text;
  };
}

/** What a complete event cost. Its lines are only counted when they could matter. */
function costOf(data: string, limit: number): number {
  if (data.length * (LINE_COST + 1) + LINE_COST <= limit) return data.length;
  let lines = 1;
  for (let at = data.indexOf('\n'); at !== -1; at = data.indexOf('\n', at + 1)) lines++;
  return data.length + lines * LINE_COST;
}

/**
 * What the unfinished block costs so far: its lines `data`, `event` and `id`, with their names, and any
 * line that has not ended, but no comment. The parser does not tell, so this reads the
 * text again, but only from the last empty line on: a chunk costs no more than the block that it leaves unfinished.
 */
function pendingCost(): (text: string) => number {
  let kept = 0; // what the complete lines of the block cost
  let pending = 0; // what the unfinished line costs
  let previous = LF; // the last character before `text`
  let first = LF; // the first character of the line that `text` goes on with

  return (text) => {
    // The common text without any line end, a piece of a long line, is passed over at the speed of memory.
    const isPiece = !text.includes('\n') && !text.includes('\r');
    const from = isPiece ? 0 : afterLastEmptyLine(text, previous);
    if (from > 0) kept = pending = 0;
    for (let at = from; at < text.length;) {
      if (at > 0 || isLineEnd(previous)) {
        first = text.charCodeAt(at);
        pending = first === LETTER_D ? LINE_COST : 0;
      }
      const end = isPiece ? text.length : nextLineEnd(text, at);
      if (first !== COLON) pending += end - at;
      at = end + 1; // between CR and LF lies a line of no cost
      if (end === text.length) break;
      if (isKept(first)) kept += pending;
      pending = 0;
    }
    previous = text.charCodeAt(text.length - 1);
    return kept + pending;
  };
}

/** Whether the parser keeps a complete line that begins so: `data`, `event` and `id`, as far as one character tells. */
function isKept(first: number): boolean {
  return first === LETTER_D || first === LETTER_E || first === LETTER_I;
}

function isLineEnd(code: number): boolean {
  return code === LF || code === CR;
}

/** Where the block begins that `text` leaves unfinished; 0 where it began in an earlier text. */
function afterLastEmptyLine(text: string, previous: number): number {
  for (let at = text.length - 1; at >= 0; at--) {
    if (!isLineEnd(text.charCodeAt(at))) continue;
    const before = at > 0 ? text.charCodeAt(at - 1) : previous;
    if (before === LF || (before === CR && text.charCodeAt(at) === CR)) return at + 1;
  }
  return 0;
}

const LINE_END = /[\r\n]/g;

function nextLineEnd(text: string, from: number): number {
  LINE_END.lastIndex = from;
  return LINE_END.test(text) ? LINE_END.lastIndex - 1 : text.length;
}
