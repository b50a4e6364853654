/** The url of a source, as a page, a worker or a process would have it. */

/** A url, relative to another; `undefined` when it cannot be parsed. */
export function parse(url: string, base: URL | string | undefined): URL | undefined {
  try {
    return new URL(url, base);
  } catch {
    return undefined; // reported by the caller
  }
}

/** Whether it is one of a server. */
export function isHttp({ protocol }: Pick<URL, 'protocol'>): boolean {
  return /^https?:$/.test(protocol);
}

/**
 * Parses the url of a source: encoding-parse, relative to the settings object.
 *
 * @throws {DOMException} named `SyntaxError`
 */
export function parseUrl(input: string): URL {
  const { document, location } = globalThis as {
    document?: { baseURI?: string };
    location?: { href?: string };
  };
  // The base url: the document's in a page, the worker's location in a worker, otherwise none.
  const base = document?.baseURI ?? location?.href;
  const url = parse(input, base);
  // Chromium (156, 2026-11) percent-encodes what the standard forbids in a host, such as a space.
  if (url && !(isHttp(url) && url.hostname.includes('%'))) return url;
  // The input is not repeated: it may hold a secret.
  const hint = base ? '' : ' It has to be absolute.';
  throw new DOMException(`everysource: the url cannot be parsed.${hint}`, 'SyntaxError');
}
