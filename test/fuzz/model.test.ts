/** Whatever happens in whatever order: the table alone, and a whole source over a `fetch` that is played. */
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readyStateOf, transition, type Phase, type Signal } from '../../src/state.ts';
import { MAX_DELAY, RECONNECTION_TIME, Stage, type Habit, type LastAct } from './stage.ts';

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

/** What has happened, as it must be. */
interface Model {
  phase: Phase;
  habit: Habit;
  lastAct: LastAct;
  sent: number;
  isOnline: boolean;
  /** Of a wait: for how long it lasts if nothing else happens, in milliseconds, and whether it has not waited for the network yet. */
  left: number;
  isPatient: boolean;
}

/** What must follow from a command. */
interface Outcome {
  readonly to: Phase;
  /** What must be fired meanwhile. */
  readonly fires?: string;
  /** Whether the attempt is given up, if there is one. */
  readonly releases?: boolean;
}

const hasAttempt = (phase: Phase): boolean => phase === 'connecting' || phase === 'open';

/** Goes on to the next phase, unless whoever hears of the end of an attempt closes or reconnects; tells whether it did. */
function enter(model: Model, { to, releases = false }: Outcome): boolean {
  const { lastAct } = model;
  const isActed = releases && hasAttempt(model.phase);
  model.phase = to;
  if (!isActed) return true;
  model.lastAct = 'nothing';
  // What is closed stays closed.
  if (lastAct === 'nothing' || to === 'closed') return true;
  model.phase = lastAct === 'close' ? 'closed' : 'connecting';
  return false;
}

/** Something was fired; the listener may have done something about it. */
function hear(model: Model): void {
  const { habit } = model;
  model.habit = 'nothing';
  if (habit === 'close' || habit === 'abort') enter(model, { to: 'closed', releases: true });
  if (habit === 'reconnect' && model.phase !== 'closed') enter(model, { to: 'connecting', releases: true });
}

type Step = fc.AsyncCommand<Model, Stage>;

/** A command: when it can be, what it does to the source, and what must follow. */
function command(
  name: string,
  isPossible: (model: Model) => boolean,
  act: (stage: Stage, model: Model) => unknown,
  follow: (model: Model) => Outcome,
): fc.Arbitrary<Step> {
  return fc.constant({
    check: (model) => isPossible(model),
    async run(model, stage) {
      const before = stage.log.length;
      const outcome = follow(model);
      await act(stage, model);
      await stage.settle();
      const wasWaiting = model.phase === 'waiting';
      const fires = enter(model, outcome) ? outcome.fires : undefined;
      expect(stage.log.slice(before), name).toEqual(fires === undefined ? [] : [fires]);
      if (model.phase === 'waiting' && !wasWaiting) {
        expect(stage.delay, name).toBeGreaterThanOrEqual(RECONNECTION_TIME);
        expect(stage.delay, name).toBeLessThanOrEqual(RECONNECTION_TIME + MAX_DELAY);
        model.left = stage.delay;
        model.isPatient = true;
      }
      if (fires !== undefined) hear(model);
      expect({ habit: stage.habit, lastAct: stage.lastAct }, name).toEqual({
        habit: model.habit,
        lastAct: model.lastAct,
      });
      expect(stage.state, name).toEqual({
        readyState: readyStateOf(model.phase),
        attempts: hasAttempt(model.phase) ? 1 : 0,
        bodies: model.phase === 'open' ? 1 : 0,
        isWaiting: model.phase === 'waiting',
        isListeningInVain: false,
      });
    },
    toString: () => name,
  });
}

const always = () => true;
const inPhase =
  (...phases: Phase[]) =>
  ({ phase }: Model) =>
    phases.includes(phase);
const stay = (model: Model): Outcome => ({ to: model.phase });
const reestablish = (): Outcome => ({ to: 'waiting', fires: 'error 0', releases: true });
const fail = (): Outcome => ({ to: 'closed', fires: 'error 2', releases: true });
const close = (): Outcome => ({ to: 'closed', releases: true });
const reconnect = ({ phase }: Model): Outcome =>
  phase === 'closed' ? { to: 'closed' } : { to: 'connecting', releases: true };

const habits = (['throw', 'close', 'reconnect', 'abort'] as const).map((habit) =>
  command(
    `${habit} at the next event`,
    always,
    (stage, model) => {
      stage.habit = model.habit = habit;
    },
    stay,
  ),
);

const lastActs = (['close', 'reconnect'] as const).map((lastAct) =>
  command(
    `${lastAct} when the next attempt is given up`,
    always,
    (stage, model) => {
      stage.lastAct = model.lastAct = lastAct;
    },
    stay,
  ),
);

const pairs = (['close', 'reconnect', 'abort'] as const).map((habit) =>
  command(
    `two events in one chunk, ${habit} at the first`,
    inPhase('open'),
    (stage, model) => {
      stage.habit = model.habit = habit;
      stage.send(`data: ${++model.sent}\n\ndata: ${++model.sent}\n\n`);
    },
    (model) => ({ to: 'open', fires: `message 1 ${model.sent + 1}` }),
  ),
);

const unannounced = (['close', 'reconnect'] as const).map((what) =>
  command(
    `${what} when the response is there, but not announced`,
    inPhase('connecting'),
    async (stage) => {
      stage.respond();
      for (let job = 0; job < 20; job++) await Promise.resolve();
      stage.source[what]();
    },
    what === 'close' ? close : reconnect,
  ),
);

const bodies = [
  command(
    'announce',
    inPhase('connecting'),
    (stage) => stage.respond(),
    () => ({ to: 'open', fires: 'open 1' }),
  ),
  command(
    'event',
    inPhase('open'),
    (stage, model) => stage.send(`data: ${++model.sent}\n\n`),
    (model) => ({ to: 'open', fires: `message 1 ${model.sent + 1}` }),
  ),
  command('end', inPhase('open'), (stage) => stage.end(), reestablish),
  command('break', inPhase('open'), (stage) => stage.end(new TypeError('terminated')), reestablish),
  command('lose', inPhase('connecting'), (stage) => stage.lose(), reestablish),
  command('refuse', inPhase('connecting'), (stage) => stage.refuse(), fail),
  command('late answers', always, (stage) => stage.respondLate(), stay),
];

const callers = [
  command('close', always, ({ source }) => source.close(), close),
  command('abort', always, (stage) => stage.abort(), close),
  command('reconnect', always, ({ source }) => source.reconnect(), reconnect),
];

const world = [
  command(
    'time passes',
    always,
    () => vi.advanceTimersByTime(LONG),
    ({ phase }) => ({ to: phase === 'waiting' ? 'connecting' : phase }),
  ),
  command(
    'the wait is over, or goes on once more while there is no network',
    inPhase('waiting'),
    (_, model) => {
      vi.advanceTimersByTime(Math.max(1, model.left));
      model.left = MAX_DELAY;
      model.isPatient = false;
    },
    ({ isOnline, isPatient }) => ({ to: isOnline || !isPatient ? 'connecting' : 'waiting' }),
  ),
  command(
    'come online during the wait, and almost all that must remain of it passes',
    ({ phase, left, isPatient }) => phase === 'waiting' && isPatient && left > 1,
    (stage, model) => {
      model.isOnline = true;
      model.left = Math.min(model.left, RECONNECTION_TIME);
      stage.setOnline(true);
      vi.advanceTimersByTime(model.left - 1);
      model.left = 1;
    },
    stay,
  ),
  command(
    'almost all of the wait passes',
    ({ phase, left }) => phase === 'waiting' && left > 1,
    (_, model) => {
      vi.advanceTimersByTime(model.left - 1);
      model.left = 1;
    },
    stay,
  ),
  command(
    'go offline',
    always,
    (stage, model) => {
      model.isOnline = false;
      stage.setOnline(false);
    },
    stay,
  ),
  command(
    'come online',
    always,
    (stage, model) => {
      model.isOnline = true;
      // Nothing cuts the reconnection time short.
      model.left = Math.min(model.left, model.isPatient ? RECONNECTION_TIME : 0);
      stage.setOnline(true);
    },
    stay,
  ),
];

const commands = [...bodies, ...callers, ...world, ...habits, ...lastActs, ...pairs, ...unannounced];

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
      let thrown = 0;
      const story = fc.commands(commands, { maxCommands: 60, size: 'max' });
      await fc.assert(
        fc.asyncProperty(fc.boolean(), story, async (isDeaf, steps) => {
          const real = new Stage(isDeaf);
          const model: Model = {
            phase: 'connecting',
            habit: 'nothing',
            lastAct: 'nothing',
            sent: 0,
            isOnline: true,
            left: 0,
            isPatient: true,
          };
          try {
            await fc.asyncModelRun(() => ({ model, real }), steps);
            expect(await real.isAliveOrClosed()).toBe(true);
          } finally {
            real.habit = real.lastAct = 'nothing';
            real.source.close();
            await real.settle();
            thrown += real.thrown;
          }
        }),
        parameters,
      );
      expect(reported).toHaveBeenCalledTimes(thrown);
      for (const [error] of reported.mock.calls) expect(`${error}`).toBe('Error: thrown on purpose');
    },
  );
});
