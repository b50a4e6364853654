// @ts-nocheck: makes a page's or a worker's global scope of this one
/**
 * Runs one test document in Node, Deno or Bun, in this process or in a worker thread of it, and prints what its tests came to, as a
 * line `report: JSON`. What to run is in the environment: `EVERYSOURCE_WPT`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { createWebFetch } from './web-fetch.js';

/** What testharness.js calls an error of a whole document. */
const ERROR = 1;

const options = isMainThread ? JSON.parse(process.env.EVERYSOURCE_WPT) : workerData;
let isReported = false;

if (isMainThread && options.scope === 'worker') {
  const worker = new Worker(new URL(import.meta.url), { workerData: options });
  // In Deno, testharness.js posts messages of its own.
  worker.on('message', (message) => message?.report && report(message.report));
  worker.on('error', (error) => report(brokenBy(error)));
} else {
  run().catch((error) => report(brokenBy(error)));
}

function brokenBy(error) {
  return { status: ERROR, message: `${error?.stack ?? error}`, tests: [] };
}

function report(result) {
  if (isReported) return;
  isReported = true;
  if (!isMainThread) return parentPort.postMessage({ report: result });
  process.stdout.write(`\nreport: ${JSON.stringify(result)}\n`, () => process.exit(0));
}

/** Runs a script as a script tag would: its declarations are the global object's. */
function evaluate(code, name) {
  // oxlint-disable-next-line no-eval -- the platform tests are scripts
  return (0, eval)(`${code}\n//# sourceURL=${name}`);
}

/** Runs a script of the platform tests, under the url that the server gives it. */
function load(url) {
  const path = url.replace('/resources/WebIDLParser.js', '/resources/webidl2/lib/webidl2.js');
  const { pathname } = new URL(path, options.origin + options.url);
  evaluate(readFileSync(join(options.wptDir, pathname), 'utf8'), pathname);
}

function define(name, value) {
  Object.defineProperty(globalThis, name, {
    value,
    writable: true,
    configurable: true,
    enumerable: false,
  });
}

/** Tells the tests of uncaught errors, as a global scope of the web does. */
function defineGlobalEvents() {
  const listeners = { error: [], unhandledrejection: [] };
  const fire = (type, error) => {
    const event = { type, error, reason: error, message: `${error}`, preventDefault() {} };
    for (const listener of listeners[type]) listener(event);
  };
  process.on('uncaughtException', (error) => fire('error', error));
  process.on('unhandledRejection', (error) => fire('unhandledrejection', error));
  define('addEventListener', (type, listener) => void listeners[type]?.push(listener));
  define('removeEventListener', () => {});
}

/** Loads testharness.js. It finds neither a document nor a worker scope yet, so it waits for `done()`. */
function loadHarness() {
  load('/resources/testharness.js');
  setup({ explicit_done: true, output: false });
  add_completion_callback((tests, { status, message }) => {
    const results = tests.map((test) => ({
      name: test.name,
      status: test.status,
      message: test.message,
    }));
    report({ status, message, tests: results });
  });
}

function defineScope(location, { scope, title }) {
  define('location', location);
  define('origin', location.origin);
  define('fetch', createWebFetch(location.href, globalThis.fetch));
  if (scope === 'worker') {
    const isOurs = (url) => url !== '/resources/testharness.js';
    return define('importScripts', (...urls) => urls.filter(isOurs).forEach(load));
  }
  const titles = title === '' ? [] : [{ firstChild: { data: title } }];
  define('window', globalThis);
  return define('document', {
    baseURI: location.href,
    URL: location.href,
    location,
    domain: location.hostname,
    title,
    getElementsByTagName: (tag) => (tag === 'title' ? titles : []),
  });
}

/** idlharness.js asks which interface the global object has. */
function defineGlobalInterface(scope) {
  const isGlobal = { [Symbol.hasInstance]: (object) => object === globalThis };
  const name = scope === 'window' ? 'Window' : 'DedicatedWorkerGlobalScope';
  define(name, Object.defineProperties(class {}, Object.getOwnPropertyDescriptors(isGlobal)));
}

async function run() {
  const { scope, title, scripts, isIdl, limit, file, entry, origin, url } = options;
  define('self', globalThis);
  define('META_TITLE', title);
  define('GLOBAL', {
    isWindow: () => scope === 'window',
    isWorker: () => scope === 'worker',
    isShadowRealm: () => false,
  });
  defineGlobalEvents();
  loadHarness();
  defineScope(new URL(origin + url), options);
  delete globalThis.EventSource;
  const { install } = await import(entry);
  install();
  setTimeout(timeout, limit); // and keeps the process alive, as a page is
  scripts.forEach(load);
  if (isIdl) defineGlobalInterface(scope);
  evaluate(readFileSync(file, 'utf8'), file);
  await new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
  globalThis.onload?.({ type: 'load' });
  done();
}
