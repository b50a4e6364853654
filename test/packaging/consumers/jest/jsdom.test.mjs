import * as everysource from 'everysource';
import * as polyfill from 'everysource/polyfill';
import refusal from './refusal.cjs';

test('importing the polyfill defines the global, with the class of the main entry', () => {
  expect(polyfill.EventSource).toBe(everysource.EventSource);
  expect(globalThis.EventSource).toBe(everysource.EventSource);
});

test('a source says that there is no fetch', async () => {
  expect(await refusal(everysource)).toEqual(refusal.expected);
});
