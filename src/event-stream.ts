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

/** Heap that one `data` line of a block costs besides its characters (V8, Node 24: up to 64 bytes for `data:x`). */
const LINE_COST = 64;

/** One dispatchable block of an event stream. */
export interface Message {
  /** The event type: the value of `event`, or `message`. */
  readonly type: string;
  readonly data: string;
  /** The last event ID string once this block is dispatched. */
  readonly lastEventId: string;
  /** Where the response came from; `null`, as text, for a given stream. */
  readonly origin: string;
}

/** What a decoder starts from, and whom it tells. None of these functions may throw. */
export interface EventStreamOptions {
  /** The last event ID string at the start of the body. */
  readonly lastEventId: string;
  readonly origin: string;
  /** What one event may cost: its characters plus 64 for each `data` line. */
  readonly maxBufferSize: number;
  /** Called for each message, as soon as its block is complete. */
  readonly onMessage: (message: Message) => unknown;
  /** Called for each valid `retry` field, as soon as its line is complete. Milliseconds, possibly `Infinity`. */
  readonly onRetry: (milliseconds: number) => unknown;
  /** Called for each comment, as soon as its line is complete. */
  readonly onComment?: ((comment: string) => unknown) | undefined;
}

/** Decodes the body of one response. Of what is unfinished when the body ends simply nobody is told. */
export class EventStreamDecoder {
  readonly #maxBufferSize: number;
  readonly #origin: string;
  readonly #onMessage: (message: Message) => unknown;
  readonly #parser: EventSourceParser;
  /** Made when the body turns out not to be ASCII. */
  #decoder: TextDecoder | undefined;
  #lastEventId: string;
  #isTooLarge = false;
  /** Whether the next bytes begin a body. */
  #isStart = true;
  /** Length of the string that the parser cuts from, at most. */
  #source!: number;
  /** Of the last message. */
  #type = 'message';
  #dataLength = 0;
  /** The last character; empty while a leading BOM may still come. */
  #last!: string;
  /** Of the block that is unfinished: at most so many characters, and what it costs from its first line on that begins as `data` does. */
  #length!: number;
  #cost!: number;
  /** A short part of an unfinished line, which the parser does not have yet. */
  #held!: string;

  constructor({ lastEventId, origin, maxBufferSize, onMessage, onRetry, onComment }: EventStreamOptions) {
    this.#origin = origin;
    this.#maxBufferSize = maxBufferSize;
    this.#onMessage = onMessage;
    // Step: each body starts with the last event ID buffer equal to the last event ID string.
    this.#lastEventId = lastEventId;
    this.#parser = createParser({
      maxBufferSize,
      // Called at the end of each block that has an `id`, also when the block has no data.
      onId: (id) => (this.#lastEventId = this.#owned(id)),
      onEvent: ({ event = 'message', data }) => this.#take(event, data),
      onRetry,
      onComment,
    });
  }

  /**
   * What comes next begins another body: what is unfinished is forgotten, but not the last event ID. Whoever is being told of
   * something may call it too; what has been given is decoded first.
   */
  reset(): void {
    this.#isStart = true;
  }

  #start(): void {
    this.#isStart = false;
    this.#decoder = undefined;
    this.#last = this.#held = '';
    this.#length = this.#cost = 0;
    this.#parser.reset();
    // Spends the parser's own check for a BOM, so that exactly one is dropped, by us.
    this.#parser.feed('\n');
  }

  /** The last event ID string after everything that was decoded: a block without data advances it too. */
  get lastEventId(): string {
    return this.#lastEventId;
  }

  /** D3: an event exceeded `maxBufferSize`. The messages before it were told; no other will be. */
  get isTooLarge(): boolean {
    return this.#isTooLarge;
  }

  /**
   * Takes the next bytes, and tells of what they complete.
   *
   * @throws {TypeError} when `chunk` is not bytes
   */
  decode(chunk: Uint8Array): void {
    if (this.#isStart) this.#start();
    let rest = chunk;
    const feedUpTo = (end: number): void => {
      this.#feed(rest.subarray(0, end));
      rest = rest.subarray(end);
    };
    if (chunk.byteLength >= PIECE) feedUpTo(chunk.subarray(0, NEAR).indexOf(LF) + 1);
    const length = Math.max(PIECE, 16 * this.#dataLength);
    while (rest.byteLength > length) feedUpTo(rest.subarray(0, length).lastIndexOf(LF) + 1 || length);
    this.#feed(rest);
  }

  /** "Decode" of the Encoding standard, piece by piece: invalid bytes become U+FFFD, one leading BOM is dropped. */
  #decode(chunk: Uint8Array): string {
    const text = this.#text(chunk);
    if (this.#last || !text) return text;
    this.#last = '\n'; // a line begins
    return text.startsWith('\uFEFF') ? text.slice(1) : text;
  }

  /** Node 18 to 22 decode ASCII three to eight times as fast where it is no part of a stream, and anything else half as fast. */
  #text(chunk: Uint8Array): string {
    if (this.#decoder || chunk.at(-1)! >= 0x80) {
      return (this.#decoder ??= newDecoder()).decode(chunk, STREAM);
    }
    const text = (wholeDecoder ??= newDecoder()).decode(chunk);
    if (text.length < chunk.byteLength) this.#decoder = newDecoder();
    return text;
  }

  #feed(bytes: Uint8Array): void {
    const text = this.#decode(bytes);
    if (!text || this.#isTooLarge) return;
    this.#source = this.#length + text.length;
    this.#held += text;
    if (this.#held.length >= SHORT || /[\r\n]/.test(text)) {
      try {
        this.#parser.feed(this.#held);
        // One that gave up, since it held more than it may, does not tell, but throws at the next text.
        if (this.#source > this.#maxBufferSize) this.#parser.feed('');
      } catch {
        this.#isTooLarge = true; // or longer than a string can be
      }
      this.#held = '';
    }
    this.#isTooLarge ||= this.#isPendingTooLarge(text);
  }

  #take(type: string, data: string): void {
    const limit = this.#maxBufferSize;
    const lastEventId = this.#lastEventId;
    this.#length = 0;
    const length = data.length + type.length + lastEventId.length;
    // Its lines are only counted when they could matter.
    this.#isTooLarge ||=
      length + LINE_COST * (1 + data.length) > limit &&
      length + LINE_COST * (1 + occurrences('\n', data)) > limit;
    if (this.#isTooLarge) return;
    if (type !== this.#type) this.#type = this.#owned(type);
    this.#dataLength = data.length;
    this.#onMessage({ type: this.#type, data: this.#owned(data), lastEventId, origin: this.#origin });
  }

  /**
   * A string that somebody may keep. One that is cut from a long one keeps all of that alive (V8 slices are views), so the short
   * ones are copied; to copy all would cost a tenth of the time (Node 24, 2026-11).
   */
  #owned(text: string): string {
    return text.length >= 13 && text.length * 256 < this.#source ? detached(text) : text;
  }

  /**
   * Whether the unfinished block is too large already. From a line on that begins as `data` does, all the text is counted that the
   * block is in, since what is cut from a text keeps all of that alive; but not the text in which a block ended. What comes before
   * such a line is for the parser to limit.
   */
  #isPendingTooLarge(text: string): boolean {
    if (this.#length === 0) this.#cost = 0;
    else {
      const isFirst = '\r\n'.includes(this.#last) && text.startsWith('d');
      const lines = Number(isFirst) + occurrences('\nd', text) + occurrences('\rd', text);
      // `data: ` and CRLF are in the text already, for each line.
      if (lines + this.#cost > 0) this.#cost += lines * (LINE_COST - 8) + text.length;
      // A block with data would have ended with a message: so there is none.
      if (this.#cost > 0 && hasEmptyLine(this.#last + text)) this.#cost = 0;
    }
    this.#last = text.at(-1)!;
    this.#length += text.length;
    return this.#cost > this.#maxBufferSize;
  }
}

/** A copy of a string that does not keep the whole chunk alive from which it was cut (V8 slices are views). */
export function detached(text: string): string {
  return ` ${text}`.slice(1);
}

/**
 * Bytes that become one string, at least; where events are long, 16 times as many as the last one. What is cut from a string keeps it
 * alive in V8, so a single event that somebody keeps can cost that much. Larger pieces are no faster where events are small
 * (Node 24, 2026-11: `tiny` takes 9 % less time than with 64 KiB), smaller ones are slower where they are long (`lines` 10 %).
 */
const PIECE = 16 * 1024;

/**
 * Where a line has begun, the parser copies all of the text that brings its end. So that end comes in a piece of its own, unless it is
 * further away than this, and pieces end with a line. Bytes.
 */
const NEAR = 1024;

const LF = 10;

/** Node 24 drops two BOMs when the first one is split between chunks, so decoders are told to keep them. */
const newDecoder = (): TextDecoder => new TextDecoder('utf-8', { ignoreBOM: true });

/** For texts that are no part of a stream: one for all bodies, since it keeps nothing between them. */
let wholeDecoder: TextDecoder | undefined;

const STREAM = { stream: true };

/**
 * The parser keeps each text of an unfinished line until the line ends, and V8 keeps a text of two characters in 32 bytes: so the parser
 * gets none that is shorter, unless the line ends in it. Characters.
 */
const SHORT = 64;

function occurrences(part: string, text: string): number {
  let count = 0;
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + 1)) count++;
  return count;
}

function hasEmptyLine(text: string): boolean {
  return ['\n\n', '\n\r', '\r\r'].some((ends) => text.includes(ends));
}
