/**
 * The fault lab: a server with a log, behind a TCP proxy that breaks each connection in the way the plan has for it. The proxy knows nothing
 * of HTTP but where the head of a request ends: there it tells the server its part of the fault.
 */
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { findPlace } from './places.js';
import { cutting } from './plan.js';
import { createLog } from './server.js';

/** For how long nobody listens after a refusal or a restart. Milliseconds. */
const AWAY = 150;

/**
 * @typedef {import('./plan.js').Fault} Fault
 * @typedef {import('node:net').Socket} Socket
 *
 * @typedef {object} Connection what became of one
 * @property {string} kind of the fault that took effect; `nothing` where the plan's found no place, and is tried again
 * @property {import('./places.js').Place} [place]
 * @property {boolean} [isPacked] whether it broke in a body that came as gzip
 * @property {boolean} closes whether the server has said that it will close it
 * @property {number} attempt of the client
 * @property {string} lastEventId as it was asked
 * @property {boolean} isElsewhere on the other origin, after a redirect
 * @property {boolean} hasToken came with the caller's header
 * @property {number} [silentAt] when it began to hang, at the earliest
 * @property {number} [retryAt] what `Retry-After` asked for, as a time
 */

/** The value of a header in the head of a request or a response. */
const headerOf = (/** @type {string} */ head, /** @type {string} */ name) =>
  new RegExp(`^${name}: (.*?)\\r$`, 'im').exec(head)?.[1];

export class FaultLab {
  /** In the order of requests. @type {Connection[]} */
  connections = [];
  /** The faults that have not taken effect yet. @type {Fault[]} */
  plan;
  /** When nobody listened. @type {{ from: number, to: number }[]} */
  absences = [];
  /** Attempts that asked on a connection which had been used, and was about to close. @type {number[]} */
  unanswered = [];
  /** The port that the client asks. */
  port = 0;
  /** Resolves when the client is well under way, or the lab has closed. @type {Promise<void>} */
  underWay;
  /** @type {() => void} */
  #onUnderWay = () => {};
  #share;
  #log;
  #proxy;
  #elsewhere;
  /** @type {Set<Socket>} */
  #sockets = new Set();
  /** Those of the client on which the log was asked for. @type {Set<Socket>} */
  #streams = new Set();
  #logPort = 0;
  /** @type {Set<NodeJS.Timeout>} */
  #timers = new Set();

  /**
   * @param {Fault[]} plan
   * @param {number} events in the log
   * @param {import('node:http').RequestListener} others what answers when something else is asked for
   */
  constructor(plan, events, others) {
    this.plan = [...plan];
    this.underWay = new Promise((resolve) => {
      this.#onUnderWay = resolve;
    });
    this.#share = Math.ceil(events / 20);
    const elsewhere = () => `http://127.0.0.1:${this.#portOf(this.#elsewhere)}/events`;
    this.#log = createLog(events, elsewhere, others);
    this.#proxy = createServer((socket) => this.#accept(socket, false));
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

  /** How many streams the client still holds open. */
  get streams() {
    return this.#streams.size;
  }

  async close() {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#onUnderWay();
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

  #accept(/** @type {Socket} */ socket, /** @type {boolean} */ isElsewhere) {
    this.#keep(socket);
    let head = '';
    const gather = (/** @type {Buffer} */ bytes) => {
      head += bytes.toString('latin1');
      if (!head.includes('\r\n\r\n')) return;
      socket.off('data', gather);
      // What a page needs beside its stream is left alone.
      if (head.startsWith('GET /events')) this.#stream(socket, head, isElsewhere);
      else this.#relay(socket, head);
    };
    socket.on('data', gather);
  }

  #keep(/** @type {Socket} */ socket) {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => {}); // 'close' follows
    socket.setNoDelay();
  }

  /** A connection to the server, which ends with the client's. */
  #upstream(/** @type {Socket} */ socket) {
    const upstream = connect(this.#logPort, '127.0.0.1');
    this.#keep(upstream);
    socket.on('close', () => upstream.destroy());
    return upstream;
  }

  #relay(/** @type {Socket} */ socket, /** @type {string} */ head) {
    const upstream = this.#upstream(socket);
    upstream.on('error', () => socket.destroy());
    upstream.write(head, 'latin1');
    socket.pipe(upstream).pipe(socket);
  }

  /** In the order of requests: fetch may open a connection before it needs it. */
  #stream(/** @type {Socket} */ socket, /** @type {string} */ head, /** @type {boolean} */ isElsewhere) {
    this.#streams.add(socket);
    socket.on('close', () => this.#streams.delete(socket));
    // Each connection serves one request.
    socket.on('data', (bytes) => {
      const attempt = headerOf(bytes.toString('latin1'), 'x-attempt');
      if (attempt !== undefined) this.unanswered.push(Number(attempt));
    });
    // No fault is left: the rest comes in parts, since a client that is held up makes each be sent again.
    /** @type {Fault} */
    const whole = {
      kind: 'nothing',
      place: 'any',
      at: 0,
      isPacked: false,
      closes: true,
      events: this.#share,
    };
    const fault = this.plan.shift() ?? whole;
    const connection = {
      kind: fault.kind in cutting ? 'nothing' : fault.kind,
      closes: fault.closes,
      attempt: Number(headerOf(head, 'x-attempt')),
      lastEventId: headerOf(head, 'last-event-id') ?? '',
      isElsewhere,
      hasToken: headerOf(head, 'x-token') !== undefined,
    };
    if (this.connections.push(connection) === 5) this.#onUnderWay();
    const upstream = this.#upstream(socket);
    upstream.on('error', (/** @type {NodeJS.ErrnoException} */ { syscall }) => {
      if (syscall !== 'connect') return;
      // The server has not come back yet.
      this.plan.unshift(fault);
      Object.assign(connection, { kind: 'restart', place: 'head' });
      socket.resetAndDestroy();
    });
    const told = {
      'x-fault': fault.kind,
      'x-packed': fault.isPacked,
      'x-events': fault.events,
      'x-closes': fault.closes,
    };
    const lines = Object.entries(told).map(([name, value]) => `\r\n${name}: ${value}`);
    upstream.write(head.replace('\r\n\r\n', `${lines.join('')}\r\n\r\n`), 'latin1');
    if (fault.kind in cutting) this.#cut(socket, upstream, fault, connection);
    else this.#pass(socket, upstream, connection);
  }

  /** @param {Socket} socket @param {Socket} upstream @param {Fault} fault @param {Connection} connection */
  #cut(socket, upstream, fault, connection) {
    let response = Buffer.alloc(0);
    let toldAt = 0;
    upstream.on('data', (bytes) => {
      const passed = response.length;
      response = Buffer.concat([response, bytes]);
      const found = findPlace(response, Math.max(passed, fault.at), fault);
      // Of gzip, any part but the first may say nothing yet.
      if (passed === 0 || (found?.at !== passed && !fault.isPacked)) toldAt = Date.now();
      if (found === undefined) return socket.write(bytes);
      Object.assign(connection, { kind: fault.kind, place: found.place, isPacked: fault.isPacked });
      if (fault.kind === 'hang') connection.silentAt = toldAt;
      upstream.removeAllListeners('data').removeAllListeners('end').pause();
      return socket.write(response.subarray(passed, found.at), () => this.#break(socket, fault));
    });
    upstream.on('end', () => {
      // There was no such place.
      this.plan.unshift({ ...fault, at: 0 });
      socket.end();
    });
  }

  /** @param {Socket} socket @param {Socket} upstream @param {Connection} connection */
  #pass(socket, upstream, connection) {
    let last = Promise.resolve();
    upstream.on('data', (bytes) => {
      const wait = headerOf(bytes.toString('latin1', 0, 1000), 'retry-after');
      if (wait !== undefined)
        connection.retryAt = Date.parse(wait.length > 1 ? wait : '') || Date.now() + 1000;
      last = last.then(() =>
        connection.kind === 'drip' ? this.#drip(socket, bytes) : void socket.write(bytes),
      );
    });
    upstream.on('end', () => last.then(() => socket.end()));
  }

  /** Single bytes, at first. */
  async #drip(/** @type {Socket} */ socket, /** @type {Buffer} */ bytes) {
    for (const byte of bytes.subarray(0, 500)) {
      socket.write(Uint8Array.of(byte));
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
    socket.write(bytes.subarray(500));
  }

  #break(/** @type {Socket} */ socket, /** @type {Fault} */ { kind }) {
    // A client that was held up has gone by itself.
    if (socket.destroyed) return;
    if (kind === 'fin') socket.end();
    else if (kind === 'rst') socket.resetAndDestroy();
    else if (kind === 'refused') this.#leave(socket, this.#proxy);
    else if (kind === 'restart') this.#leave(socket, this.#log);
    // What hangs is left as it is.
  }

  /** Nobody listens for a while. @param {Socket} socket @param {import('node:net').Server} server */
  #leave(socket, server) {
    socket.resetAndDestroy();
    // A client that was held up may have gone on, to where nobody listens already.
    if (!server.listening) return;
    const port = this.#portOf(server);
    server.close();
    if ('closeAllConnections' in server)
      /** @type {import('node:http').Server} */ (server).closeAllConnections();
    const absence = { from: Date.now(), to: Infinity };
    if (server === this.#proxy) this.absences.push(absence);
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      server.listen(port, '127.0.0.1', () => (absence.to = Date.now()));
    }, AWAY);
    this.#timers.add(timer);
  }
}
