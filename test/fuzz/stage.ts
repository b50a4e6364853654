/** A whole source over a `fetch`, a network and listeners that are played. */
import { vi } from 'vitest';
import { EventSource } from '../../src/index.ts';

/** What a listener does at the next event. */
export type Habit = 'nothing' | 'throw' | 'close' | 'reconnect' | 'abort';

/** What is done when an attempt is given up, by whoever listens to its signal. */
export type LastAct = 'nothing' | 'close' | 'reconnect';

/** One request of the source, and the body that answers it. */
interface Played {
  isOver: boolean;
  isAnswered: boolean;
  /** Whether there is a body that nobody has ended or cancelled. */
  hasBody: boolean;
  answer(give: () => Response): void;
  body?: ReadableStreamDefaultController<Uint8Array>;
}

const encoder = new TextEncoder();

/** What follows `retry`, which is never sent here. Milliseconds. */
export const RECONNECTION_TIME = 3000;
/** For how long the network is waited for. Milliseconds. */
export const MAX_DELAY = 30_000;

export class Stage {
  readonly log: string[] = [];
  readonly source: EventSource;
  habit: Habit = 'nothing';
  lastAct: LastAct = 'nothing';
  /** The wait that the last error announced. Milliseconds. */
  delay = 0;
  thrown = 0;
  readonly #requests: Played[] = [];
  readonly #controller = new AbortController();
  readonly #world = new EventTarget();
  #worldListeners = 0;

  /** @param isDeaf - whether `fetch` takes no notice of its signal, and may answer when it was given up */
  constructor(isDeaf: boolean) {
    this.#buildWorld();
    const fetch = (_: string, { signal }: { signal: unknown }) => this.#play(signal as AbortSignal, isDeaf);
    const { signal } = this.#controller;
    const reconnection = { maxDelay: MAX_DELAY };
    this.source = new EventSource('http://a.example/', {
      fetch,
      signal,
      reconnection,
      reconnectionTime: RECONNECTION_TIME,
    });
    for (const type of ['open', 'message', 'error']) {
      this.source.addEventListener(type, (event) => this.#listen(event));
    }
  }

  get #last(): Played {
    return this.#requests.at(-1)!;
  }

  #buildWorld(): void {
    this.setOnline(true);
    vi.stubGlobal('addEventListener', (...args: Parameters<EventTarget['addEventListener']>) => {
      this.#worldListeners++;
      this.#world.addEventListener(...args);
    });
    vi.stubGlobal('removeEventListener', (...args: Parameters<EventTarget['removeEventListener']>) => {
      this.#worldListeners--;
      this.#world.removeEventListener(...args);
    });
  }

  #play(signal: AbortSignal, isDeaf: boolean): Promise<Response> {
    return new Promise<Response>((resolve, reject) => {
      const played: Played = {
        isOver: false,
        isAnswered: false,
        hasBody: false,
        answer(give) {
          this.isAnswered = true;
          try {
            resolve(give());
          } catch (error) {
            reject(error);
          }
        },
      };
      signal.addEventListener('abort', () => {
        played.isOver = true;
        if (!isDeaf) {
          played.isAnswered = true;
          reject(signal.reason);
        }
        const { lastAct } = this;
        this.lastAct = 'nothing';
        if (lastAct !== 'nothing') this.source[lastAct]();
      });
      this.#requests.push(played);
    });
  }

  #listen(event: Event): void {
    const { source, habit } = this;
    this.log.push(`${event.type} ${source.readyState}${'data' in event ? ` ${event.data as string}` : ''}`);
    if ('delay' in event) this.delay = (event.delay as number | undefined) ?? 0;
    this.habit = 'nothing';
    if (habit === 'close') source.close();
    if (habit === 'reconnect') source.reconnect();
    if (habit === 'abort') this.abort();
    if (habit === 'throw') {
      this.thrown++;
      throw new Error('thrown on purpose');
    }
  }

  #respond(played: Played, status = 200): void {
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        played.body = controller;
      },
      cancel() {
        played.isOver = true;
        played.hasBody = false;
      },
    });
    played.hasBody = true;
    played.answer(() => new Response(body, { status, headers: { 'content-type': 'text/event-stream' } }));
  }

  respond(): void {
    this.#respond(this.#last);
  }

  refuse(): void {
    this.#last.isOver = true;
    this.#respond(this.#last, 404);
  }

  lose(): void {
    this.#last.isOver = true;
    this.#last.answer(() => {
      throw new TypeError('fetch failed');
    });
  }

  /** Everything that was given up unanswered gets its answer after all. */
  respondLate(): void {
    for (const played of this.#requests) {
      if (!played.isOver || played.isAnswered) continue;
      this.#respond(played);
      played.body!.enqueue(encoder.encode('data: late\n\n'));
    }
  }

  send(text: string): void {
    this.#last.body!.enqueue(encoder.encode(text));
  }

  end(error?: Error): void {
    const last = this.#last;
    last.isOver = true;
    last.hasBody = false;
    if (error === undefined) last.body!.close();
    else last.body!.error(error);
  }

  abort(): void {
    this.#controller.abort();
  }

  /** The browser learns of it at once, and tells when there is a network again. */
  setOnline(isOnline: boolean): void {
    vi.stubGlobal('navigator', { onLine: isOnline });
    this.#world.dispatchEvent(new Event(isOnline ? 'online' : 'offline'));
  }

  /** Until everything that follows has happened: turns of the event loop, which are not faked. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 8; turn++) await new Promise((resolve) => setImmediate(resolve));
  }

  /** What can be seen of it from outside. */
  get state() {
    return {
      readyState: this.source.readyState,
      attempts: this.#requests.filter(({ isOver }) => !isOver).length,
      bodies: this.#requests.filter(({ hasBody }) => hasBody).length,
      isWaiting: vi.getTimerCount() > 0,
      isListeningInVain: this.#worldListeners > 0 && vi.getTimerCount() === 0,
    };
  }

  /** Whether it is closed, or comes to an event when all goes well from now on: a source that is dead says so. */
  async isAliveOrClosed(): Promise<boolean> {
    this.habit = this.lastAct = 'nothing';
    if (this.source.readyState === 2) return true;
    this.setOnline(true);
    vi.advanceTimersByTime(MAX_DELAY + RECONNECTION_TIME);
    await this.settle();
    if (this.source.readyState === 0) this.respond();
    await this.settle();
    this.send('data: alive\n\n');
    await this.settle();
    return this.log.at(-1) === 'message 1 alive';
  }
}
