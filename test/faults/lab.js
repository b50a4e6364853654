/**
 * The fault lab: a server with a log, behind a TCP proxy that breaks each connection in the way the plan has for it. The proxy knows nothing
 * of HTTP but where the head of a request ends: there it tells the server its part of the fault.
 */
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { cutting } from './plan.js';
import { createLog } from './server.js';

/** For how long nobody listens after a refusal or a restart. Milliseconds. */
const AWAY = 150;

/** @typedef {import('./plan.js').Fault} Fault */

/** Where a place of a plan is in the bytes that come from the server, `undefined` if not in these. */
const finders = {
  any: (/** @type {string} */ _, /** @type {number} */ from) => from,
  head: (/** @type {string} */ _, /** @type {number} */ from) => from,
  // Behind the first byte of a character of several.
  character: (/** @type {string} */ bytes, /** @type {number} */ from) => behind(/[\xC3-\xF4]/g, bytes, from),
  'line end': (/** @type {string} */ bytes, /** @type {number} */ from) => behind(/\r/g, bytes, from),
  id: (/** @type {string} */ bytes, /** @type {number} */ from) => behind(/id: ?\d/g, bytes, from),
};

function behind(/** @type {RegExp} */ pattern, /** @type {string} */ bytes, /** @type {number} */ from) {
  pattern.lastIndex = Math.max(0, from);
  return pattern.test(bytes) ? pattern.lastIndex : undefined;
}

export class FaultLab {
  /** What has happened: the fault of each connection, in order. @type {Fault[]} */
  connections = [];
  /** The port that the client asks. */
  port = 0;
  #plan;
  #events;
  #log;
  #proxy;
  #elsewhere;
  /** @type {Set<import('node:net').Socket>} */
  #sockets = new Set();
  #logPort = 0;
  /** @type {NodeJS.Timeout | undefined} */
  #away;

  /**
   * @param {Fault[]} plan
   * @param {number} events in the log
   */
  constructor(plan, events) {
    this.#plan = plan;
    this.#events = events;
    this.#log = createLog(events, () => `http://localhost:${this.#portOf(this.#elsewhere)}/`);
    this.#proxy = createServer((socket) => this.#accept(socket));
    // The same on another port is another origin.
    this.#elsewhere = createServer((socket) => this.#accept(socket, true));
  }

  async open() {
    for (const server of [this.#log, this.#proxy, this.#elsewhere]) {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
    }
    this.port = this.#portOf(this.#proxy);
    this.#logPort = this.#portOf(this.#log);
  }

  /** Connections that are still there. */
  get sockets() {
    return this.#sockets.size;
  }

  async close() {
    clearTimeout(this.#away);
    for (const socket of this.#sockets) socket.destroy();
    for (const server of [this.#log, this.#proxy, this.#elsewhere]) {
      if (!server.listening) continue;
      server.close();
      await once(server, 'close');
    }
  }

  #portOf(/** @type {import('node:net').Server} */ server) {
    return /** @type {import('node:net').AddressInfo} */ (server.address()).port;
  }

  /** @param {import('node:net').Socket} socket @param {boolean} [isTarget] of a redirect */
  #accept(socket, isTarget = false) {
    this.#keep(socket);
    let head = '';
    socket.on('data', (bytes) => {
      if (head.includes('\r\n\r\n')) return;
      head += bytes.toString('latin1');
      if (!head.includes('\r\n\r\n')) return;
      // In the order of requests: fetch may open a connection before it needs it.
      const next = this.#plan[this.connections.length] ?? this.#nothing();
      const number = this.connections.push(isTarget ? { ...next, kind: 'nothing' } : next);
      this.#forward(socket, head, number - 1);
    });
  }

  /** @returns {Fault} */
  #nothing() {
    return { kind: 'nothing', place: 'any', at: 0, events: this.#events };
  }

  #keep(/** @type {import('node:net').Socket} */ socket) {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => {}); // 'close' follows
    socket.setNoDelay();
  }

  /** @param {import('node:net').Socket} socket @param {string} head @param {number} index of the connection */
  #forward(socket, head, index) {
    const fault = this.connections[index] ?? this.#nothing();
    if (fault.kind === 'refused' && fault.at < 300) return this.#leave(socket, this.#proxy);
    const upstream = connect(this.#logPort, '127.0.0.1');
    this.#keep(upstream);
    upstream.on('error', () => {
      // The log has not come back yet.
      this.connections[index] = { ...fault, kind: 'restart' };
      socket.resetAndDestroy();
    });
    const told = `\r\nx-fault: ${fault.kind}\r\nx-events: ${fault.events}\r\n\r\n`;
    upstream.write(head.replace('\r\n\r\n', told), 'latin1');
    socket.on('close', () => upstream.destroy());
    let passed = 0;
    let last = Promise.resolve();
    upstream.on('data', (bytes) => {
      const text = bytes.toString('latin1');
      const at = cutting.includes(fault.kind) ? finders[fault.place](text, fault.at - passed) : undefined;
      passed += bytes.length;
      if (at === undefined || at > bytes.length) {
        last = last.then(() => this.#pass(bytes, socket, fault));
        return;
      }
      upstream.removeAllListeners('data').removeAllListeners('end').pause();
      socket.write(bytes.subarray(0, Math.max(0, at)), () => this.#break(socket, fault));
    });
    upstream.on('end', () => last.then(() => socket.end()));
  }

  /**
   * @param {Buffer} bytes
   * @param {import('node:net').Socket} socket
   * @param {Fault} fault
   */
  async #pass(bytes, socket, { kind }) {
    if (kind !== 'drip') return void socket.write(bytes);
    const slow = bytes.subarray(0, 500);
    for (const byte of slow) {
      socket.write(Uint8Array.of(byte));
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
    socket.write(bytes.subarray(500));
  }

  /** @param {import('node:net').Socket} socket @param {Fault} fault */
  #break(socket, { kind }) {
    if (kind === 'fin') socket.end();
    else if (kind === 'refused') this.#leave(socket, this.#proxy);
    else if (kind === 'restart') this.#leave(socket, this.#log);
    else if (kind === 'rst') socket.resetAndDestroy();
    // What hangs is left as it is.
  }

  /**
   * Nobody listens for a while.
   *
   * @param {import('node:net').Socket} socket
   * @param {import('node:net').Server} server
   */
  #leave(socket, server) {
    const port = this.#portOf(server);
    socket.resetAndDestroy();
    server.close(() => {
      this.#away = setTimeout(() => server.listen(port, '127.0.0.1'), AWAY);
    });
    if ('closeAllConnections' in server)
      /** @type {import('node:http').Server} */ (server).closeAllConnections();
  }
}
