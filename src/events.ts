/** The events that tell of the connection, and what they are made of. */
import { hide, type ErrorDetails, type EventSourceErrorReason, type OpenDetails } from './errors.ts';
import type { PlatformEventConstructor, PlatformEventInit, PlatformHeaders } from './platform-types.ts';

// `Event` is typed by us, so that the declarations compile where no library declares it.

/** What `EventSourceOpenEvent` is made of. */
export interface EventSourceOpenEventInit extends OpenDetails, PlatformEventInit {}

/**
 * The `open` event: the response that became the stream. D6: an extension, the standard has a plain `Event`.
 *
 * @example
 * source.addEventListener('open', (event) => console.log(event.status, event.url));
 */
export class EventSourceOpenEvent extends (Event as PlatformEventConstructor) {
  /** Status of the response: 200; 0 for a source made from a stream. */
  declare readonly status: number;
  /** Headers of the response, as far as `fetch` shows them. */
  declare readonly headers: PlatformHeaders;
  /** Url of the response, after redirects. */
  declare readonly url: string;
  /** Whether there was a redirect. */
  declare readonly redirected: boolean;
  /** Number of the attempt over the life of the source, from 1. */
  declare readonly attempt: number;

  constructor(type: string, init: EventSourceOpenEventInit) {
    super(type, init);
    const { status, headers, url, redirected, attempt } = init;
    Object.assign(this, { status, redirected, attempt });
    hide(this, { headers, url });
  }
}

/** What `EventSourceErrorEvent` is made of. */
export interface EventSourceErrorEventInit extends ErrorDetails, PlatformEventInit {}

/**
 * The `error` event: why the connection was lost, and whether the source comes back. D6: an extension, the standard has
 * a plain `Event`. It has no `data`: a server's own event named `error` is a `MessageEvent`.
 *
 * @example
 * source.addEventListener('error', (event) => {
 *   if (event instanceof EventSourceErrorEvent) console.log(event.reason, event.message, event.delay);
 * });
 */
export class EventSourceErrorEvent extends (Event as PlatformEventConstructor) {
  /** A stable word, see `EventSourceErrorReason`. */
  declare readonly reason: EventSourceErrorReason;
  /** One sentence: what was expected, what came, where. Never a query string, a credential or a header value. */
  declare readonly message: string;
  /** Status of the refused response. Not there when no response was refused. */
  declare readonly status?: number;
  /** The same as `status`, under the name that `eventsource` 3 to 5 use. */
  declare readonly code?: number;
  /** Headers of the refused response. */
  declare readonly headers: PlatformHeaders | undefined;
  /** What `fetch` or the body was rejected with, as it came. */
  declare readonly error: unknown;
  /** Whether the source makes another attempt by itself. */
  declare readonly reconnecting: boolean;
  /** Milliseconds until that attempt, `undefined` if there is none. */
  declare readonly delay: number | undefined;
  /** Number of the attempt that ended, over the life of the source, from 1. */
  declare readonly attempt: number;

  constructor(type: string, init: EventSourceErrorEventInit) {
    super(type, init);
    const { reason, message, status, headers, error, reconnecting, delay, attempt } = init;
    Object.assign(this, { reason, message, reconnecting, delay, attempt });
    hide(this, { headers, error });
    if (status !== undefined) Object.assign(this, { status, code: status });
  }
}
