/** What is used of the clients and of Playwright's pages, so that types can be checked where this folder is not installed. */

type EventSourceClass = new (url: string) => EventSource;
interface Received {
  data: string;
}

declare module 'eventsource' {
  export const EventSource: EventSourceClass;
}
declare module 'event-source-polyfill' {
  const all: { EventSourcePolyfill: EventSourceClass };
  export default all;
}
declare module 'eventsource-client' {
  export function createEventSource(options: {
    url: string;
    onMessage: (message: Received) => void;
    onDisconnect: () => void;
  }): { close(): void };
}
declare module '@microsoft/fetch-event-source' {
  export function fetchEventSource(
    url: string,
    options: { fetch: typeof fetch; openWhenHidden: boolean; onmessage: (message: Received) => void },
  ): Promise<void>;
}
declare module 'event-source-plus' {
  export class EventSourcePlus {
    constructor(url: string, options: { retryStrategy: 'on-error' });
    listen(hooks: { onMessage: (message: Received) => void }): {
      onAbort(listener: (reason: unknown) => void): void;
    };
  }
}
declare module 'simple-statistics' {
  export function median(values: number[]): number;
  export function min(values: number[]): number;
  export function max(values: number[]): number;
  export function quantile(values: number[], share: number): number;
}

/** What `page.js` puts there. */
declare function listen(
  client: string,
  stream: { url: string; types: string[] },
): Promise<{ count: number; length: number }>;
