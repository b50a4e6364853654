/** Serves the page, and one batch of streams after another: each has a path of its own, and each of its pieces is a write. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';

/** @typedef {{ pieces: Uint8Array[], types: string[] }} Served */

const root = join(import.meta.dirname, '../..');
const page = `<!doctype html><title>everysource</title>
<script src="/everysource.global.js"></script><script src="/native-page.js"></script>`;

/** @type {Record<string, () => [type: string, content: string | Buffer]>} */
const files = {
  '/': () => ['text/html', page],
  '/everysource.global.js': () => ['text/javascript', readFileSync(join(root, 'dist/everysource.global.js'))],
  '/native-page.js': () => ['text/javascript', readFileSync(join(import.meta.dirname, 'native-page.js'))],
};

/** @param {import('node:http').ServerResponse} response @param {Uint8Array[]} pieces */
async function send(response, pieces) {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.socket?.setNoDelay(true);
  response.flushHeaders();
  for (const piece of pieces) {
    response.write(piece);
    // Else the pieces would leave the process as one.
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
  response.end();
}

export async function serveStreams() {
  /** @type {Served[]} */
  let batch = [];
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const file = files[pathname]?.();
    if (file !== undefined) {
      response.writeHead(200, { 'content-type': `${file[0]}; charset=utf-8` }).end(file[1]);
    } else if (pathname === '/batch') {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(batch.map(({ types }) => types)));
    } else {
      const served = batch[Number(/^\/streams\/(\d+)$/.exec(pathname)?.[1])];
      if (served === undefined) response.writeHead(404).end();
      else void send(response, served.pieces);
    }
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    origin: `http://localhost:${port}`,
    /** What is served from now on. @param {Served[]} next */
    serve(next) {
      batch = next;
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
