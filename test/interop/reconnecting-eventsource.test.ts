/** reconnecting-eventsource makes another source when ours is closed, and keeps the last event ID in the url. */
import { expect, it, onTestFinished } from 'vitest';
import { EventSource, EventSourceErrorEvent, EventSourceOpenEvent } from 'everysource';
import Reconnecting from 'reconnecting-eventsource';
import { eventually } from '../support/eventually.ts';
import { eventStream, serve, type Handler } from '../support/server.ts';

// Its declarations are those of its CommonJS build, while Node imports the other one.
const ReconnectingEventSource = Reconnecting as unknown as typeof Reconnecting.default;

async function follow(handler: Handler, init: object = {}) {
  const server = await serve(handler);
  const made: EventSource[] = [];
  class Noted extends EventSource {
    constructor(...args: ConstructorParameters<typeof EventSource>) {
      super(...args);
      made.push(this);
    }
  }
  const source = new ReconnectingEventSource(server.url, {
    eventSourceClass: Noted,
    max_retry_time: 1,
    ...init,
  });
  onTestFinished(() => source.close());
  return { source, made, queries: () => server.requests.map(({ url }) => url!.split('?')[1]) };
}

it('receives messages and named events, and opens', async () => {
  const { source, made } = await follow((_, response) =>
    response.writeHead(200, eventStream).write('data: a\n\nevent: price\nid: 1\ndata: 5\n\n'),
  );
  const seen: unknown[] = [];
  source.onopen = (event) => seen.push(event instanceof EventSourceOpenEvent);
  source.onmessage = ({ data }) => seen.push(data);
  source.addEventListener('price', ({ data, lastEventId }) => seen.push([data, lastEventId]));
  await eventually(() => seen.length === 3);
  expect(seen).toEqual([true, 'a', ['5', '1']]);
  expect(source.readyState).toBe(source.OPEN);
  expect(made).toHaveLength(1);
  source.close();
  expect(made[0]!.readyState).toBe(EventSource.CLOSED);
});

it('makes another source when ours is closed inside error, with the last event ID and the listeners', async () => {
  const { source, made, queries } = await follow((_, response, count) => {
    if (count === 2) return response.writeHead(503).end();
    response.writeHead(200, eventStream).write(`retry: 1\nevent: price\nid: ${count}\ndata: ${count}\n\n`);
    // Lets ours come back by itself, to the 503 that closes it.
    return count === 1 && response.end();
  });
  const seen: string[] = [];
  const states: number[] = [];
  source.onerror = (event) => {
    expect(event).toBeInstanceOf(EventSourceErrorEvent);
    states.push(made.at(-1)!.readyState);
  };
  source.addEventListener('price', ({ data }) => seen.push(data));
  await eventually(() => seen.length === 2);
  expect(seen).toEqual(['1', '3']);
  expect(queries()).toEqual([undefined, undefined, 'lastEventId=1']);
  expect(made.map(({ readyState }) => readyState)).toEqual([EventSource.CLOSED, EventSource.OPEN]);
  // It tells its user of the first loss only, when ours was about to come back by itself.
  expect(states).toEqual([EventSource.CONNECTING]);
});

it('leaves a lost connection to ours, which comes back by itself', async () => {
  const { source, made, queries } = await follow((_, response, count) => {
    response.writeHead(200, eventStream).write(`retry: 1\ndata: ${count}\n\n`);
    if (count === 1) response.end();
  });
  const seen: string[] = [];
  source.onmessage = ({ data }) => seen.push(data);
  await eventually(() => seen.length === 2);
  expect(made).toHaveLength(1);
  expect(queries()).toHaveLength(2);
});

it('passes its other options on to ours', async () => {
  const { made } = await follow((_, response) => response.writeHead(200, eventStream).write('\n'), {
    withCredentials: true,
    reconnectionTime: 77,
  });
  expect(made[0]).toMatchObject({ withCredentials: true, reconnectionTime: 77 });
});
