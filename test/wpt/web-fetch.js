// @ts-nocheck: stands between the runtime's fetch and the tests, with the members of all runtimes
/**
 * A page's fetch for runtimes without pages: base url, cookies, `Origin`, the CORS check and its preflight, on top of the
 * runtime's own fetch, so that requests and streams stay real. It is laxer than a browser's in two points: a `Last-Event-ID` needs
 * no preflight, as with a native EventSource; nor does `Cache-Control`, which has to be written out where the runtime's fetch
 * ignores `cache`.
 */
const SAFE_HEADERS = new Set([
  'accept',
  'accept-language',
  'content-language',
  'content-type',
  'last-event-id',
  'cache-control',
  'pragma',
]);
// oxlint-disable-next-line no-control-regex
const UNSAFE_VALUE = /[\x00-\x08\x0A-\x1F"():<>?@[\\\]{}\x7F]/;
const SAFE_METHODS = new Set(['GET', 'HEAD', 'POST']);
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** Cookies by host and path. */
class CookieJar {
  #cookies = [];

  store(url, lines) {
    for (const line of lines) {
      const [pair, ...attributes] = line.split(';').map((part) => part.trim());
      const [name, value] = splitOnce(pair);
      const cookie = { name, value, host: url.hostname, path: url.pathname.replace(/\/[^/]*$/, '') || '/' };
      cookie.expires = Infinity;
      for (const attribute of attributes) applyAttribute(cookie, ...splitOnce(attribute));
      const isSame = (other) => ['name', 'host', 'path'].every((key) => other[key] === cookie[key]);
      this.#cookies = this.#cookies.filter((other) => !isSame(other));
      this.#cookies.push(cookie);
    }
  }

  header({ hostname, pathname }) {
    return this.#cookies
      .filter(
        ({ host, path, expires }) => host === hostname && pathname.startsWith(path) && expires > Date.now(),
      )
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
  }
}

function splitOnce(pair) {
  const at = pair.indexOf('=');
  return at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
}

function applyAttribute(cookie, key, value) {
  if (/^max-age$/i.test(key)) cookie.expires = Date.now() + Number(value) * 1000;
  else if (/^expires$/i.test(key) && cookie.expires === Infinity) cookie.expires = Date.parse(value);
  else if (/^path$/i.test(key) && value.startsWith('/')) cookie.path = value;
}

const failure = (why) => new TypeError('Failed to fetch', { cause: new Error(why) });

/** The names of the headers that need a preflight. */
function unsafeHeaders(headers) {
  const unsafe = [...headers].filter(
    ([name, value]) => !SAFE_HEADERS.has(name) || value.length > 128 || UNSAFE_VALUE.test(value),
  );
  return unsafe.map(([name]) => name).toSorted();
}

/** Whether a response admits an origin. */
function admits({ headers }, { origin, credentials }) {
  const allowed = headers.get('access-control-allow-origin');
  if (allowed === '*' && credentials !== 'include') return true;
  if (allowed !== origin) return false;
  return credentials !== 'include' || headers.get('access-control-allow-credentials') === 'true';
}

/** One call of fetch: its request, and where its redirects have led. */
class Call {
  constructor(home, jar, nativeFetch, request, init) {
    Object.assign(this, { home, jar, nativeFetch, request, init, origin: home.origin });
    this.url = new URL(request.url);
    this.isCross = false;
    // From `init` first, since Bun's Request does not keep these.
    this.credentials = init.credentials ?? 'same-origin';
    this.isCors = (init.mode ?? 'cors') === 'cors';
    this.signal = init.signal ?? request.signal;
  }

  async run() {
    for (let hops = 0; hops <= 20; hops++) {
      const response = await this.#hop();
      const location = REDIRECTS.has(response.status) ? response.headers.get('location') : null;
      if (location === null || this.init.redirect === 'manual') return this.#shown(response, hops > 0);
      await response.body?.cancel();
      if (this.init.redirect === 'error') throw failure('redirect');
      const next = new URL(location, this.url);
      if (!next.protocol.startsWith('http')) throw failure('a redirect to another scheme');
      if (this.isCross && next.origin !== this.url.origin && this.url.origin !== this.home.origin) {
        this.origin = 'null';
      }
      this.url = next;
    }
    throw failure('too many redirects');
  }

  async #hop() {
    const { request, home, jar, url, signal, init } = this;
    this.isCross ||= url.origin !== home.origin;
    const headers = new Headers(request.headers);
    const isChecked = this.isCross && this.isCors;
    if (isChecked) {
      await this.#preflight(unsafeHeaders(headers));
      headers.set('origin', this.origin);
    }
    const withCookies =
      this.credentials === 'include' || (this.credentials === 'same-origin' && !this.isCross);
    const cookie = withCookies ? jar.header(url) : '';
    if (cookie !== '') headers.set('cookie', cookie);
    const { method } = request;
    const { cache } = init;
    const response = await this.nativeFetch(url, { method, headers, redirect: 'manual', cache, signal });
    if (withCookies) jar.store(url, response.headers.getSetCookie());
    if (!isChecked || admits(response, this)) return response;
    await response.body?.cancel();
    throw failure('the origin is not admitted');
  }

  async #preflight(unsafe) {
    const { method } = this.request;
    if (unsafe.length === 0 && SAFE_METHODS.has(method)) return;
    const response = await this.nativeFetch(this.url, {
      method: 'OPTIONS',
      redirect: 'manual',
      signal: this.signal,
      headers: {
        origin: this.origin,
        'access-control-request-method': method,
        'access-control-request-headers': unsafe.join(),
      },
    });
    await response.body?.cancel();
    const names = response.headers.get('access-control-allow-headers') ?? '';
    const allowed = new Set(names.split(',').map((name) => name.trim().toLowerCase()));
    const isAllowed = (name) => allowed.has(name) || (allowed.has('*') && this.credentials !== 'include');
    if (!response.ok || !admits(response, this) || !unsafe.every(isAllowed)) throw failure('preflight');
  }

  /** The response as a page would see it. */
  async #shown(response, redirected) {
    if (this.isCross && !this.isCors) {
      await response.body?.cancel();
      return Response.error();
    }
    if (redirected) Object.defineProperty(response, 'redirected', { value: true });
    return response;
  }
}

/** @param {string} base url of the page @param {typeof fetch} nativeFetch */
export function createWebFetch(base, nativeFetch) {
  const home = new URL(base);
  const jar = new CookieJar();
  return async function fetch(input, init = {}) {
    const request = new Request(input instanceof Request ? input : new URL(`${input}`, home), init);
    const { protocol } = new URL(request.url);
    if (protocol === 'data:' || protocol === 'blob:') return nativeFetch(request);
    if (!protocol.startsWith('http')) throw failure(`${protocol} is not fetched`);
    return new Call(home, jar, nativeFetch, request, init).run();
  };
}
