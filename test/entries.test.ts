/** The entries beside the main one, and `install()`. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as main from '../src/index.ts';

const { EventSource, install } = main;

class Native {}

function set(value: unknown): void {
  Object.defineProperty(globalThis, 'EventSource', { value, writable: true, configurable: true });
}

const before = Object.getOwnPropertyDescriptor(globalThis, 'EventSource');
beforeEach(() => {
  vi.resetModules();
  Reflect.deleteProperty(globalThis, 'EventSource');
});
afterEach(() => {
  Reflect.deleteProperty(globalThis, 'EventSource');
  Reflect.deleteProperty(globalThis, 'everysource');
  if (before !== undefined) Object.defineProperty(globalThis, 'EventSource', before);
  vi.unstubAllGlobals();
});

describe('install()', () => {
  it('defines the class where there is none, as Web IDL does', () => {
    install();
    expect(Object.getOwnPropertyDescriptor(globalThis, 'EventSource')).toEqual({
      value: EventSource,
      writable: true,
      enumerable: false,
      configurable: true,
    });
  });

  it('leaves a class that is there, unless forced', () => {
    set(Native);
    install();
    expect(globalThis.EventSource).toBe(Native);
    install({ force: true });
    expect(globalThis.EventSource).toBe(EventSource);
  });
});

describe('the polyfill', () => {
  it('defines the class where there is none, and exports the same as the main entry', async () => {
    const polyfill = await import('../src/polyfill.ts');
    const index = await import('../src/index.ts');
    expect(globalThis.EventSource).toBe(polyfill.EventSource);
    expect({ ...polyfill }).toEqual({ ...index });
  });

  it('leaves a class that is there', async () => {
    set(Native);
    await import('../src/polyfill.ts');
    expect(globalThis.EventSource).toBe(Native);
  });
});

describe('the script', () => {
  const load = async () => {
    await import('../src/global.ts');
    const { everysource } = globalThis as unknown as { everysource: typeof main };
    return everysource;
  };
  const scriptTag = (...attributes: string[]) => ({
    currentScript: { hasAttribute: (name: string) => attributes.includes(name) },
  });

  it('defines everysource, and EventSource where there is none', async () => {
    const everysource = await load();
    const index = await import('../src/index.ts');
    expect({ ...everysource }).toEqual({ ...index });
    expect(globalThis.EventSource).toBe(everysource.EventSource);
  });

  it('leaves a class that is there', async () => {
    set(Native);
    vi.stubGlobal('document', scriptTag());
    const everysource = await load();
    expect(everysource.EventSource).toBeTypeOf('function');
    expect(globalThis.EventSource).toBe(Native);
  });

  it('replaces it with data-replace', async () => {
    set(Native);
    vi.stubGlobal('document', scriptTag('data-replace'));
    const everysource = await load();
    expect(globalThis.EventSource).toBe(everysource.EventSource);
  });

  it('knows no script tag in a worker', async () => {
    vi.stubGlobal('document', { currentScript: null });
    set(Native);
    await load();
    expect(globalThis.EventSource).toBe(Native);
  });
});
