import { vi } from 'vitest';

/** Makes the runtime a page: a location, and requests that take no cookies of the caller's. */
export function stubPage(location: { origin: string }): void {
  vi.stubGlobal('location', location);
  vi.stubGlobal(
    'Request',
    class {
      headers = new Headers();
    },
  );
}
