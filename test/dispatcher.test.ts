import { afterEach, describe, expect, it, vi } from 'vitest';
import { Dispatcher } from '../src/dispatcher.ts';
import { EventSourceErrorEvent, EventSourceOpenEvent } from '../src/events.ts';

const origin = 'http://example.com';
const message = (data: string, type = 'message') => ({ type, data, lastEventId: '7', origin });

function dispatcher() {
  const target = new EventTarget();
  return { target, dispatcher: new Dispatcher(target) };
}

describe('the events', () => {
  it('are what the standard describes', () => {
    const { target, dispatcher: sink } = dispatcher();
    const seen: Event[] = [];
    target.addEventListener('x', (event) => seen.push(event));
    sink.message(message('a', 'x'));
    expect(seen[0]).toBeInstanceOf(MessageEvent);
    expect(seen[0]).toMatchObject({ type: 'x', data: 'a', origin, lastEventId: '7' });
    expect(seen[0]).toMatchObject({ bubbles: false, cancelable: false, target });
  });

  it('open and error carry what is known', () => {
    const { target, dispatcher: sink } = dispatcher();
    const seen: Event[] = [];
    for (const type of ['open', 'error']) target.addEventListener(type, (event) => seen.push(event));
    sink.open({ status: 200, headers: new Headers(), url: 'http://a/', redirected: false, attempt: 1 });
    sink.error({ reason: 'network', message: 'm', reconnecting: true, delay: 3, attempt: 1 });
    expect(seen[0]).toBeInstanceOf(EventSourceOpenEvent);
    expect(seen[0]).toMatchObject({ type: 'open', status: 200, target });
    expect(seen[1]).toBeInstanceOf(EventSourceErrorEvent);
    expect(seen[1]).toMatchObject({ type: 'error', reason: 'network', delay: 3, target });
  });
});

describe('the event-handler attributes', () => {
  it('are null at first, and for a value that is no object', () => {
    const { dispatcher: sink } = dispatcher();
    expect(sink.handler('message')).toBeNull();
    for (const value of ['x', 1, true, undefined, null, Symbol('x')]) {
      sink.setHandler('message', () => {});
      sink.setHandler('message', value);
      expect(sink.handler('message')).toBeNull();
    }
  });

  it('keep an object that cannot be called, and do nothing with it', () => {
    const { dispatcher: sink } = dispatcher();
    const handler = { handleEvent: vi.fn() };
    sink.setHandler('message', handler);
    sink.message(message('a'));
    expect(sink.handler('message')).toBe(handler);
    expect(handler.handleEvent).not.toHaveBeenCalled();
  });

  it('call a function with the source as this', () => {
    const { target, dispatcher: sink } = dispatcher();
    const handler = vi.fn();
    sink.setHandler('message', handler);
    sink.message(message('a'));
    expect(handler.mock.calls).toMatchObject([[{ data: 'a' }]]);
    expect(handler.mock.contexts).toEqual([target]);
  });

  it('keep their place when replaced, and go to the end after null', () => {
    const { target, dispatcher: sink } = dispatcher();
    const order: string[] = [];
    const note = (name: string) => () => order.push(name);
    sink.setHandler('message', note('first'));
    target.addEventListener('message', note('listener'));
    sink.setHandler('message', {});
    sink.setHandler('message', note('second'));
    sink.message(message('a'));
    sink.setHandler('message', null);
    sink.setHandler('message', note('third'));
    sink.message(message('b'));
    expect(order).toEqual(['second', 'listener', 'listener', 'third']);
  });
});

describe('the rule about tasks', () => {
  it('holds the next event back once after the listeners of its type have changed', () => {
    const { dispatcher: sink } = dispatcher();
    expect(sink.message(message('a'))).toBeUndefined();
    sink.noteChange('message');
    expect(sink.message(message('b', 'other'))).toBeUndefined();
    expect(sink.message(message('c'))).toBeInstanceOf(Promise);
    expect(sink.message(message('d'))).toBeUndefined();
  });

  it('counts a change within an event for the next event too', () => {
    const { dispatcher: sink } = dispatcher();
    sink.setHandler('message', () => sink.setHandler('message', () => {}));
    expect(sink.message(message('a'))).toBeInstanceOf(Promise);
    expect(sink.message(message('b'))).toBeInstanceOf(Promise);
    expect(sink.message(message('c'))).toBeUndefined();
  });
});

describe('a change while nothing was held back', () => {
  it('holds the next event back, of its own type only', () => {
    const { dispatcher: sink } = dispatcher();
    let changed: string | undefined;
    sink.setHandler('message', () => changed !== undefined && sink.noteChange(changed));
    expect(sink.message(message('a'))).toBeInstanceOf(Promise);
    expect(sink.message(message('b'))).toBeUndefined();
    changed = 'other';
    expect(sink.message(message('c'))).toBeUndefined();
    changed = 'message';
    expect(sink.message(message('d'))).toBeInstanceOf(Promise);
  });
});

describe('a platform that calls on<type> by itself (workerd)', () => {
  const { dispatchEvent } = EventTarget.prototype;
  afterEach(() => {
    EventTarget.prototype.dispatchEvent = dispatchEvent;
    vi.resetModules();
  });

  it('calls a handler once', async () => {
    const called = new WeakSet<Event>(); // happy-dom's own dispatchEvent calls itself
    EventTarget.prototype.dispatchEvent = function (event) {
      const handler: unknown = called.has(event) ? undefined : Reflect.get(this, `on${event.type}`);
      called.add(event);
      if (typeof handler === 'function') handler.call(this, event);
      return dispatchEvent.call(this, event);
    };
    vi.resetModules();
    const fresh = await import('../src/dispatcher.ts');
    const target = new EventTarget();
    const sink = new fresh.Dispatcher(target);
    Object.defineProperty(target, 'onmessage', { get: () => sink.handler('message') });
    const handler = vi.fn();
    sink.setHandler('message', handler);
    sink.message(message('a'));
    sink.setHandler('message', null);
    sink.message(message('b'));
    expect(handler.mock.calls).toMatchObject([[{ data: 'a' }]]);
  });
});

describe('a platform that lets the exception of a listener through', () => {
  const { dispatchEvent } = EventTarget.prototype;
  afterEach(() => {
    EventTarget.prototype.dispatchEvent = dispatchEvent;
    vi.unstubAllGlobals();
    vi.resetModules();
  });

  async function deliver(error: Error) {
    EventTarget.prototype.dispatchEvent = () => {
      throw error;
    };
    vi.resetModules();
    const fresh = await import('../src/dispatcher.ts');
    return () => new fresh.Dispatcher(new EventTarget()).message(message('a'));
  }

  it('has it reported by reportError', async () => {
    const error = new Error('in a listener');
    const report = vi.fn();
    vi.stubGlobal('reportError', report);
    const dispatch = await deliver(error);
    expect(dispatch()).toBeUndefined();
    expect(report.mock.calls).toEqual([[error]]);
  });

  it('has it reported as an uncaught error where there is no reportError', async () => {
    const error = new Error('in a listener');
    const jobs: (() => void)[] = [];
    vi.stubGlobal('reportError', undefined);
    vi.stubGlobal('queueMicrotask', (job: () => void) => jobs.push(job));
    const dispatch = await deliver(error);
    expect(dispatch()).toBeUndefined();
    expect(jobs).toHaveLength(1);
    expect(jobs[0]).toThrow(error);
  });
});
