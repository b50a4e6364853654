/** Whatever happens in whatever order: the table alone, and a whole source over a `fetch` that is played. */
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EventSource } from '../../src/index.ts';
import { readyStateOf, transition, type Phase, type Signal } from '../../src/state.ts';

const numRuns = 300 * Number(process.env.FUZZ_FACTOR ?? 1);
const seed = process.env.FUZZ_SEED === undefined ? undefined : Number(process.env.FUZZ_SEED);
const parameters = { numRuns, ...(seed !== undefined && { seed }) };
const LONG = 3_600_000;

const signals: readonly Signal[] = ['announce', 'reestablish', 'fail', 'elapsed', 'reconnect', 'close'];

describe('any signals', () => {
  it('leave the table with one attempt at most, and with what its phase needs', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...signals), { maxLength: 100 }), (list) => {
        let phase: Phase = 'connecting';
        let attempts = 1;
        let waits = 0;
        let isEarly = false;
        for (const signal of list) {
          const next = transition(phase, signal);
          if (next === undefined) continue;
          const [to, ...effects] = next;
          for (const effect of effects) {
            if (effect === 'release') attempts = waits = 0;
            if (effect === 'fetch') attempts++;
            if (effect === 'wait') waits++;
            // What fails is released first, so that a listener finds everything final.
            isEarly ||= effect === 'fire error' && attempts > 0;
          }
          if (phase === 'waiting') waits = 0;
          expect([phase === 'closed', isEarly]).toEqual([false, false]);
          phase = to;
          expect({ attempts, waits }, `${signal} to ${phase}`).toEqual({
            attempts: phase === 'connecting' || phase === 'open' ? 1 : 0,
            waits: phase === 'waiting' ? 1 : 0,
          });
        }
      }),
      parameters,
    );
  });
});

/** One request of the source, and the body that answers it. */
interface Played {
  readonly signal: AbortSignal;
  isOver: boolean;
  resolve(response: Response): void;
  reject(error: unknown): void;
  body?: ReadableStreamDefaultController<Uint8Array>;
}

/** What has happened, as it must be. */
interface Model {
  phase: Phase;
  /** What the listener does at the next event. */
  habit: 'nothing' | 'throw' | 'close' | 'reconnect';
  sent: number;
}

class Stage {
  readonly requests: Played[] = [];
  readonly log: string[] = [];
  readonly controller = new AbortController();
  habit: Model['habit'] = 'nothing';
  readonly source: EventSource;

  constructor() {
    const fetch = (_: string, { signal }: { signal: unknown }) =>
      new Promise<Response>((resolve, reject) => {
        const played: Played = { signal: signal as AbortSignal, isOver: false, resolve, reject };
        played.signal.addEventListener('abort', () => {
          played.isOver = true;
          reject(played.signal.reason);
        });
        this.requests.push(played);
      });
    this.source = new EventSource('http://a.example/', { fetch, signal: this.controller.signal });
    for (const type of ['open', 'message', 'error']) {
      this.source.addEventListener(type, (event) => {
        this.log.push(
          `${type} ${this.source.readyState}${'data' in event ? ` ${event.data as string}` : ''}`,
        );
        const { habit } = this;
        this.habit = 'nothing';
        if (habit === 'throw') throw new Error('thrown on purpose');
        if (habit === 'close') this.source.close();
        if (habit === 'reconnect') this.source.reconnect();
      });
    }
  }

  get last(): Played {
    return this.requests.at(-1)!;
  }

  /** Until everything that follows has happened: turns of the event loop, which are not faked. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 8; turn++) await new Promise((resolve) => setImmediate(resolve));
  }

  /** What can be seen of it from outside: at most one attempt lives, and what waits has a timer. */
  get state() {
    const attempts = this.requests.filter(({ isOver }) => !isOver).length;
    return { readyState: this.source.readyState, attempts, isWaiting: vi.getTimerCount() > 0 };
  }
}

/** What becomes of the model when something is fired; the listener may close or reconnect. */
function fired(model: Model, stage: Stage): void {
  if (model.habit === 'close') model.phase = 'closed';
  if (model.habit === 'reconnect' && model.phase !== 'closed') model.phase = 'connecting';
  model.habit = 'nothing';
  expect(stage.habit).toBe('nothing');
}

type Step = fc.AsyncCommand<Model, Stage>;

/** A command: when it can be, what it does to the source, the phase that must follow, and what must be fired meanwhile. */
function command(
  name: string,
  isPossible: (model: Model) => boolean,
  act: (stage: Stage, model: Model) => unknown,
  follow: (model: Model) => { to: Phase; fires?: string },
): fc.Arbitrary<Step> {
  return fc.constant({
    check: (model) => isPossible(model),
    async run(model, stage) {
      const before = stage.log.length;
      const { to, fires } = follow(model);
      await act(stage, model);
      await stage.settle();
      model.phase = to;
      expect(stage.log.slice(before), name).toEqual(fires === undefined ? [] : [fires]);
      if (fires !== undefined) fired(model, stage);
      expect(stage.state, name).toEqual({
        readyState: readyStateOf(model.phase),
        attempts: model.phase === 'connecting' || model.phase === 'open' ? 1 : 0,
        isWaiting: model.phase === 'waiting',
      });
    },
    toString: () => name,
  });
}

const encoder = new TextEncoder();
const inPhase =
  (...phases: Phase[]) =>
  ({ phase }: Model) =>
    phases.includes(phase);

function respond({ last }: Stage): void {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      last.body = controller;
    },
    cancel() {
      last.isOver = true;
    },
  });
  last.resolve(new Response(body, { headers: { 'content-type': 'text/event-stream' } }));
}

const always = () => true;
const stay = (model: Model) => ({ to: model.phase });

const habits = (['throw', 'close', 'reconnect'] as const).map((habit) =>
  command(
    `${habit} at the next event`,
    always,
    (stage, model) => {
      stage.habit = model.habit = habit;
    },
    stay,
  ),
);

const commands = [
  command('announce', inPhase('connecting'), respond, () => ({ to: 'open', fires: 'open 1' })),
  command(
    'event',
    inPhase('open'),
    (stage, model) => stage.last.body!.enqueue(encoder.encode(`data: ${++model.sent}\n\n`)),
    (model) => ({ to: 'open', fires: `message 1 ${model.sent + 1}` }),
  ),
  ...(['close', 'reconnect'] as const).map((habit) =>
    command(
      `two events in one chunk, ${habit} at the first`,
      inPhase('open'),
      (stage, model) => {
        stage.habit = model.habit = habit;
        const [first, second] = [++model.sent, ++model.sent];
        stage.last.body!.enqueue(encoder.encode(`data: ${first}\n\ndata: ${second}\n\n`));
      },
      (model) => ({ to: 'open', fires: `message 1 ${model.sent + 1}` }),
    ),
  ),
  ...(['close', 'reconnect'] as const).map((what) =>
    command(
      `${what} when the response is there, but not announced`,
      inPhase('connecting'),
      async (stage) => {
        respond(stage);
        for (let job = 0; job < 20; job++) await Promise.resolve();
        stage.source[what]();
      },
      () => ({ to: what === 'close' ? 'closed' : 'connecting' }),
    ),
  ),
  command(
    'end',
    inPhase('open'),
    ({ last }) => {
      last.isOver = true;
      last.body!.close();
    },
    () => ({ to: 'waiting', fires: 'error 0' }),
  ),
  command(
    'break',
    inPhase('open'),
    ({ last }) => {
      last.isOver = true;
      last.body!.error(new TypeError('terminated'));
    },
    () => ({ to: 'waiting', fires: 'error 0' }),
  ),
  command(
    'lose',
    inPhase('connecting'),
    ({ last }) => {
      last.isOver = true;
      last.reject(new TypeError('fetch failed'));
    },
    () => ({ to: 'waiting', fires: 'error 0' }),
  ),
  command(
    'refuse',
    inPhase('connecting'),
    ({ last }) => {
      last.isOver = true;
      last.resolve(new Response(null, { status: 404 }));
    },
    () => ({ to: 'closed', fires: 'error 2' }),
  ),
  command(
    'close',
    always,
    ({ source }) => source.close(),
    () => ({ to: 'closed' }),
  ),
  command(
    'abort',
    always,
    ({ controller }) => controller.abort(),
    () => ({ to: 'closed' }),
  ),
  command(
    'reconnect',
    always,
    ({ source }) => source.reconnect(),
    ({ phase }) => ({ to: phase === 'closed' ? 'closed' : 'connecting' }),
  ),
  command(
    'time passes',
    always,
    () => vi.advanceTimersByTime(LONG),
    ({ phase }) => ({ to: phase === 'waiting' ? 'connecting' : phase }),
  ),
  command('go offline', always, () => vi.stubGlobal('navigator', { onLine: false }), stay),
  command('come online', always, () => vi.stubGlobal('navigator', { onLine: true }), stay),
  ...habits,
];

describe('a source to which anything happens', () => {
  const reported = vi.fn<(error: unknown) => void>();

  beforeEach(() => {
    vi.useFakeTimers({
      toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
    });
    vi.stubGlobal('reportError', reported);
    // Where Node finds no `reportError`, as here by its own dispatch, it throws in a job of its own.
    process.setUncaughtExceptionCaptureCallback?.(reported);
  });

  afterEach(() => {
    process.setUncaughtExceptionCaptureCallback?.(null);
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  it(
    'never has two attempts, an event after its end, or an end that it does not tell',
    { timeout: LONG },
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.commands(commands, { maxCommands: 60, size: 'max' }), async (steps) => {
          vi.stubGlobal('navigator', { onLine: true });
          const stage = new Stage();
          try {
            await fc.asyncModelRun(
              (): { model: Model; real: Stage } => ({
                model: { phase: 'connecting', habit: 'nothing', sent: 0 },
                real: stage,
              }),
              steps,
            );
          } finally {
            stage.source.close();
            await stage.settle();
          }
        }),
        parameters,
      );
      for (const [error] of reported.mock.calls) expect(`${error}`).toBe('Error: thrown on purpose');
    },
  );
});
