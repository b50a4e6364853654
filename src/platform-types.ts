/**
 * The platform's types that our declarations name. They come from whichever library declares them (DOM, WebWorker,
 * `@types/node`, workers-types); where none does, they have what a user of ours needs. To name a type that is missing
 * would be an error in the user's compilation, hence each `@ts-ignore`: it makes the type `any`, which `OrElse` replaces.
 * Each has to stand on the line before the name, here and in the declaration file. (By way of `typeof globalThis` the
 * types could be found without; but it does not show classes that are declared as such, as workers-types has them.)
 */

/** In brackets, since a condition on an unresolved name is unresolved itself. */
type OrElse<Type, Fallback> = [0] extends [1 & Type] ? Fallback : Type;

interface BareEvent {
  readonly type: string;
  readonly target: unknown;
  readonly currentTarget: unknown;
  readonly timeStamp: number;
  stopImmediatePropagation(): void;
}

interface BareEventTarget {
  dispatchEvent(event: PlatformEvent): boolean;
}

interface BareAbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

interface BareHeaders {
  get(name: string): string | null;
  has(name: string): boolean;
  forEach(callback: (value: string, name: string) => void): void;
}

/** @ts-ignore */
export type PlatformEvent = OrElse<Event, BareEvent>;
/** @ts-ignore */
export type PlatformEventTarget = OrElse<EventTarget, BareEventTarget>;
/** @ts-ignore */
export type PlatformAbortSignal = OrElse<AbortSignal, BareAbortSignal>;
/** @ts-ignore */
export type PlatformHeaders = OrElse<Headers, BareHeaders>;
/** @ts-ignore */
export type PlatformURL = OrElse<URL, { readonly href: string }>;
/** @ts-ignore */
type PlatformRequestInit = OrElse<RequestInit, { body?: string | Uint8Array | ByteStream }>;
/** @ts-ignore */
type PlatformMessageEvent = OrElse<MessageEvent, BareEvent>;

/** A `MessageEvent`, which takes no type argument in `@types/node` and workers-types; the latter lets strings be `null`. */
export interface MessageEventOf<Data> extends PlatformMessageEvent {
  readonly data: Data;
  readonly origin: string;
  readonly lastEventId: string;
}

/** `EventInit` of the DOM library. */
export interface PlatformEventInit {
  bubbles?: boolean;
  cancelable?: boolean;
  composed?: boolean;
}

/** What our events extend. */
export type PlatformEventConstructor = new (type: string, init?: PlatformEventInit) => PlatformEvent;

/** `EventListenerOrEventListenerObject` of the DOM library. */
export type PlatformListener = ((event: PlatformEvent) => void) | { handleEvent(event: PlatformEvent): void };

/** `HeadersInit` of the DOM library. */
export type PlatformHeadersInit = [string, string][] | Record<string, string> | PlatformHeaders;

/** `BodyInit` of the DOM library. */
export type PlatformBody = Exclude<PlatformRequestInit['body'], null | undefined>;

/** A stream of bytes, as far as it is read. A `ReadableStream<Uint8Array>` of any library is one. */
export interface ByteStream {
  getReader(): {
    read(): Promise<{ done: boolean; value?: Uint8Array | undefined }>;
    cancel(reason?: unknown): Promise<void>;
  };
  cancel(reason?: unknown): Promise<void>;
}
