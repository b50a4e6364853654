/** What other code on the page or in the process may try, and what must not come of it. `SECURITY.md` names these tests. */
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { EventSourceErrorEvent, EventSourceOpenEvent } from '../src/events.ts';

describe('an event that is printed or made JSON', () => {
  const target = 'https://example.com/path?key=secret';
  const headers = new Headers({ 'set-cookie': 'secret', 'x-key': 'secret' });
  // As Bun's fetch rejects: the whole url is a property of the error.
  const error = Object.assign(new TypeError('secret'), { path: target });
  const open = { status: 200, headers, url: target, redirected: true, attempt: 1 };
  const loss = { reason: 'network', message: 'm', headers, error, reconnecting: false, attempt: 1 } as const;

  it.each([
    ['open', new EventSourceOpenEvent('open', open), ['headers', 'url']],
    ['error', new EventSourceErrorEvent('error', loss), ['headers', 'error']],
  ])('shows no url, no header and no other error: %s', (_, event, hidden) => {
    for (const name of hidden) expect(Reflect.get(event, name)).toBeDefined();
    const copy = { ...event };
    expect(JSON.stringify(event) + JSON.stringify(copy) + inspect(copy, { depth: 5 })).not.toContain(
      'secret',
    );
    expect(inspect(event, { depth: 5, customInspect: false })).not.toContain('secret');
  });
});
