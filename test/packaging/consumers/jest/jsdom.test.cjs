const everysource = require('everysource');
const refusal = require('./refusal.cjs');

test('requiring the main entry defines no global', () => {
  expect(typeof globalThis.fetch).toBe('undefined');
  expect('EventSource' in globalThis).toBe(false);
});

test('a source says that there is no fetch', async () => {
  expect(await refusal(everysource)).toEqual(refusal.expected);
});

test('a source with headers says so too', async () => {
  expect(await refusal(everysource, { headers: { Authorization: 'Bearer 1' }, lastEventId: '7' })).toEqual(
    refusal.expected,
  );
});

test('requiring the polyfill defines the global', () => {
  const polyfill = require('everysource/polyfill');
  expect(polyfill.EventSource).toBe(everysource.EventSource);
  expect(globalThis.EventSource).toBe(everysource.EventSource);
});
