/** The polyfill and the script tag in real browsers, which all have a class of their own, under a strict policy. */
import { describe, expect, inject, it } from 'vitest';
import * as index from '../../dist/index.js';
import { openPage } from './open-page.ts';

interface Entry {
  data: string;
  isOurs: boolean;
  namespace: string[];
}

interface Forbidden {
  opens: string[];
  errors: object[];
  refused: string[];
}

const everything = Object.keys(index).toSorted();

describe('an entry', () => {
  it.each([
    ['the script tag leaves the native class', '/script.html', false, everything],
    ['the script tag with data-replace replaces it', '/script-replace.html', true, everything],
    ['the script tag brings the class where there is none', '/script-missing.html', true, everything],
    ['the polyfill leaves the native class', '/polyfill.html', false, []],
    ['the polyfill brings the class where there is none', '/polyfill-missing.html', true, []],
  ])('%s, and it receives events', async (_, path, isOurs, namespace) => {
    expect(await openPage<Entry>(path)).toEqual({ data: 'a', isOurs, namespace });
  });
});

describe('the policy of these pages', () => {
  it('refuses to make code of text, and runs nothing inline', async () => {
    const outcome = await openPage('/evaluate.html');
    expect(outcome).toEqual({ eval: 'EvalError', function: 'EvalError', inline: 'not run' });
  });

  it('that does not name a stream in connect-src makes it fail as a lost network does, over and over', async () => {
    const url = `${inject('demoOrigin')}/sse`;
    const { opens, errors, refused } = await openPage<Forbidden>('/forbidden.html', { url });
    expect(refused).toEqual(['connect-src']);
    expect(opens).toEqual([]);
    const message = `The connection failed: check the url and the server (${url})`;
    const error = { reason: 'network', message, reconnecting: true };
    expect(errors).toEqual([error, error]);
  });
});

describe("the README's script tag", () => {
  it('sends its custom headers, in a browser that has a class of its own', async () => {
    expect(EventSource).not.toHaveProperty('fromReadableStream');
    const frame = document.createElement('iframe');
    frame.src = `${inject('origin')}/example.html`;
    document.body.append(frame);
    const state = async () => (await fetch(`${inject('origin')}/state`)).json();
    await expect
      .poll(state, { timeout: 20_000 })
      .toMatchObject({ authorization: 'Bearer let-me-in', open: 1 });
    frame.remove();
    await expect.poll(state, { timeout: 20_000 }).toMatchObject({ open: 0 });
  });
});
