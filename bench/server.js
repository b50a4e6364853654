/** The server of the benchmarks, in a process of its own: sends what was built before, as fast as the socket takes it. */
import { createServer } from 'node:http';
import { build, plans } from './workloads.js';

/** @typedef {import('node:http').ServerResponse} Response */

const workloads = new Map(plans.map((plan) => [plan.name, build(plan)]));

/**
 * @param {Response} response
 * @param {URLSearchParams} query
 */
function sendWorkload(response, query) {
  const chunks = workloads.get(query.get('workload') ?? '')?.chunks ?? [];
  let left = Number(query.get('cycles')) * chunks.length;
  const write = () => {
    while (left > 0) {
      const chunk = chunks[chunks.length - 1 - ((left - 1) % chunks.length)];
      left--;
      if (!response.write(chunk)) return void response.once('drain', write);
    }
    response.end();
  };
  write();
}

/**
 * Numbers at an interval, each with the time at which it was sent.
 *
 * @param {Response} response
 * @param {URLSearchParams} query
 */
function sendTimes(response, query) {
  let left = Number(query.get('count'));
  const timer = setInterval(
    () => {
      response.write(`data: ${process.hrtime.bigint()}\n\n`);
      if (--left > 0) return;
      clearInterval(timer);
      response.end();
    },
    Number(query.get('interval')),
  );
  response.on('close', () => clearInterval(timer));
}

/** @type {Record<string, (response: Response, query: URLSearchParams) => void>} */
const answers = {
  '/workload': sendWorkload,
  '/times': sendTimes,
  '/silence': (response) => response.write(': connected\n\n'),
  '/one-event': (response) => response.end('retry: 0\nid: 1\ndata: an event\n\n'),
};

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
  const answer = answers[pathname];
  // A page, for browsers.
  if (answer === undefined) return void response.end('<!doctype html><title>everysource</title>');
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.flushHeaders();
  answer(response, searchParams);
});
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  process.send?.({ origin: `http://127.0.0.1:${port}` });
});
process.on('disconnect', () => process.exit());
