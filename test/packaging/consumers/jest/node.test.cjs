const everysource = require('everysource');
const receive = require('../receive.cjs');

test('require gives one class, which receives events', async () => {
  expect(everysource.default).toBe(everysource.EventSource);
  expect(await receive(everysource.EventSource, process.env.STREAM_URL)).toEqual(['event 1', 'event 2']);
});
