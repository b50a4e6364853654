/** The files of the playground, as the demo's server gives them out. */
import { readFileSync } from 'node:fs';

const html = 'text/html; charset=utf-8';
const css = 'text/css; charset=utf-8';
const svg = 'image/svg+xml';
const js = 'text/javascript; charset=utf-8';

/** @type {Readonly<Record<string, readonly [file: string, type: string]>>} */
const files = {
  '/': ['playground/index.html', html],
  '/everysource.global.js': ['../dist/everysource.global.js', js],
  '/playground/icon.svg': ['playground/icon.svg', svg],
  '/playground/controls.css': ['playground/controls.css', css],
  '/playground/lists.css': ['playground/lists.css', css],
  '/playground/page.css': ['playground/page.css', css],
  '/playground/results.css': ['playground/results.css', css],
  '/playground/elements.js': ['playground/elements.js', js],
  '/playground/event-list.js': ['playground/event-list.js', js],
  '/playground/form.js': ['playground/form.js', js],
  '/playground/history.js': ['playground/history.js', js],
  '/playground/journal.js': ['playground/journal.js', js],
  '/playground/main.js': ['playground/main.js', js],
  '/playground/native.js': ['playground/native.js', js],
  '/playground/present.js': ['playground/present.js', js],
  '/playground/readouts.js': ['playground/readouts.js', js],
  '/playground/session.js': ['playground/session.js', js],
  '/playground/settings.js': ['playground/settings.js', js],
  '/playground/tap.js': ['playground/tap.js', js],
  '/playground/timeline.js': ['playground/timeline.js', js],
};

/** Nothing inline, nothing from elsewhere; streams may be anywhere. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  'connect-src *',
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/**
 * Answers with a file of the playground.
 *
 * @param {string} pathname
 * @param {import('node:http').ServerResponse} response
 * @returns {boolean} whether there is such a file
 */
export function sendFile(pathname, response) {
  const entry = Object.hasOwn(files, pathname) ? files[pathname] : undefined;
  if (entry === undefined) return false;
  const [file, type] = entry;
  const content = read(file);
  if (content === undefined) return false;
  response.writeHead(200, {
    'content-type': type,
    'content-security-policy': policy,
    'cache-control': 'no-cache',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  });
  response.end(content);
  return true;
}

/** @param {string} file */
function read(file) {
  try {
    return readFileSync(new URL(file, import.meta.url));
  } catch {
    return undefined; // not built yet
  }
}
