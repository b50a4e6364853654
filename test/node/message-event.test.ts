/** The class of messages beside the platform's own. */
import { describe, expect, it } from 'vitest';
import { createMessageEvent, messageEventClass } from '../../src/message-event.ts';
import { observations } from '../suite/observations.js';

const message = { type: 'x', data: 'a', lastEventId: '7', origin: 'http://a' };
const ours = () => createMessageEvent(message) as MessageEvent;
const native = () => new MessageEvent('x', message);

describe('a message event', () => {
  it.each(Object.entries(observations))("is like the platform's: %s", (name, observe) => {
    // Node 22 and later (2026-11) mark theirs, so that it cannot be cloned; Node 20 has no such mark.
    const isMarked = name === 'a clone of it' && parseInt(process.versions.node, 10) >= 22;
    expect(observe(ours())).toEqual(isMarked ? 'cloned' : observe(native()));
  });

  it('has what it was made of', () => {
    expect(ours()).toMatchObject(message);
    for (const type of ['', 'error', '\u{1F600}', '__proto__']) {
      const event = createMessageEvent({ type, data: type, lastEventId: type, origin: type });
      expect(event).toMatchObject({ type, data: type, lastEventId: type, origin: type });
    }
  });

  it('has nothing that refuses it, whatever else the platform gives to messages', () => {
    class Platform {
      get userActivation(): unknown {
        throw new TypeError('Illegal invocation');
      }
    }
    Object.defineProperty(Platform.prototype, 'userActivation', { enumerable: true });
    const event = new (messageEventClass({ MessageEvent: Platform }))(message);
    expect((event as unknown as Platform).userActivation).toBeNull();
    expect(event).toBeInstanceOf(Platform);
    expect(event.constructor).toBe(Platform);
    expect(event.data).toBe('a');
  });

  it('has the same members where the platform has no such class', () => {
    const Fallback = messageEventClass({});
    const event = new Fallback(message);
    expect(event).toBeInstanceOf(Event);
    expect(event).not.toBeInstanceOf(MessageEvent);
    expect(event).toMatchObject({ ...message, bubbles: false, cancelable: false, source: null });
    expect(event.ports).toEqual([]);
    expect(Fallback.name).toBe('MessageEvent');
  });
});
