/**
 * The event of a message. It is not the platform's own `MessageEvent`, but passes for one: its prototype is one, so `instanceof` and
 * whatever else looks at prototypes is content. Making and dispatching it costs (ns, 2026-11, native → this): Node 24 510 → 100, Node 26
 * 530 → 100, Node 20 125 → 110, Bun 560 → 250, Deno 170 → 160, Chromium 3200 → 1000, Firefox 2230 → 2450.
 */
import type { Message } from './event-stream.ts';

const noPorts: readonly never[] = Object.freeze([]);

/** The class that messages are made of. Exported so that a test can offer another platform. */
export function messageEventClass({ MessageEvent }: { MessageEvent?: { prototype: object } }) {
  class LightMessageEvent extends Event {
    // Not as properties of its own, which the platform's events do not have.
    readonly #message: Message;

    constructor(message: Message) {
      super(message.type);
      this.#message = message;
    }

    get data(): string {
      return this.#message.data;
    }

    get origin(): string {
      return this.#message.origin;
    }

    get lastEventId(): string {
      return this.#message.lastEventId;
    }

    get ports(): readonly never[] {
      return noPorts;
    }
  }
  passFor(LightMessageEvent, MessageEvent?.prototype);
  return LightMessageEvent;
}

/** Puts a class in the place of the platform's, as far as anybody can see; edge-runtime 4 (2026-11) has none. */
function passFor(Class: { prototype: object }, native: object | undefined): void {
  const { prototype } = Class;
  // What else there is, such as Chromium's `userActivation`, would refuse an object that is not the platform's own.
  for (const name of Object.keys(native ?? { source: null })) {
    if (!Object.hasOwn(prototype, name)) Object.defineProperty(prototype, name, { value: null });
  }
  if (native) {
    Object.setPrototypeOf(prototype, native);
    delete (prototype as { constructor?: unknown }).constructor;
  } else {
    Object.defineProperty(Class, 'name', { value: 'MessageEvent' });
  }
}

// Made at the first message: in Node `MessageEvent` is a getter that replaces itself, and an import must change no global.
let MessageEventClass: ReturnType<typeof messageEventClass> | undefined;

/** A message event, not cancelable and not bubbling. */
export function createMessageEvent(message: Message): Event {
  MessageEventClass ??= messageEventClass(globalThis);
  return new MessageEventClass(message);
}
