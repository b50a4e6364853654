import { describe, expect, it } from 'vitest';
import { check, convert, number, optionalFunction } from '../src/options.ts';

const rules = {
  call: optionalFunction,
  time: number(5),
  count: number(1, 'attempts', 1),
  flag: [true],
  any: [],
} as const;

describe('a table of options', () => {
  it('gives the defaults of what is left out, and nothing that it does not name', () => {
    const defaults = { call: undefined, time: 5, count: 1, flag: true, any: undefined };
    expect(convert({}, rules)).toEqual(defaults);
    expect(convert(undefined, rules)).toEqual(defaults);
    expect(convert({ time: undefined, other: 1 }, rules)).toEqual(defaults);
  });

  it('takes what is valid as it comes, inherited members included', () => {
    const init = { call() {}, time: 0, count: Infinity, flag: 0, any: null };
    expect(convert(init, rules)).toEqual(init);
    expect(convert(Object.create(init) as object, rules)).toEqual(init);
  });

  it.each([
    [{ call: null }, 'everysource: the option "x.call" has to be a function'],
    [{ time: -1 }, 'everysource: the option "x.time" has to be a number of milliseconds, 0 or more'],
    [{ time: NaN }, 'everysource: the option "x.time" has to be a number of milliseconds, 0 or more'],
    [{ count: '2' }, 'everysource: the option "x.count" has to be a number of attempts, 1 or more'],
  ])('refuses %j in one sentence', (init, message) => {
    expect(() => convert(init, rules, 'x.')).toThrow(new TypeError(message));
  });

  it('names an option as it is where nothing stands before it', () => {
    const message = 'everysource: the option "call" has to be a function';
    expect(() => convert({ call: 1 }, rules)).toThrow(new TypeError(message));
  });

  it('is not needed for a check', () => {
    expect(check(true, 'a', 'b')).toBeUndefined();
    expect(() => check(false, 'a', 'b')).toThrow(new TypeError('everysource: the option "a" has to be b'));
  });
});
