import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export const eventStream = { 'content-type': 'text/event-stream', 'access-control-allow-origin': '*' };

export type Handler = (request: IncomingMessage, response: ServerResponse, count: number) => void;

/** A real server on loopback, for one test. */
export interface TestServer {
  /** Origin and path. */
  readonly url: string;
  readonly requests: IncomingMessage[];
  readonly server: Server;
}

/** Starts a server; the handler is told how many requests came, from 1. Closed when the test is finished. */
export async function serve(handler: Handler, port = 0): Promise<TestServer> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    handler(request, response, requests.length);
  });
  await new Promise<void>((resolve) => {
    server.listen(port, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port: used } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${used}/events`, requests, server };
}

/** The value of a request header as it came over the wire. */
export function rawHeader({ rawHeaders }: IncomingMessage, name: string): Buffer | undefined {
  const at = rawHeaders.findIndex((text, index) => index % 2 === 0 && text.toLowerCase() === name);
  return at === -1 ? undefined : Buffer.from(rawHeaders[at + 1]!, 'latin1');
}
