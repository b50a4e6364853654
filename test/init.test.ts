import { describe, expect, it } from 'vitest';
import { convertInit } from '../src/init.ts';

describe('the options', () => {
  it('have defaults', () => {
    expect(convertInit({})).toEqual({
      request: { withCredentials: false, headers: {}, fetch: undefined },
      connection: {
        lastEventId: '',
        reconnectionTime: 3000,
        maxBufferSize: 64 * 1024 * 1024,
        signal: undefined,
      },
    });
  });

  it.each([
    ['fetch', 'x'],
    ['signal', {}],
    ['signal', new EventTarget()],
    ['lastEventId', 7],
    ['lastEventId', 'a\nb'],
    ['lastEventId', 'a\0b'],
    ['lastEventId', 'a\rb'],
    ['reconnectionTime', -1],
    ['reconnectionTime', NaN],
    ['reconnectionTime', '500'],
    ['reconnectionTime', null],
    ['maxBufferSize', 0],
    ['maxBufferSize', NaN],
    ['maxBufferSize', '70'],
  ])('refuse %s: %j, and name it', (option, value) => {
    expect(() => convertInit({ [option]: value })).toThrow(TypeError);
    expect(() => convertInit({ [option]: value })).toThrow(new RegExp(`"${option}"`));
  });

  it('refuse what is no object', () => {
    expect(() => convertInit(5 as never)).toThrow(/expected an object of options, got number/);
  });
});
