/**
 * The hostile server, in a process of its own: answers `/NUMBER/CLIENT` with the bytes of that scenario, on one port and, as other origins,
 * on some more. It reads all of a request and knows nothing else of HTTP.
 */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { scenarios } from './scenarios.js';

/** @type {import('node:net').Server[]} */
const servers = [];
/** Requests by their first two words of the path, such as `/3/source`. @type {Map<string, import('node:net').Socket[]>} */
const connections = new Map();

const portsOf = () =>
  servers.map((server) => /** @type {import('node:net').AddressInfo} */ (server.address()).port);

/** @param {import('node:net').Socket} socket */
async function receive(socket) {
  /** @type {Buffer[]} */
  const parts = [];
  for await (const part of socket.iterator({ destroyOnReturn: false })) {
    parts.push(part);
    // The end of a head may lie between two parts.
    const end = Buffer.concat(parts.slice(-2));
    if (end.includes('\r\n\r\n')) break;
  }
  return Buffer.concat(parts).toString('latin1');
}

/** @param {import('node:net').Socket} socket */
async function answer(socket) {
  const request = await receive(socket);
  const [path = '', number = '', client = ''] = /^\w+ \/(\d+)\/(\w+)/.exec(request) ?? [];
  const earlier = connections.get(client + number) ?? [];
  connections.set(client + number, [...earlier, socket]);
  const serve = scenarios[Number(number)]?.serve;
  if (path === '' || serve === undefined) return socket.end();
  for await (const piece of serve({ request, earlier, ports: portsOf(), path: path.replace(/^\w+ /, '') })) {
    if (socket.destroyed) return undefined;
    await new Promise((resolve) => {
      socket.write(piece, 'latin1', resolve);
    });
  }
  return socket.end();
}

for (let count = 0; count < 4; count++) {
  const server = createServer((socket) => {
    // A client that has enough resets its connection.
    socket.on('error', () => {});
    answer(socket).catch(() => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  servers.push(server);
}

process.send?.({ origin: `http://127.0.0.1:${portsOf()[0]}` });
process.on('disconnect', () => process.exit());
