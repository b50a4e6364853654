/**
 * One attempt after another. It turns what happens into signals and carries out the effects that the table in `state.ts`
 * answers with.
 *
 * Three laws:
 * 1. Settle, then fire: state and timers are final before a listener runs, which may close or reconnect.
 * 2. One attempt, one AbortController: what comes back checks that its attempt is still the current one. Releasing
 *    forgets the attempt before it aborts it, so our own abort is never taken for somebody else's.
 * 3. A delay is clamped where it is used, not where it is received.
 */
import { cancel, type Admission } from './admission.ts';
import { watchSilence, wait, type SilenceWatch, type SilenceLimits } from './clock.ts';
import {
  exhausted,
  lost,
  repeatable,
  type Trouble,
  trouble,
  type ErrorDetails,
  type OpenDetails,
} from './errors.ts';
import { nextTask } from './event-loop.ts';
import { EventStreamDecoder, detached, type Message } from './event-stream.ts';
import type { PlatformAbortSignal } from './platform-types.ts';
import { afterTrouble, isFailed, reconnectionWait, type ReconnectionPolicy } from './reconnection.ts';
import { transition, type Effect, type Phase, type Signal } from './state.ts';
import type { Transport } from './transport.ts';

/**
 * A body that always has a chunk at hand would keep everything else waiting, timers and `signal` included; so after this time
 * a turn of the event loop comes between two chunks. Milliseconds.
 */
const LONGEST_TASK = 10;

/** Receives what a connection delivers. None of its methods may throw. */
export interface Sink {
  open(details: OpenDetails): void;
  /** Takes one message; a promise holds back the next until it is resolved. */
  message(message: Message): Promise<void> | undefined;
  error(details: ErrorDetails): void;
  /** Called after the messages of each chunk; a promise holds back the reading of the next until it is resolved. */
  chunkEnd?(): Promise<void> | undefined;
}

/** What a connection starts from. */
export interface ConnectionOptions extends ReconnectionPolicy, SilenceLimits {
  readonly lastEventId: string;
  /** Milliseconds. */
  readonly reconnectionTime: number;
  readonly maxBufferSize: number;
  /** Aborting closes the connection, silently. */
  readonly signal: PlatformAbortSignal | undefined;
  /** Must not throw. */
  readonly onComment: ((comment: string) => void) | undefined;
}

/** One fetch and its body, from its start until it is released. */
interface Attempt {
  readonly controller: AbortController;
  openedAt: number | undefined;
  deliveredEvent: boolean;
  /** Holds back what follows, until it is resolved. */
  held: Promise<void> | undefined;
  /** Those of a chunk that are held back. */
  readonly messages: Message[];
  reader: Admission['reader'];
  stream: EventStreamDecoder | undefined;
  readonly watch: SilenceWatch;
}

/** A connection, from its first attempt until it is closed. */
export class Connection {
  readonly #transport: Transport;
  readonly #sink: Sink;
  readonly #options: ConnectionOptions;
  #phase: Phase = 'connecting';
  /** Counts the transitions. */
  #turn = 0;
  #attempt: Attempt | undefined;
  /** Attempts made over the life of the connection. */
  #attempts = 0;
  /** Failed attempts in a row. */
  #failures = 0;
  #lastEventId: string;
  #reconnectionTime: number;
  #startedAt = 0;
  /** Why the last attempt ended, for the next one; nothing once that is open. */
  #trouble: Trouble | undefined;
  /** The last wait. Milliseconds. */
  #delay = 0;
  #stopWait: (() => void) | undefined;

  /** Starts the first attempt at once, unless the signal is aborted already. */
  constructor(transport: Transport, sink: Sink, options: ConnectionOptions) {
    this.#transport = transport;
    this.#sink = sink;
    this.#options = options;
    this.#lastEventId = options.lastEventId;
    this.#reconnectionTime = options.reconnectionTime;
    if (options.signal?.aborted) {
      this.close();
    } else {
      options.signal?.addEventListener('abort', this.close);
      this.#fetch();
    }
  }

  get phase(): Phase {
    return this.#phase;
  }

  /** The last event ID string: that of the last block that was delivered. */
  get lastEventId(): string {
    return this.#lastEventId;
  }

  /** Milliseconds, as the server gave them last. */
  get reconnectionTime(): number {
    return this.#reconnectionTime;
  }

  /** Final and silent. Bound, so that it can be a listener. */
  readonly close = (): void => this.#raise('close');

  /**
   * Drops the attempt or the wait, and makes the next attempt now.
   *
   * @throws {DOMException} named `InvalidStateError` when there can be only one attempt
   */
  reconnect(): void {
    if (!this.#transport.isRepeatable) {
      throw new DOMException('everysource: this source connects only once', 'InvalidStateError');
    }
    // What ended now was ended by this call. A wait belongs to what ended before.
    if (this.#attempt !== undefined) this.#trouble = undefined;
    this.#raise('reconnect');
  }

  /** Forgets the unfinished block, when the body is a stream into which several are piped; otherwise does nothing. */
  reset(): void {
    if (this.#transport.kind === 'stream') this.#attempt?.stream?.reset();
  }

  #raise(signal: Signal, news?: Admission | Trouble): void {
    const next = transition(this.#phase, signal);
    if (next === undefined) return;
    const [to, ...effects] = next;
    this.#phase = to;
    const turn = ++this.#turn;
    for (const effect of effects) {
      // Releasing calls what the caller has put on our signal or body, and that may close or reconnect meanwhile.
      if (turn !== this.#turn) return;
      this.#carryOut(effect, news);
    }
  }

  /** The news are an admission where the table opens, a trouble where it fires an error. */
  #carryOut(effect: Effect, news: Admission | Trouble | undefined): void {
    switch (effect) {
      case 'fetch':
        return this.#fetch();
      case 'read':
        return this.#startReading(news as Admission);
      case 'release':
        return this.#release();
      case 'wait':
        return this.#wait();
      case 'fire open':
        return this.#fireOpen(news as Admission);
      case 'fire error':
        return this.#fireError(news as Trouble);
    }
  }

  #fetch(): void {
    this.#attempts++;
    this.#startedAt = performance.now();
    const attempt: Attempt = {
      controller: new AbortController(),
      openedAt: undefined,
      deliveredEvent: false,
      held: undefined,
      messages: [],
      reader: undefined,
      stream: undefined,
      watch: watchSilence(this.#options, (reason) => {
        void this.#lose(attempt, trouble(reason, this.#transport.url));
      }),
    };
    this.#attempt = attempt;
    void this.#perform(attempt);
  }

  async #perform(attempt: Attempt): Promise<void> {
    const { controller, watch } = attempt;
    let admission: Admission;
    try {
      admission = await this.#transport.attempt({
        attempt: this.#attempts,
        lastEventId: this.#lastEventId,
        signal: controller.signal,
        reason: this.#trouble?.reason,
        status: this.#trouble?.status,
        onRequest: () => attempt === this.#attempt && watch.request(),
      });
    } catch (error) {
      return this.#lose(attempt, lost(error, this.#transport.url));
    }
    if (attempt !== this.#attempt) return cancel(admission.reader);
    watch.response();
    // Step: announce the connection, in a task of its own.
    await nextTask();
    if (attempt !== this.#attempt) return cancel(admission.reader);
    attempt.reader = admission.reader;
    attempt.openedAt = performance.now();
    this.#trouble = undefined;
    this.#raise('announce', admission);
  }

  /** Reads until the attempt is over. What need not be awaited is not: that would be a turn for each chunk. */
  async #read(attempt: Attempt, stream: EventStreamDecoder, url: string): Promise<void> {
    await nextTask(); // whatever follows from `open` comes before the first event
    let turnedAt = performance.now();
    try {
      while (attempt === this.#attempt) {
        attempt.watch.since = performance.now();
        // Step: a body of null is an empty one.
        let result: Partial<ReadableStreamReadResult<Uint8Array>> | undefined = await attempt.reader?.read();
        attempt.watch.since = Infinity;
        if (!result || result.done)
          throw trouble('end-of-body', url, {}, this.#canReconnect ? repeatable : undefined);
        this.#decode(stream, result.value as Uint8Array, url);
        // Else it would be kept while the next one is waited for, for hours perhaps.
        result = undefined;
        if (attempt.held) await this.#catchUp(attempt);
        const pause = this.#sink.chunkEnd?.();
        if (pause) await pause;
        if (attempt !== this.#attempt) return;
        if (stream.isTooLarge) throw trouble('too-large', url);
        // A block without data advances the last event ID string too.
        this.#lastEventId = stream.lastEventId;
        if (performance.now() - turnedAt > LONGEST_TASK) {
          await nextTask();
          turnedAt = performance.now();
        }
      }
    } catch (error) {
      return this.#lose(attempt, lost(error, url));
    }
  }

  /** The loop gets what it needs and no more: what it was given lives as long as it does. */
  #startReading({ url: { href, origin } }: Admission): void {
    const attempt = this.#attempt!;
    const { onComment } = this.#options;
    attempt.stream = new EventStreamDecoder({
      ...this.#options,
      lastEventId: this.#lastEventId,
      origin,
      onMessage: (message) => this.#receive(attempt, message),
      onRetry: (milliseconds) => attempt === this.#attempt && (this.#reconnectionTime = milliseconds),
      onComment: onComment && ((comment) => attempt === this.#attempt && onComment(comment)),
    });
    // It is started, not awaited: else request and response would live as long as the connection.
    void this.#read(attempt, attempt.stream, href);
  }

  #decode(stream: EventStreamDecoder, chunk: Uint8Array, url: string): void {
    try {
      stream.decode(chunk);
    } catch (error) {
      throw trouble('unsupported', url, { error });
    }
  }

  /** Hands over a message at once, unless one before it holds it back: all that a chunk completes need not be there together. */
  #receive(attempt: Attempt, message: Message): void {
    if (attempt !== this.#attempt) return;
    if (attempt.held) return void attempt.messages.push(message);
    attempt.deliveredEvent = true;
    // Step: set the last event ID string when the block is dispatched, not when it is parsed.
    this.#lastEventId = message.lastEventId;
    attempt.held = this.#sink.message(message);
  }

  /** Hands over the messages that are held back. */
  async #catchUp(attempt: Attempt): Promise<void> {
    for (const message of attempt.messages.splice(0)) {
      await attempt.held;
      attempt.held = undefined;
      this.#receive(attempt, message);
    }
    await attempt.held;
    attempt.held = undefined;
  }

  /** The attempt is over, in a task of its own. News of an attempt that is not the current one are dropped. */
  async #lose(attempt: Attempt, news: Trouble): Promise<void> {
    attempt.watch.stop();
    await nextTask();
    if (attempt !== this.#attempt) return;
    this.#failures = isFailed(attempt, performance.now()) ? this.#failures + 1 : 0;
    this.#trouble = news;
    const options = this.#options;
    const next = this.#transport.isRepeatable ? afterTrouble(news, options, this.#failures) : 'fail';
    if (next === 'exhausted') this.#raise('fail', exhausted(this.#failures, news));
    else this.#raise(next, news);
  }

  /** Whether a body that ends well is followed by another. */
  get #canReconnect(): boolean {
    const { isOn, afterEnd } = this.#options;
    return this.#transport.isRepeatable && isOn && afterEnd;
  }

  #release(): void {
    const attempt = this.#attempt;
    this.#attempt = undefined;
    this.#stopWait?.();
    attempt?.watch.stop();
    this.#lastEventId = detached(this.#lastEventId);
    if (this.#phase === 'closed') this.#options.signal?.removeEventListener('abort', this.close);
    cancel(attempt?.reader);
    attempt?.controller.abort();
  }

  #wait(): void {
    const next = reconnectionWait({
      reconnectionTime: this.#reconnectionTime,
      failures: this.#failures,
      sinceStart: performance.now() - this.#startedAt,
      retryAfter: this.#trouble?.retryAfter ?? 0,
      policy: this.#options,
      random: Math.random,
    });
    this.#delay = next.delay;
    const { hostname } = new URL(this.#transport.url);
    this.#stopWait = wait(next, this.#options, hostname, () => this.#raise('elapsed'));
  }

  #fireOpen(admission: Admission): void {
    this.#sink.open({ ...admission, url: admission.url.href, attempt: this.#attempts });
  }

  #fireError(news: Trouble): void {
    const reconnecting = this.#phase === 'waiting';
    const delay = reconnecting ? this.#delay : undefined;
    this.#sink.error({ ...news, reconnecting, delay, attempt: this.#attempts });
  }
}
