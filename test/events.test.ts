import { describe, expect, it } from 'vitest';
import { EventSourceErrorEvent, EventSourceOpenEvent } from '../src/events.ts';

describe('the events', () => {
  it('are events of the platform that neither bubble nor can be cancelled', () => {
    const { headers } = new Response();
    const open = new EventSourceOpenEvent('open', {
      status: 200,
      headers,
      url: 'https://example.com/path',
      redirected: true,
      attempt: 2,
    });
    expect(open).toBeInstanceOf(Event);
    expect(open).toMatchObject({ type: 'open', bubbles: false, cancelable: false });
    expect(open).toMatchObject({
      status: 200,
      headers,
      url: 'https://example.com/path',
      redirected: true,
      attempt: 2,
    });
  });

  it('have a code where they have a status, and no data', () => {
    const init = { reason: 'status', message: 'm', reconnecting: false, attempt: 1 } as const;
    const facts = { ...init, status: 500, headers: new Response().headers, error: new TypeError('gone') };
    const error = new EventSourceErrorEvent('error', facts);
    expect(error).toBeInstanceOf(Event);
    expect(error).toMatchObject({ ...facts, code: 500, bubbles: false, cancelable: false });
    expect('data' in error).toBe(false);
    const other = new EventSourceErrorEvent('error', init);
    expect(['status' in other, 'code' in other, other.status]).toEqual([false, false, undefined]);
  });
});
