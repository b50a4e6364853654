/** What hostile servers do, what a client must make of it, and what that may cost. */
import { lines } from './lines.js';
import { blocks } from './blocks.js';
import { responses } from './responses.js';

/**
 * @typedef {object} Exchange
 * @property {string} request its head, one character per byte
 * @property {string} path
 * @property {import('node:net').Socket[]} earlier the connections of the same client that came before
 * @property {number[]} ports each is another origin
 *
 * @typedef {object} Scenario
 * @property {string} name
 * @property {string} does what the server does
 * @property {(exchange: Exchange) => Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>} [serve]
 *   the bytes of a connection
 * @property {(bodyOf: (chunks: Generator<Uint8Array>) => ReadableStream<Uint8Array>) => Response} [make]
 *   instead: what fetch gives, for chunks that come through no socket
 * @property {import('../../src/init.ts').EventSourceInit} [init] of the client
 * @property {'close' | 'throw' | 'keep' | 'wait'} [listener] what it does with each event, if anything
 * @property {string} ends the reason; `close` if the client has closed it
 * @property {boolean} [isReconnecting] whether another attempt would follow
 * @property {number} [attempts] after which the client closes a source that reconnects; 1 unless given, if that is what is expected
 * @property {number} [delay] milliseconds that the last of them is followed by
 * @property {number} [events] named `message` that must come, no more and no less; 0 unless given
 * @property {('source' | 'stream')[]} [clients] both unless given
 * @property {number} [heap] MiB that may be alive at once, besides what a client takes that reads the same: 0 unless given
 * @property {string} [because] how that is made up
 * @property {number} work in seconds of CPU time, besides what reading takes, as `run.js` counts them
 * @property {boolean} [isLong] not for CI
 */

/** @type {Scenario[]} */
export const scenarios = [...lines, ...blocks, ...responses];
