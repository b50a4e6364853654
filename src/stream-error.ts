/** The error that ends an iteration. */
import { hide, type ErrorDetails, type EventSourceErrorReason } from './errors.ts';
import type { PlatformHeaders } from './platform-types.ts';

/** What an `EventSourceError` is made of: the same as an `error` event, and one reason more. */
export interface EventSourceErrorDetails extends Omit<ErrorDetails, 'reason'> {
  reason: EventSourceErrorReason | 'parse';
}

/**
 * Why a stream of events failed. Extension, not in the standard.
 *
 * @example
 * try {
 *   for await (const { data } of eventStream(url)) console.log(data);
 * } catch (error) {
 *   if (error instanceof EventSourceError && error.status === 401) console.log('a token is needed');
 * }
 */
export class EventSourceError extends Error {
  /** A stable word: one of `EventSourceErrorReason`, or `parse` when the data of an event could not be parsed. */
  declare readonly reason: EventSourceErrorReason | 'parse';
  /** Status of the refused response. Not there when no response was refused. */
  declare readonly status?: number;
  /** The same as `status`. */
  declare readonly code?: number;
  /** Number of the attempt that ended, from 1. */
  declare readonly attempt: number;
  /** Whether there will be another attempt: never, an error is the end. */
  declare readonly reconnecting: boolean;
  /** Milliseconds until then: always `undefined`. */
  declare readonly delay: number | undefined;
  /** Headers of the refused response. */
  declare readonly headers: PlatformHeaders | undefined;
  /** What `fetch`, the body, or a function of the caller's failed with, as it came. */
  declare readonly error: unknown;

  constructor({ reason, message, status, headers, error, attempt }: EventSourceErrorDetails) {
    super(message);
    Object.assign(this, { reason, attempt });
    if (status !== undefined) Object.assign(this, { status, code: status });
    hide(this, { headers, error, reconnecting: false, delay: undefined });
  }
}
Object.defineProperty(EventSourceError.prototype, 'name', { value: 'EventSourceError' });
