/** Which test documents there are, and what each needs. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @typedef {object} TestDocument
 * @property {string} id
 * @property {string} url path on the server
 * @property {string} file the script in it, for runtimes without pages
 * @property {'window' | 'worker'} scope
 * @property {string} title
 * @property {string[]} scripts what the script wants loaded before it
 * @property {number} limit milliseconds that its tests may take
 * @property {boolean} isIdl
 */

/** Drafts, which the standard does not have yet, and one that needs helpers from outside of its folder. */
const notOfTheSuite = /^eventsource-(from-readable-stream|cross-origin-preflight|bfcache)/;

/** These need frames and navigation. */
const pageOnly = new Set([
  'eventsource-request-cancellation.window.js',
  'eventsource-constructor-document-domain.window.js',
]);

/**
 * The `META` comments at the head of a script, and for how long it may run.
 *
 * @param {string} file
 */
function metaOf(file) {
  const text = readFileSync(file, 'utf8');
  const meta = [...text.matchAll(/^\/\/ META: (\w+)=(.*)$/gm)].map(([, key, value]) => ({ key, value }));
  const all = (/** @type {string} */ name) =>
    meta.filter(({ key }) => key === name).map(({ value }) => `${value}`.trim());
  const isLong = all('timeout').includes('long') || /name="?timeout"? content="?long/i.test(text);
  const scopes = all('global').join(',').split(',');
  return {
    title: all('title')[0] ?? '',
    scripts: all('script'),
    scopes,
    limit: isLong ? 60_000 : 15_000,
    isIdl: false,
  };
}

/** @param {string} wptDir */
function scriptsIn(wptDir) {
  const base = join(wptDir, 'eventsource');
  if (!existsSync(join(base, 'event-data.any.js')))
    throw new Error(`no platform tests in ${wptDir}: set WPT_DIR to a checkout of web-platform-tests`);
  return ['', 'dedicated-worker/', 'shared-worker/'].flatMap((folder) =>
    readdirSync(join(base, folder))
      .filter((name) => /\.(any|window|worker)\.js$|\.html?$/.test(name) && !notOfTheSuite.test(name))
      .toSorted()
      .map((name) => ({ folder, name, file: join(base, folder, name) })),
  );
}

/**
 * The documents that the server makes of a script, by their endings.
 *
 * @param {string} name
 * @param {string[]} scopes
 * @param {boolean} isBrowser
 * @returns {[ending: string, scope: TestDocument['scope']][]}
 */
function endingsOf(name, scopes, isBrowser) {
  if (name.endsWith('.window.js')) return [['.window.html', 'window']];
  if (name.endsWith('.worker.js')) return [['.worker.html', 'worker']];
  if (!name.endsWith('.any.js')) return [[name.slice(name.lastIndexOf('.')), 'window']];
  /** @type {[string, TestDocument['scope']][]} */
  const endings = [
    ['.any.html', 'window'],
    ['.any.worker.html', 'worker'],
  ];
  if (isBrowser && scopes.includes('worker')) {
    endings.push(['.any.sharedworker.html', 'worker'], ['.any.serviceworker.html', 'worker']);
  }
  return endings;
}

/**
 * The documents about the interface, which are ours, over the platform tests' idlharness.js.
 *
 * @returns {TestDocument[]}
 */
function idlDocuments() {
  return /** @type {const} */ (['window', 'worker']).map((scope) => {
    const name = scope === 'window' ? 'everysource-idl.html' : 'everysource-idl.worker.html';
    return {
      id: name,
      url: `/${name}`,
      file: join(import.meta.dirname, 'idl.js'),
      scope,
      title: 'EventSource: IDL',
      scripts: ['/resources/WebIDLParser.js', '/resources/idlharness.js'],
      limit: 15_000,
      isIdl: true,
    };
  });
}

/**
 * @param {string} wptDir
 * @param {boolean} isBrowser
 * @returns {TestDocument[]}
 */
export function testDocuments(wptDir, isBrowser) {
  const documents = scriptsIn(wptDir)
    .filter(({ name }) => isBrowser || (name.endsWith('.js') && !pageOnly.has(name)))
    .flatMap(({ folder, name, file }) => {
      const { scopes, ...meta } = metaOf(file);
      return endingsOf(name, scopes, isBrowser).map(([ending, scope]) => {
        const id = folder + name.replace(/(\.(any|window|worker)\.js|\.html?)$/, ending);
        return { id, url: `/eventsource/${id}`, file, scope, ...meta };
      });
    });
  return [...documents, ...idlDocuments()];
}
