/**
 * `npm run fuzz:native -- --streams 20000 --seed 1 --browsers chromium,firefox`: the same streams through the class of a browser,
 * through ours in the same page, and through the reference. All three must agree, but for the known departures, which are counted.
 */
import { parseArgs } from 'node:util';
import * as fc from 'fast-check';
import { departures, eventsIn } from './departures.js';
import { openPage } from './native-browser.js';
import { serveStreams } from './native-server.js';
import { decodeUtf8, interpret } from './reference.js';
import { cut, cuts, stream } from './streams.js';

/**
 * What a page saw of a stream: its events, and the state of the source after it. Ours tells more.
 *
 * @typedef {{ events: import('./reference.js').StreamEvent[], readyState: number, lastEventId?: string, reconnectionTime?: number }} Seen
 * @typedef {[bytes: Uint8Array, cuts: import('./streams.js').Cuts]} Given
 * @typedef {{ native: Seen, ours: Seen }} Pair
 * @typedef {Awaited<ReturnType<typeof openBrowser>>} Browser
 */

const { values } = parseArgs({
  options: {
    streams: { type: 'string', default: '500' },
    seed: { type: 'string', default: '1' },
    browsers: { type: 'string', default: 'chromium,firefox' },
  },
});

const BATCH = 250;
/** Longer than this for a batch is a hang. Milliseconds. */
const LIMIT = 300_000;
/** So many writes are enough for a stream that is cut byte by byte. */
const MAX_WRITES = 100;
/** So many are made small and shown. */
const SHOWN = 3;

/** @type {fc.Arbitrary<Given>} */
const given = fc.tuple(stream, cuts);

/** What may become of a value, in a type. @param {string} value */
function typesFrom(value) {
  if (value.length > 1000) return [];
  const text = value.replace(/^ /, '');
  return [value, text, text.replaceAll('\0', '')];
}

/** Every type that anybody could find in the stream. @param {string} browser @param {Uint8Array} bytes */
function typesOf(browser, bytes) {
  const lines = decodeUtf8(bytes).split(/[\r\n]/);
  const found = lines.flatMap((line) => typesFrom(line.slice(line.indexOf(':') + 1)));
  const expected = [...interpret(bytes).events, ...eventsIn(browser, bytes).events].map(({ type }) => type);
  return [...new Set(['message', ...expected, ...found])];
}

/**
 * A browser and its server. What it makes of some streams, in order.
 *
 * @param {string} name
 */
async function openBrowser(name) {
  const server = await serveStreams();
  const page = await openPage(name, server.origin);
  return {
    name,
    version: page.version,
    /** @param {Given[]} batch */
    async follow(batch) {
      server.serve(
        batch.map(([bytes, how]) => ({ pieces: cut(bytes, how, MAX_WRITES), types: typesOf(name, bytes) })),
      );
      /** @type {NodeJS.Timeout | undefined} */
      let timer;
      const late = new Promise((_, reject) => {
        timer = setTimeout(() => reject(new Error(`a batch did not end within ${LIMIT / 1000} s`)), LIMIT);
      });
      const seen = /** @type {string} */ (await Promise.race([page.followBatch(), late]));
      clearTimeout(timer);
      return /** @type {Pair[]} */ (JSON.parse(seen));
    },
    async close() {
      await page.close();
      server.close();
    },
  };
}

/** @param {unknown} one @param {unknown} other */
const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/**
 * Who agrees about a stream: all three; all but a browser that is wrong as it is known to be; or not even those.
 *
 * @param {string} browser
 * @param {Given} stream
 * @param {Pair} seen
 * @returns {'all' | 'as known' | 'ours is wrong' | 'native is wrong'}
 */
function judge(browser, [bytes], { native, ours }) {
  const { events, lastEventId, reconnectionTime = 3000 } = interpret(bytes);
  const ends = { events, readyState: 0 };
  if (!isSame(ours, { ...ends, lastEventId, reconnectionTime })) return 'ours is wrong';
  if (isSame(native, ends)) return 'all';
  const isKnown = isSame(native, { ...ends, events: eventsIn(browser, bytes).events });
  return isKnown ? 'as known' : 'native is wrong';
}

/** @param {Browser} browser @param {number} seed @param {number} index of the stream among those of the seed */
async function shrink(browser, seed, index) {
  const isRight = fc.asyncProperty(given, async (one) => {
    const [seen] = await browser.follow([one]);
    return seen !== undefined && !judge(browser.name, one, seen).endsWith('wrong');
  });
  const { counterexample } = await fc.check(isRight, { seed, path: `${index}`, numRuns: 1 });
  return counterexample?.[0];
}

/** @param {Browser} browser @param {number} seed @param {number} index @param {string} verdict */
async function show(browser, seed, index, verdict) {
  const small = await shrink(browser, seed, index);
  console.log(`FAIL  ${browser.name}: ${verdict}: stream ${index} of the seed ${seed}`);
  if (small === undefined) return console.log('      not seen again when it was alone');
  const [bytes, how] = small;
  const [seen] = await browser.follow([small]);
  console.log(`      text      ${JSON.stringify(decodeUtf8(bytes))}`);
  console.log(`      bytes     ${JSON.stringify([...bytes])}`);
  console.log(`      cuts      ${JSON.stringify(cut(bytes, how, MAX_WRITES).map(({ length }) => length))}`);
  console.log(`      reference ${JSON.stringify(interpret(bytes))}`);
  console.log(`      native    ${JSON.stringify(seen?.native)}`);
  console.log(`      as known  ${JSON.stringify(eventsIn(browser.name, bytes).events)}`);
  return console.log(`      ours      ${JSON.stringify(seen?.ours)}`);
}

/** @param {Browser} browser */
async function compareAll(browser) {
  const { name } = browser;
  const total = { streams: 0, events: 0, wrong: 0, departed: 0 };
  const counts = new Map(
    departures.filter((known) => known.browser === name).map((known) => [known.name, 0]),
  );
  for (let part = 0; total.streams < Number(values.streams); part++) {
    const seed = Number(values.seed) * 10_000 + part;
    const numRuns = Math.min(BATCH, Number(values.streams) - total.streams);
    const batch = fc.sample(given, { seed, numRuns });
    const seen = await browser.follow(batch);
    for (const [index, one] of batch.entries()) {
      const pair = /** @type {Pair} */ (seen[index]);
      const verdict = judge(name, one, pair);
      total.events += pair.native.events.length;
      if (verdict === 'as known') {
        total.departed++;
        for (const known of eventsIn(name, one[0]).names()) counts.set(known, (counts.get(known) ?? 0) + 1);
      } else if (verdict !== 'all' && ++total.wrong <= SHOWN) await show(browser, seed, index, verdict);
    }
    total.streams += numRuns;
    if (total.streams % 2500 === 0) console.error(`${name}: ${total.streams} streams, ${total.wrong} wrong`);
  }
  return { ...total, counts };
}

/** @param {string} name */
async function compare(name) {
  const browser = await openBrowser(name);
  const startedAt = performance.now();
  try {
    const { streams, events, wrong, departed, counts } = await compareAll(browser);
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
    console.log(
      `${name} ${browser.version}: ${streams} streams, ${events} events, ${wrong} wrong, ${departed} departures that are known, ${seconds} s`,
    );
    for (const [departure, count] of counts) console.log(`      ${`${count}`.padStart(5)} ${departure}`);
    return wrong;
  } finally {
    await browser.close();
  }
}

const wrong = await Promise.all(values.browsers.split(',').map(compare));
process.exitCode = wrong.every((count) => count === 0) ? 0 : 1;
