/** What the tests of the recipes share. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { expect } from 'vitest';
import { eventually } from './eventually.ts';
import { root, type Running } from './run.ts';
import { eventStream } from './server.ts';

export const folder = join(root, 'demo/recipes');
/** The arguments with which Node runs a recipe. */
export const recipe = (name: string, ...args: string[]) => [join(folder, name), ...args];

/** A feed of two events, each in a response of its own, which stays open until `endResponses()`; then 204. */
export function twoEvents() {
  const requests: IncomingMessage[] = [];
  const open: ServerResponse[] = [];
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    requests.push(request);
    const id = Number(request.headers['last-event-id'] ?? 0) + 1;
    if (id > 2) return response.writeHead(204).end();
    open.push(response);
    return response.writeHead(200, eventStream).write(`retry: 1\n\nid: ${id}\ndata: event ${id}\n\n`);
  };
  const endResponses = () => {
    for (const response of open.splice(0)) response.end();
  };
  return { listener, requests, endResponses };
}

/** Each event has to come while its response is still open, and the process has to end by itself. */
export async function expectTwoEvents(run: Running, feed: ReturnType<typeof twoEvents>) {
  for (const id of [1, 2]) {
    await eventually(() => run.stdout.endsWith(`${id} event ${id}\n`) || run.hasEnded);
    feed.endResponses();
  }
  await eventually(() => run.hasEnded);
  expect(run.stdout, run.stderr).toBe('1 event 1\n2 event 2\n');
  expect(feed.requests).toHaveLength(3);
}

export const authorizations = (requests: IncomingMessage[]) =>
  requests.map(({ headers }) => headers.authorization);
export const lastEventIds = (requests: IncomingMessage[]) =>
  requests.map(({ headers }) => headers['last-event-id']);
