import Default, { EventSource } from 'everysource';
import receive from '../receive.cjs';

test('import gives one class, which receives events', async () => {
  expect(Default).toBe(EventSource);
  expect(await receive(EventSource, process.env.STREAM_URL)).toEqual(['event 1', 'event 2']);
});
