export { EventSource, EventSource as default } from './event-source.ts';
export type { EventSourceConstructor, EventSourceEventMap } from './event-source.ts';
export type { EventSourceInit } from './init.ts';
export {
  EventSourceErrorEvent,
  EventSourceErrorEvent as ErrorEvent,
  EventSourceOpenEvent,
} from './events.ts';
export type { EventSourceErrorReason } from './errors.ts';
export type { EventSourceErrorEventInit, EventSourceOpenEventInit } from './events.ts';
export { install } from './install.ts';
export type { EventSourceFetchInit, FetchLikeResponse } from './http.ts';
export type { ReconnectionInit } from './reconnection.ts';
export type { AttemptContext, FetchLike, HeadersFunction } from './transport.ts';
