/** The event of a message: the platform's `MessageEvent`, or one of ours where the platform has none. */

/** What makes a message event. */
export interface MessageEventFields {
  data: string;
  origin: string;
  lastEventId: string;
}

/** Has the members of `MessageEvent` that a message can have. */
class FallbackMessageEvent extends Event {
  readonly data: string;
  readonly origin: string;
  readonly lastEventId: string;
  readonly source = null;
  readonly ports: readonly never[] = Object.freeze([]);

  constructor(type: string, { data, origin, lastEventId }: MessageEventFields) {
    super(type);
    this.data = data;
    this.origin = origin;
    this.lastEventId = lastEventId;
  }
}
Object.defineProperty(FallbackMessageEvent, 'name', { value: 'MessageEvent', configurable: true });

/**
 * The class that messages are made of. edge-runtime 4 (2026-11) has no `MessageEvent`. Exported so that a test can offer
 * another platform.
 */
export function messageEventClass(scope: { MessageEvent?: typeof MessageEvent }) {
  return scope.MessageEvent ?? (FallbackMessageEvent as unknown as typeof MessageEvent);
}

// Looked up at the first message: in Node it is a getter that replaces itself, and an import must change no global.
let MessageEventClass: typeof MessageEvent | undefined;

/** A message event, not cancelable and not bubbling. */
export function createMessageEvent(type: string, fields: MessageEventFields): MessageEvent<string> {
  MessageEventClass ??= messageEventClass(globalThis);
  return new MessageEventClass<string>(type, fields);
}
