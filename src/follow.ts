/** The sink that prints: follows one stream until it is stopped, satisfied, or has failed. */
import type { Admission } from './admission.ts';
import type { Command, Show } from './command.ts';
import { Connection, type Sink } from './connection.ts';
import type { ErrorDetails, OpenDetails } from './errors.ts';
import type { Message } from './event-stream.ts';
import { convertInit } from './init.ts';
import {
  attemptLine,
  errorLine,
  eventLines,
  isFarewell,
  openLine,
  summaryLine,
  type Screen,
  type Tally,
} from './printer.ts';
import { fetchTransport, type Transport } from './transport.ts';

/** A stream of text, and how it is looked at. */
export interface Output extends Screen {
  write(text: string): boolean;
  once(event: 'drain', listener: () => void): unknown;
}

/** A stream that is being followed. */
export interface Following {
  /** How it ended: 0 on request, 1 when the connection failed. */
  readonly status: Promise<0 | 1>;
  /** Ends it, once; without printing anything if it is quiet. */
  end(status: 0 | 1, isQuiet?: boolean): void;
}

/** Follows a stream: events go to `out`, news to `err`. */
export function follow(command: Command, out: Output, err: Output): Following {
  return new Follower(command, out, err);
}

class Follower implements Sink, Following {
  readonly status: Promise<0 | 1>;
  readonly #show: Show;
  readonly #out: Output;
  readonly #err: Output;
  readonly #connection: Connection;
  readonly #startedAt = performance.now();
  readonly #tally: Tally = { events: 0, bytes: 0, reconnects: 0, time: 0 };
  /** What has to be printed at the end of the chunk. */
  #text = '';
  #hasEnded = false;
  #resolve!: (status: 0 | 1) => void;

  constructor({ url, init, show }: Command, out: Output, err: Output) {
    this.#show = show;
    this.#out = out;
    this.#err = err;
    this.status = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    const options = convertInit(init);
    const transport = observed(fetchTransport(url, options), this.#tally, err);
    this.#connection = new Connection(transport, this, options);
  }

  open(details: OpenDetails): void {
    this.#say(openLine(details, this.#err));
  }

  message(message: Message): undefined {
    const { until, types, format, count } = this.#show;
    if (message.data === until) return this.end(0);
    if (types.size > 0 && !types.has(message.type)) return undefined;
    this.#text += `${eventLines(message, format, this.#out)}\n`;
    return ++this.#tally.events === count ? this.end(0) : undefined;
  }

  /** A full pipe holds back the reading. */
  chunkEnd(): Promise<void> | undefined {
    const text = this.#text;
    this.#text = '';
    if (text === '' || this.#out.write(text)) return undefined;
    return new Promise((resolve) => this.#out.once('drain', resolve));
  }

  error(details: ErrorDetails): void {
    this.#say(errorLine(details, this.#err));
    if (!details.reconnecting) this.end(isFarewell(details) ? 0 : 1);
  }

  #say(line: string): void {
    this.#err.write(`${line}\n`);
  }

  end(status: 0 | 1, isQuiet = false): undefined {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#connection.close();
    this.#resolve(status);
    if (isQuiet) return;
    void this.chunkEnd();
    this.#tally.time = performance.now() - this.#startedAt;
    this.#say(summaryLine(this.#tally, this.#err));
  }
}

/** Tells of each attempt, and counts the bytes of its body. */
function observed(transport: Transport, tally: Tally, err: Output): Transport {
  return {
    ...transport,
    async attempt(request) {
      const { attempt, lastEventId } = request;
      tally.reconnects = attempt - 1;
      err.write(`${attemptLine(transport.url, attempt, lastEventId, err)}\n`);
      const admission = await transport.attempt(request);
      const { reader } = admission;
      return reader === undefined ? admission : { ...admission, reader: counting(reader, tally) };
    },
  };
}

function counting(reader: NonNullable<Admission['reader']>, tally: Tally): NonNullable<Admission['reader']> {
  const read = async () => {
    const result = await reader.read();
    tally.bytes += result.value?.byteLength ?? 0;
    return result;
  };
  return { read, cancel: () => reader.cancel() } as NonNullable<Admission['reader']>;
}
