/** The url of a source, as a page, a worker or a process would have it. */

/** The base url: the document's in a page, the worker's location in a worker, otherwise none. */
function baseUrl(): string | undefined {
  const { document, location } = globalThis as {
    document?: { baseURI?: string };
    location?: { href?: string };
  };
  return document?.baseURI ?? location?.href;
}

/**
 * Parses the url of a source: encoding-parse, relative to the settings object.
 *
 * @throws {DOMException} named `SyntaxError`
 */
export function parseUrl(input: string): URL {
  const base = baseUrl();
  let url: URL | undefined;
  try {
    url = new URL(input, base);
  } catch {
    // Reported below. The input is not repeated: it may hold a secret.
  }
  // Chromium (156, 2026-11) percent-encodes what the standard forbids in a host, such as a space.
  const isBogus = /^https?:$/.test(url?.protocol ?? '') && url?.hostname.includes('%');
  if (url !== undefined && !isBogus) return url;
  const hint =
    base === undefined ? ' Without a page or worker it has to be absolute: https://host/path.' : '';
  throw new DOMException(`everysource: the url cannot be parsed.${hint}`, 'SyntaxError');
}
