import { afterEach, describe, expect, it, vi } from 'vitest';
import { EventSource } from '../src/event-source.ts';
import { connect, make, url } from './support/source.ts';
import { turns, until } from './support/until.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('the constructor', () => {
  it('needs new, and an argument', () => {
    expect(() => (EventSource as unknown as () => void)()).toThrow(TypeError);
    const required = new TypeError('everysource: a url is required');
    expect(() => Reflect.construct(EventSource, [])).toThrow(required);
    expect(EventSource.length).toBe(1);
  });

  it('converts its argument to a string', () => {
    vi.stubGlobal('document', { baseURI: 'http://base.example/dir/' });
    const converted = (value: unknown) => make(value).url;
    expect(converted({ toString: () => 'x' })).toBe('http://base.example/dir/x');
    expect(converted(new URL('http://a.example'))).toBe('http://a.example/');
    expect(converted(null)).toBe('http://base.example/dir/null');
    expect(converted(undefined)).toBe('http://base.example/dir/undefined');
    expect(converted('\uD800')).toBe('http://base.example/dir/%EF%BF%BD');
    expect(() => make(Symbol('x'))).toThrow(TypeError);
  });

  it('resolves against the location in a worker', () => {
    vi.stubGlobal('document', undefined);
    vi.stubGlobal('location', { href: 'http://worker.example/a/b.js' });
    expect(make('x').url).toBe('http://worker.example/a/x');
  });

  it('throws a SyntaxError for a url that cannot be parsed, and says nothing of what was in it', () => {
    vi.stubGlobal('document', undefined);
    vi.stubGlobal('location', undefined);
    for (const bad of ['/relative?secret', 'http://this is invalid/secret', 'http://a%20b/', 'http://[::1']) {
      const error = (() => {
        try {
          make(bad);
        } catch (thrown) {
          return thrown as DOMException;
        }
        return undefined;
      })();
      expect(error, bad).toBeInstanceOf(DOMException);
      expect(error!.name).toBe('SyntaxError');
      expect(error!.message).toMatch(/has to be absolute/);
      expect(error!.message).not.toMatch(/secret/);
    }
  });

  it('takes other schemes as they are, to fail later', () => {
    expect(make('httpx://a%20b/').url).toBe('httpx://a%20b/');
  });

  it('converts its arguments before it parses the url', () => {
    expect(() => make('http://[', { reconnectionTime: -1 })).toThrow(TypeError);
  });

  it('says nothing of absolute urls where there is a base', () => {
    vi.stubGlobal('document', { baseURI: url });
    expect(() => make('http://[')).toThrow(/cannot be parsed\.$/);
  });

  it('converts options as Web IDL does', () => {
    expect(make(url, { withCredentials: 1 }).withCredentials).toBe(true);
    expect(make(url, { withCredentials: undefined }).withCredentials).toBe(false);
    expect(() => new EventSource(url, 1 as never)).toThrow(TypeError);
    vi.stubGlobal('fetch', () => new Promise(() => {}));
    expect(new EventSource(url, null as never).withCredentials).toBe(false);
    expect(
      new EventSource(
        url,
        Object.assign(() => {}, { withCredentials: true }),
      ).withCredentials,
    ).toBe(true);
  });

  it('takes a signal of null as none', () => {
    expect(make(url, { signal: null }).readyState).toBe(0);
  });
});

describe('the attributes', () => {
  it('have the constants on the class and on its instances, fixed', () => {
    for (const target of [EventSource, EventSource.prototype]) {
      for (const [name, value] of Object.entries({ CONNECTING: 0, OPEN: 1, CLOSED: 2 })) {
        expect(Object.getOwnPropertyDescriptor(target, name)).toEqual({
          value,
          writable: false,
          enumerable: true,
          configurable: false,
        });
      }
    }
    expect(make(url).CLOSED).toBe(2);
  });

  it('are enumerable on the prototype, with the tag and the name of the interface', () => {
    const names = Object.keys(EventSource.prototype);
    const standard = ['url', 'withCredentials', 'readyState', 'onopen', 'onmessage', 'onerror', 'close'];
    expect(names).toEqual(expect.arrayContaining(standard));
    expect(names).not.toContain('constructor');
    expect((EventSource as unknown as Function).name).toBe('EventSource');
    expect(EventSource.prototype.constructor).toBe(EventSource);
    expect(Object.prototype.toString.call(make(url))).toBe('[object EventSource]');
  });

  it('are described as Web IDL does it', () => {
    const { prototype } = EventSource;
    const described = (object: object, name: PropertyKey) => Object.getOwnPropertyDescriptor(object, name);
    const hidden = { value: 'EventSource', writable: false, enumerable: false, configurable: true };
    expect(described(EventSource, 'name')).toEqual(hidden);
    expect(described(prototype, Symbol.toStringTag)).toEqual(hidden);
    const method = { writable: true, configurable: true };
    expect(described(EventSource, 'fromReadableStream')).toMatchObject({ ...method, enumerable: true });
    expect(described(prototype, Symbol.dispose)).toMatchObject({ ...method, enumerable: false });
  });

  it('throw a TypeError on a foreign this', () => {
    for (const name of ['url', 'withCredentials', 'readyState', 'onmessage'] as const) {
      const { get } = Object.getOwnPropertyDescriptor(EventSource.prototype, name)!;
      expect(() => get!.call(new EventTarget()), name).toThrow(TypeError);
    }
  });

  it('cannot be written', () => {
    const source = make(url);
    expect(() => Object.assign(source, { readyState: 2 })).toThrow(TypeError);
    expect(source.readyState).toBe(0);
  });

  it('hold a handler each', () => {
    const source = make(url);
    for (const name of ['onopen', 'onmessage', 'onerror'] as const) {
      const handler = () => {};
      expect(source[name]).toBeNull();
      source[name] = handler;
      expect(source[name]).toBe(handler);
      source[name] = null;
      expect(source[name]).toBeNull();
    }
  });
});

describe('the methods that take a type', () => {
  it('convert it once, and leave other event targets alone', () => {
    const toString = vi.fn(() => 'x');
    const source = make(url);
    const unused = () => {};
    source.addEventListener({ toString } as never, unused);
    source.removeEventListener({ toString } as never, unused);
    expect(toString).toHaveBeenCalledTimes(2);
    const other = new EventTarget();
    const listener = vi.fn();
    EventSource.prototype.addEventListener.call(other as never, 'x', listener);
    other.dispatchEvent(new Event('x'));
    EventSource.prototype.removeEventListener.call(other as never, 'x', listener);
    other.dispatchEvent(new Event('x'));
    expect(listener).toHaveBeenCalledOnce();
  });
});

describe('a source', () => {
  it('goes through its states, with the state already right inside each event', async () => {
    const { source, body } = connect();
    const log: unknown[] = [source.readyState];
    source.onopen = () => log.push(`open ${source.readyState}`);
    source.onmessage = ({ data }) => log.push(data);
    source.onerror = () => {
      log.push(`error ${source.readyState}`);
      source.close();
      log.push(source.readyState);
    };
    body.send('data: a\n\n').end();
    await until(() => log.length === 5);
    expect(log).toEqual([0, 'open 1', 'a', 'error 0', 2]);
  });

  it('fires nothing inside the constructor or close()', async () => {
    const { source } = connect();
    const fired = vi.fn();
    source.onopen = fired;
    source.onerror = fired;
    source.close();
    expect(source.readyState).toBe(2);
    await turns();
    expect(fired).not.toHaveBeenCalled();
  });

  it('starts with the last event ID of the option, or of the headers', async () => {
    const { fetch, source } = connect({ lastEventId: '7', headers: { 'Last-Event-ID': '6' } });
    expect(source.lastEventId).toBe('7');
    expect(fetch.mock.calls[0]![1].headers['Last-Event-ID']).toBe('7');
    source.close();
    const other = connect({ headers: { 'last-event-id': '6' } });
    expect(other.fetch.mock.calls[0]![1].headers).toEqual({
      Accept: 'text/event-stream',
      'Last-Event-ID': '6',
    });
    other.source.close();
  });

  it('reports what onComment throws, and goes on', async () => {
    const report = vi.fn();
    vi.stubGlobal('reportError', report);
    const error = new Error('in onComment');
    const onComment = () => {
      throw error;
    };
    const { source, body } = connect({ onComment });
    const data: string[] = [];
    source.onmessage = (event) => data.push(event.data);
    body.send(': alive\ndata: a\n\n');
    await until(() => data.length === 1);
    expect(report.mock.calls).toEqual([[error]]);
    expect(source.readyState).toBe(1);
  });

  it('is closed by using, where the runtime has the symbol', () => {
    expect(Symbol.dispose).toBeDefined();
    const source = make(url);
    source[Symbol.dispose]();
    expect(source.readyState).toBe(2);
    expect(Object.keys(EventSource.prototype)).not.toContain(Symbol.dispose);
  });

  it('tells that its fetch can be overridden, as eventsource does', () => {
    const key = Symbol.for('eventsource.supports-fetch-override');
    expect(Object.getOwnPropertyDescriptor(EventSource, key)).toMatchObject({
      value: true,
      enumerable: false,
    });
  });

  it('with a method other than GET cannot reconnect, unless it may be sent again', () => {
    expect(() => make(url, { method: 'POST' }).reconnect()).toThrow(
      expect.objectContaining({ name: 'InvalidStateError' }),
    );
    const again = make(url, { method: 'POST', reconnection: { resend: true } });
    expect(() => again.reconnect()).not.toThrow();
  });

  it('reconnects at once on demand', async () => {
    const { fetch, source } = connect();
    await until(() => source.readyState === 1);
    source.reconnect();
    expect(source.readyState).toBe(0);
    expect(fetch).toHaveBeenCalledTimes(2);
    source.close();
    source.reconnect();
    expect(source.readyState).toBe(2);
  });
});
