/** The tests of each room: `test/<room>*.test.ts`, and what else is about it. A room that is missing here has only its own. */

/** @type {Readonly<Record<string, readonly string[]>>} */
const others = {
  admission: ['test/transport.test.ts'],
  command: ['test/node/command.test.ts'],
  connection: ['test/behaviour.test.ts', 'test/from-readable-stream.test.ts', 'test/iteration.test.ts'],
  dispatcher: ['test/tasks.test.ts'],
  errors: ['test/transport.test.ts'],
  follow: ['test/node/follow.test.ts'],
  http: ['test/transport-requests.test.ts', 'test/quirks.test.ts'],
  init: ['test/transport-requests.test.ts'],
  install: ['test/entries.test.ts'],
  iteration: ['test/stream.test.ts', 'test/stream-init.test.ts'],
  'message-event': ['test/dispatcher.test.ts', 'test/node/message-event.test.ts'],
  printer: ['test/node/printer.test.ts'],
  reconnection: ['test/init.test.ts'],
  report: ['test/dispatcher.test.ts', 'test/event-source.test.ts'],
  shell: ['test/event-source.test.ts', 'test/from-readable-stream.test.ts', 'test/tasks.test.ts'],
  'stream-init': ['test/stream.test.ts'],
  stream: ['test/iteration.test.ts'],
  url: ['test/event-source.test.ts'],
};

/** Those that hold code, and that tests can reach in their own process: not the entries, and not the process of the command line. */
export const rooms = [
  'state',
  'options',
  'reconnection',
  'http',
  'errors',
  'event-stream',
  'admission',
  'url',
  'connection',
  'transport',
  'clock',
  'wake',
  'dispatcher',
  'iteration',
  'stream-init',
  'stream',
  'init',
  'quirks',
  'shell',
  'message-event',
  'events',
  'stream-error',
  'event-loop',
  'report',
  'install',
  'command',
  'printer',
  'follow',
];

/** Globs of the tests of a room. */
export const testsOf = (/** @type {string} */ room) => [
  room === 'stream' ? `test/${room}.test.ts` : `test/${room}{,-*}.test.ts`,
  ...(others[room] ?? []),
];
