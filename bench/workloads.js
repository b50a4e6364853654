/** What the server sends. Each is a cycle of chunks, prebuilt, that is sent again and again: a hundred times at size 1. */

/**
 * @typedef {object} Expected
 * @property {number} count events
 * @property {number} length sum of the lengths of their data
 * @property {number} bytes of the whole body
 * @property {number} characters of the whole body
 *
 * @typedef {object} Plan
 * @property {string} name
 * @property {string} what
 * @property {number} events in one cycle
 * @property {(index: number) => string} data of an event
 * @property {(data: string, index: number) => string} [block] of an event, if it is not one `data` field
 * @property {string[]} [types] of the events
 * @property {(random: () => number) => number} size of the next chunk, in bytes
 *
 * @typedef {object} Workload
 * @property {string} name
 * @property {string} what
 * @property {string[]} types
 * @property {Buffer[]} chunks
 * @property {Expected} expected of one cycle
 */

/** Cycles at size 1. */
export const CYCLES = 100;

const KiB = 1024;
const wholeReads = () => 64 * KiB;
/** @type {Plan['size']} */
const oneTo16KiB = (random) => Math.floor((1 + 15 * random()) * KiB);
/** @type {Plan['size']} */
const anywhere = (random) => Math.floor(1 + 16 * KiB * random());

/**
 * @param {object} value
 * @param {number} length what `fill` makes of it
 */
const json = (value, length) => {
  const text = JSON.stringify({ ...value, fill: '' });
  return `${text.slice(0, -2)}${'The quick brown fox. '.repeat(length).slice(0, length - text.length)}"}`;
};

/** @param {number} index */
const token = (index) =>
  json(
    { type: 'content_block_delta', index, delta: { type: 'text_delta', text: ' token' }, usage: null },
    250,
  );

/** @param {number} index */
const post = (index) =>
  json(
    { id: index, kind: 'commit', time_us: 1_700_000_000_000_000 + index, record: { langs: ['en'] } },
    2000,
  );

const scripts = ['春眠不覚暁処処聞啼鳥', '夜来風雨声花落知多少', '안녕하세요세계여러분', '😀🚀🌍🍜🎉'];
/** @param {number} index */
const cjk = (index) => `${index} ${scripts.join('、').repeat(2)}${scripts[index % scripts.length]}`;

const line = 'a line of a text that was sent as it is';
const lines = Array.from({ length: 100 }, (_, at) => `${at} ${line}`).join('\n');

/** @type {Plan[]} */
export const plans = [
  {
    name: 'tiny',
    what: '1,500,000 events of 10 characters',
    events: 15_000,
    data: () => '0123456789',
    size: wholeReads,
  },
  {
    name: 'llm',
    what: '300,000 events of 250 B of JSON, with `event` and `id`, in chunks of 1 to 16 KiB',
    events: 3000,
    types: ['content_block_delta'],
    data: token,
    block: (data, index) => `event: content_block_delta\nid: ${index}\ndata: ${data}\n\n`,
    size: oneTo16KiB,
  },
  {
    name: 'feed',
    what: '75,000 events of 2 kB of JSON',
    events: 750,
    data: post,
    size: wholeReads,
  },
  {
    name: 'large',
    what: '300 events of 1 MB in one line',
    events: 3,
    data: () => 'x'.repeat(1_000_000),
    size: wholeReads,
  },
  {
    name: 'lines',
    what: '15,000 events of 100 `data` lines',
    events: 150,
    data: () => lines,
    block: (data) => `data: ${data.replaceAll('\n', '\ndata: ')}\n\n`,
    size: wholeReads,
  },
  {
    name: 'cjk',
    what: '150,000 events of CJK and emoji, cut anywhere',
    events: 1500,
    data: cjk,
    size: anywhere,
  },
];

/** The same numbers in each run, from 0 to 1: a linear congruential generator. */
function repeatable() {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/**
 * @param {Buffer} bytes
 * @param {Plan['size']} size
 */
function cut(bytes, size) {
  const random = repeatable();
  const chunks = [];
  for (let at = 0; at < bytes.length;) {
    const end = at + size(random);
    chunks.push(bytes.subarray(at, end));
    at = end;
  }
  return chunks;
}

/**
 * @param {Plan} plan
 * @returns {Workload}
 */
export function build({ name, what, events, types = ['message'], data, block, size }) {
  let text = '';
  let length = 0;
  for (let index = 0; index < events; index++) {
    const value = data(index);
    length += value.length;
    text += block?.(value, index) ?? `data: ${value}\n\n`;
  }
  const bytes = Buffer.from(text);
  const expected = { count: events, length, bytes: bytes.length, characters: text.length };
  return { name, what, types, chunks: cut(bytes, size), expected };
}
