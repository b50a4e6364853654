/** A server that ends each response after one event, so that the next one takes a reconnection. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll } from 'vitest';

/** Serves during the tests of a file. */
export function serveStream(): { readonly url: string } {
  const server = createServer(({ headers }, response) => {
    const id = Number(headers['last-event-id'] ?? 0) + 1;
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(`retry: 1\nid: ${id}\ndata: event ${id}\n\n`);
  });
  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    get url() {
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    },
  };
}
