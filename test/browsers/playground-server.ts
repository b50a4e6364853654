/**
 * The demo's server as it is, quick, and on the same origin what a test needs: a page that drives the playground in a frame,
 * and streams that the demo has no use for.
 */
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createDemoServer } from '../../demo/server.js';

const pages = join(import.meta.dirname, 'pages');
const require = createRequire(import.meta.url);

const files: Record<string, [file: string, type: string]> = {
  '/driver.html': [join(pages, 'playground-driver.html'), 'text/html; charset=utf-8'],
  '/driver.js': [join(pages, 'playground-driver.js'), 'text/javascript; charset=utf-8'],
  '/axe.js': [require.resolve('axe-core/axe.min.js'), 'text/javascript; charset=utf-8'],
};

const send = (response: ServerResponse, type: string) =>
  response.writeHead(200, { 'content-type': type, 'cache-control': 'no-store' });

/** Markup that would run if it were not shown as text. */
const markup =
  '<img src=x onerror="document.body.dataset.isHurt = 1"><script>document.body.dataset.isHurt = 1</script>';

const streams: Record<string, (response: ServerResponse) => unknown> = {
  '/markup-type': (response) => response.end(),
  // Head and body come late.
  '/late': (response) => setTimeout(() => response.write('data: 1\n\n'), 100),
  '/names': (response) => {
    for (let name = 0; name < 600; name++) response.write(`event: name-${name}\ndata: 1\n\n`);
  },
  // A name that nobody knows beforehand, in two chunks, and names that the class itself uses.
  '/surprise': (response) => {
    response.write('event: sur');
    setTimeout(() => {
      response.write('prise\r\nid: 1\r\ndata: {"a":[1,{"b":null}]}\r\n\r\n');
      response.write('event: error\ndata: an event, no error\n\nevent: open\ndata: an event too\n\n');
    }, 20);
  },
  '/markup': (response) =>
    response.write(`event: ${markup}\nid: ${markup}\ndata: ${markup}\n\ndata: ${'long '.repeat(1000)}\n\n`),
};

export function createPlaygroundServer(): Server {
  const server = createDemoServer({ interval: 20, eventsPerConnection: 6 });
  const [answer] = server.listeners('request') as [RequestListener];
  server.removeAllListeners('request');
  return server.on('request', (request, response) => {
    const { pathname } = new URL(request.url!, 'http://localhost');
    const file = files[pathname];
    const stream = streams[pathname];
    if (file !== undefined) send(response, file[1]).end(readFileSync(file[0]));
    else if (stream !== undefined)
      stream(send(response, pathname === '/markup-type' ? markup : 'text/event-stream'));
    else answer(request, response);
  });
}

/** A server that knows nothing of CORS. */
export const createUncorsServer = (): Server =>
  createServer((_, response) => send(response, 'text/event-stream').end());
