import { describe, expect, it } from 'vitest';
import { createMessageEvent, messageEventClass } from '../src/message-event.ts';

const fields = { data: 'a', origin: 'http://a', lastEventId: '7' };

describe('a message event', () => {
  it("is the platform's", () => {
    const event = createMessageEvent('x', fields);
    expect(event).toBeInstanceOf(MessageEvent);
    expect(event).toMatchObject({ type: 'x', ...fields, bubbles: false, cancelable: false });
  });

  it('has the same members where the platform has none', () => {
    const Fallback = messageEventClass({});
    const event = new Fallback('x', fields);
    expect(event).toBeInstanceOf(Event);
    expect(event).toMatchObject({ type: 'x', ...fields, bubbles: false, cancelable: false });
    expect(event).toMatchObject({ source: null, ports: [] });
    expect(Fallback.name).toBe('MessageEvent');
  });
});
