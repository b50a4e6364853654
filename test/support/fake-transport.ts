import { Connection, type ConnectionOptions, type Sink } from '../../src/connection.ts';
import { trouble, type ErrorDetails, type Trouble } from '../../src/errors.ts';
import type { Message } from '../../src/event-stream.ts';
import type { Admission } from '../../src/admission.ts';
import type { AttemptRequest, Transport } from '../../src/transport.ts';
import { convertInit } from '../../src/init.ts';
import { Body } from './body.ts';
import { until } from './until.ts';

export const url = 'http://example.com/events';
export const place = new URL(url);
const broken = trouble('network', place);

/** One attempt, as the transport sees it; the test says how it ends. */
export class FakeAttempt {
  readonly request: AttemptRequest;
  readonly outcome: Promise<Admission>;
  readonly body = new Body();
  #resolve!: (admission: Admission) => void;
  #reject!: (trouble: Trouble) => void;

  constructor(request: AttemptRequest) {
    this.request = request;
    this.outcome = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  admit(stream: ReadableStream<Uint8Array> | null = this.body.stream): Body {
    const origin = 'http://final.example:81';
    const facts = { status: 200, headers: new Headers(), url: new URL(`${origin}/x`), redirected: true };
    this.#resolve({ reader: stream?.getReader(), ...facts });
    return this.body;
  }

  refuse(news: Trouble = broken): void {
    this.#reject(news);
  }
}

/** A connection over a fake transport, with everything it delivers. */
export function connect(init: Partial<ConnectionOptions> = {}, sink: Partial<Sink> = {}) {
  const attempts: FakeAttempt[] = [];
  const transport: Transport = {
    kind: 'fetch',
    url: place.href,
    isRepeatable: true,
    attempt(request) {
      const attempt = new FakeAttempt(request);
      attempts.push(attempt);
      return attempt.outcome;
    },
  };
  const log: string[] = [];
  const messages: Message[] = [];
  const errors: ErrorDetails[] = [];
  const options = { ...convertInit({ maxBufferSize: 1e6 }), ...init };
  const connection: Connection = new Connection(
    transport,
    {
      open(details) {
        log.push(`open ${connection.phase}`);
        sink.open?.(details);
      },
      message(message) {
        log.push(message.data);
        messages.push(message);
        return sink.message?.(message);
      },
      error(details) {
        log.push(`error ${details.reason} ${connection.phase}`);
        errors.push(details);
        sink.error?.(details);
      },
    },
    options,
  );
  return { connection, attempts, log, messages, errors };
}

export type Connected = ReturnType<typeof connect>;

/** Opens the newest attempt and waits until that has been announced. */
export async function open({ attempts, log }: Connected): Promise<Body> {
  const before = log.length;
  const body = attempts.at(-1)!.admit();
  await until(() => log.length > before);
  return body;
}
