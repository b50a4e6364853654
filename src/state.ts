/**
 * The life of a connection as one table: pure, without time and without I/O.
 *
 * Source: HTML standard, section 9.2.3 "Processing model"
 * https://html.spec.whatwg.org/multipage/server-sent-events.html#sse-processing-model
 */

/** Where a connection stands. `waiting` is the pause before the next attempt: the standard's CONNECTING. */
export type Phase = 'connecting' | 'open' | 'waiting' | 'closed';

/** What can happen to a connection. The first three are the standard's terms. */
export type Signal = 'announce' | 'reestablish' | 'fail' | 'elapsed' | 'reconnect' | 'close';

/** What has to be done about it, in the order given. */
export type Effect = 'fetch' | 'read' | 'release' | 'wait' | 'fire open' | 'fire error';

/** One cell of the table: the next phase, and the effects that follow. */
export type Transition = readonly [to: Phase, ...effects: Effect[]];

const reestablish: Transition = ['waiting', 'release', 'wait', 'fire error'];
const fail: Transition = ['closed', 'release', 'fire error'];
const reconnect: Transition = ['connecting', 'release', 'fetch'];
const close: Transition = ['closed', 'release'];

/** A signal that is missing from a row does nothing there, deliberately: late news of an old attempt lands so. */
const table: Readonly<Record<Phase, Readonly<Partial<Record<Signal, Transition>>>>> = {
  connecting: {
    announce: ['open', 'read', 'fire open'],
    reestablish,
    fail,
    reconnect,
    close,
  },
  open: { reestablish, fail, reconnect, close },
  waiting: { elapsed: ['connecting', 'fetch'], reconnect, close },
  closed: {},
};

/** The transition that a signal causes in a phase, or `undefined` where it changes nothing. */
export function transition(phase: Phase, signal: Signal): Transition | undefined {
  return table[phase][signal];
}

/** `readyState` as the standard numbers it: 0 CONNECTING, 1 OPEN, 2 CLOSED. */
export function readyStateOf(phase: Phase): 0 | 1 | 2 {
  if (phase === 'open') return 1;
  return phase === 'closed' ? 2 : 0;
}
