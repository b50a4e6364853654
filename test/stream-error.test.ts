import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { EventSourceError, eventStream } from '../src/stream.ts';
import type { FetchLike } from '../src/transport.ts';
import { failure, url } from './support/stream.ts';

describe('a failure', () => {
  it('carries what the error event has, and prints nothing that may be a secret', async () => {
    const fetch: FetchLike = async () =>
      new Response('', { status: 403, headers: { 'set-cookie': 'a=secret', 'x-key': 'secret' } });
    const error = await failure(eventStream(`${url}?key=secret`, { fetch }));
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: 'EventSourceError', reason: 'status', status: 403, attempt: 1 });
    expect(error?.headers?.get('x-key')).toBe('secret');
    expect([error?.reconnecting, error?.delay, error?.error]).toEqual([false, undefined, undefined]);
    expect(JSON.stringify(error) + String(error) + inspect(error, { showHidden: false })).not.toContain(
      'secret',
    );
    expect(Object.keys(error ?? {})).toEqual(['reason', 'attempt', 'status', 'code']);
    const other = new EventSourceError({ reason: 'network', message: 'm', reconnecting: false, attempt: 1 });
    expect('status' in other || 'code' in other).toBe(false);
  });

  it('keeps the reason of attempts used up', async () => {
    const stream = eventStream(url, {
      fetch: () => Promise.reject(new TypeError('x')),
      reconnectionTime: 0,
      reconnection: { maxAttempts: 1 },
    });
    expect(await failure(stream)).toMatchObject({ reason: 'attempts', error: new TypeError('x') });
  });
});
