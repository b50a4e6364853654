/** Puts the class on the global object, for code that expects it there. */
import { EventSource } from './event-source.ts';

/**
 * Defines `globalThis.EventSource`, when there is none. Extension, not in the standard.
 *
 * @param options - `force`: also replace the class that is there, which ignores our options. Default `false`
 * @example
 * install({ force: true });
 * new globalThis.EventSource(url, { headers: { Authorization: 'Bearer 1234' } });
 */
export function install({ force = false }: { force?: boolean } = {}): void {
  if (!force && 'EventSource' in globalThis) return;
  // As Web IDL defines an interface object.
  Object.defineProperty(globalThis, 'EventSource', {
    value: EventSource,
    writable: true,
    enumerable: false,
    configurable: true,
  });
}
