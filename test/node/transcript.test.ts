/** The golden transcript: what a source without options asks for and fires. It must not change unnoticed. */
import { expect, it, onTestFinished } from 'vitest';
import { EventSource } from '../../src/event-source.ts';
import { EventSourceErrorEvent } from '../../src/events.ts';
import { eventually } from '../support/eventually.ts';
import { eventStream, serve } from '../support/server.ts';

/** What the runtime's fetch adds by itself, differently in each version. */
const ofTheRuntime = new Set([
  'host',
  'connection',
  'accept-language',
  'accept-encoding',
  'sec-fetch-mode',
  'user-agent',
]);

it('a source without options keeps to its transcript', async () => {
  const log: unknown[] = [];
  const answers = [
    ['retry: 1\nid: é1\ndata: first\n\n', 'event: named\ndata: a\ndata: b\n\n', ': comment\n\nid: 2\n\n'],
    ['id\ndata: without an id\n\nid: lost\ndata: unfinished'],
  ];
  const { url } = await serve(({ method, url: path, headers }, response, count) => {
    const own = Object.entries(headers).filter(([name]) => !ofTheRuntime.has(name));
    log.push(`${method} ${path}`, Object.fromEntries(own));
    if (count === 2) return void response.writeHead(302, { location: '/moved' }).end();
    const answer = answers[count === 1 ? 0 : 1];
    if (count > 3 || answer === undefined) return void response.writeHead(204).end();
    response.writeHead(200, eventStream);
    for (const piece of answer) response.write(piece);
    response.end();
  });

  const source = new EventSource(url);
  onTestFinished(() => source.close());
  for (const type of ['open', 'error', 'message', 'named']) {
    source.addEventListener(type, (event: Event) => {
      const state = `${event.type} in state ${source.readyState}`;
      if (event instanceof MessageEvent) {
        const isOwn = event.origin === new URL(url).origin;
        log.push([state, event.data, event.lastEventId, isOwn]);
      } else if (event instanceof EventSourceErrorEvent) log.push([state, event.reason]);
      else log.push([state]);
    });
  }
  await eventually(() => source.readyState === source.CLOSED);

  const request = { accept: 'text/event-stream', 'cache-control': 'no-cache', pragma: 'no-cache' };
  expect(log).toEqual([
    'GET /events',
    request,
    ['open in state 1'],
    ['message in state 1', 'first', 'é1', true],
    ['named in state 1', 'a\nb', 'é1', true],
    ['error in state 0', 'end-of-body'],
    'GET /events',
    { ...request, 'last-event-id': '2' },
    'GET /moved',
    { ...request, 'last-event-id': '2' },
    ['open in state 1'],
    ['message in state 1', 'without an id', '', true],
    ['error in state 0', 'end-of-body'],
    'GET /events',
    request,
    ['error in state 2', 'status'],
  ]);
});
