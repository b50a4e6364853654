/** The suite in each kind of global scope of a real browser, with the build for script tags. */
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { cases } from '../support/suite.ts';
import { openPage } from './open-page.ts';

describe.each([['window'], ['dedicated worker'], ['shared worker'], ['service worker']])('%s', (scope) => {
  let results: Map<string, string>;
  beforeAll(async () => {
    const { results: all } = await openPage<{ results: { name: string; result: string }[] }>('/suite.html', {
      scope,
      otherOrigin: inject('otherOrigin'),
    });
    results = new Map(all.map(({ name, result }) => [name, result]));
  });

  const isHere = ({ needs }: (typeof cases)[number]) => needs === undefined || scope !== 'service worker';
  it.each(cases.filter(isHere))('$name', ({ name }) => {
    expect(results.get(name)).toBe('ok');
  });
});
