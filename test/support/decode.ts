/** The decoder by itself: bytes in, and everything that it tells. */
import { expect } from 'vitest';
import {
  DEFAULT_MAX_BUFFER_SIZE,
  EventStreamDecoder,
  type EventStreamOptions,
  type Message,
} from '../../src/event-stream.ts';

/** A decoder, and what it has told. */
export function listen(options: Partial<EventStreamOptions> = {}) {
  const messages: Message[] = [];
  const retries: number[] = [];
  const decoder = new EventStreamDecoder({
    lastEventId: '',
    maxBufferSize: DEFAULT_MAX_BUFFER_SIZE,
    origin: 'http://a',
    onMessage: (message) => messages.push(message),
    onRetry: (milliseconds) => retries.push(milliseconds),
    ...options,
  });
  return { decoder, messages, retries };
}

/** Decodes pieces, and tells the reconnection times as they were after each, NaN before the first. */
export function decode(pieces: Uint8Array[], maxBufferSize = DEFAULT_MAX_BUFFER_SIZE, initialId = '') {
  const { decoder, messages, retries } = listen({ lastEventId: initialId, maxBufferSize });
  const reconnectionTimes: number[] = [];
  for (const piece of pieces) {
    decoder.decode(piece);
    reconnectionTimes.push(retries.at(-1) ?? NaN);
  }
  const events = messages.map(({ origin, ...event }) => {
    expect(origin).toBe('http://a');
    return event;
  });
  const { lastEventId, isTooLarge } = decoder;
  return { events, lastEventId, isTooLarge, reconnectionTimes };
}

export const encode = (text: string) => new TextEncoder().encode(text);
export const bytewise = (bytes: Uint8Array) => Array.from(bytes, (byte) => Uint8Array.of(byte));
export const dataOf = (events: readonly Pick<Message, 'data'>[]) => events.map(({ data }) => data);
