/** The sink for the DOM: builds events and dispatches them to the source; keeps its event-handler attributes. */
import { nextTask } from './event-loop.ts';
import type { ErrorDetails, OpenDetails } from './errors.ts';
import { EventSourceErrorEvent, EventSourceOpenEvent } from './events.ts';
import { createMessageEvent } from './message-event.ts';
import { reportException } from './report.ts';
import type { Sink } from './connection.ts';
import type { Message } from './event-stream.ts';

/** The value of an event-handler attribute that is not `null`; only a function is ever called. */
export type EventHandler = object;

const { addEventListener, removeEventListener, dispatchEvent } = EventTarget.prototype;

/** Dispatches what a connection delivers to one event target. */
export class Dispatcher implements Sink {
  readonly #target: EventTarget;
  /** It inherits nothing: else what somebody gave `Object.prototype` would pass for a handler. */
  readonly #handlers: Partial<Record<string, EventHandler>> = Object.create(null) as object;
  readonly #changedTypes = new Set<string>();
  /** The type of the last message, unless its listeners have changed since. */
  #calmType: string | undefined;

  constructor(target: EventTarget) {
    this.#target = target;
  }

  /** Calls the handler of a type. Not a `handleEvent`, which Node (20, 2026-11) calls by way of a promise: 1400 instead of 170 ns. */
  readonly #listener = (event: Event): void => {
    const handler = this.#handlers[event.type];
    if (typeof handler === 'function') handler.call(this.#target, event);
  };

  open(details: OpenDetails): void {
    this.#dispatch(new EventSourceOpenEvent('open', details));
  }

  error(details: ErrorDetails): void {
    this.#dispatch(new EventSourceErrorEvent('error', details));
  }

  message(message: Message): Promise<void> | undefined {
    // D7: each event is a task of its own where that can be seen. Listeners that change can see it: a loop that waits
    // for one event adds its next listener in a promise job, and all of these run before the next task. Listeners
    // that stay pay nothing, since a mark is set by a change only. What changes during this event has not had its
    // first event yet, so its mark stays for the next one too.
    const { type } = message;
    const hasChanged = type !== this.#calmType && this.#changedTypes.delete(type);
    this.#calmType = type;
    this.#dispatch(createMessageEvent(message));
    const isMarked = hasChanged || (type !== this.#calmType && this.#changedTypes.has(type));
    return isMarked ? nextTask() : undefined;
  }

  /** To be called whenever the listeners of a type change. */
  noteChange(type: string): void {
    this.#changedTypes.add(type);
    if (type === this.#calmType) this.#calmType = undefined;
  }

  /** The value of the event-handler attribute `on<type>`. */
  handler(type: string): EventHandler | null {
    return this.#handlers[type] ?? null;
  }

  /**
   * Sets the event-handler attribute `on<type>`.
   *
   * Source: HTML standard, "event handler IDL attributes": another value keeps its place among the listeners, `null`
   * gives the place up.
   */
  setHandler(type: string, value: unknown): void {
    this.noteChange(type);
    const target = this.#target;
    const isNew = this.#handlers[type] === undefined;
    if (Object(value) !== value) {
      delete this.#handlers[type];
      removeEventListener.call(target, type, this.#listener);
    } else {
      this.#handlers[type] = value as EventHandler;
      if (isNew && !platformCallsHandlers()) addEventListener.call(target, type, this.#listener);
    }
  }

  #dispatch(event: Event): void {
    try {
      dispatchEvent.call(this.#target, event);
    } catch (error) {
      // The platform reports what a listener throws; happy-dom 21 (2026-11) lets it through instead.
      reportException(error);
    }
  }
}

let callsHandlers: boolean | undefined;

/**
 * workerd (2026-11) calls `on<type>` of any event target by itself, so a listener of ours would make two calls. The price
 * is the place among the listeners, which is the platform's choice there.
 */
function platformCallsHandlers(): boolean {
  if (callsHandlers === undefined) {
    callsHandlers = false;
    const target = Object.assign(new EventTarget(), { onprobe: () => (callsHandlers = true) });
    target.dispatchEvent(new Event('probe'));
  }
  return callsHandlers;
}
