/** What `fetch` does otherwise in some runtimes: what each differs in, where that was seen, and how it can be found out. */

/**
 * WebKit (GTK 2.50, 2026-11) refuses characters above U+00FF, and encodes those up to it as UTF-8: bytes would be
 * encoded twice, and other IDs cannot be sent at all. Nothing but its name tells; Blink and jsdom call themselves
 * 537.36. The suite's cases about IDs tell when this is over.
 */
export function isWebKit(): boolean {
  return /AppleWebKit\/(?!537\.36)/.test(globalThis.navigator?.userAgent ?? '');
}

/** What a runtime does is found out at the first need, and once. */
function once<Answer extends {}>(find: () => Answer): () => Answer {
  let answer: Answer | undefined;
  return () => (answer ??= find());
}

/** How `fetch` of this runtime treats `cache: 'no-store'`. */
export const fetchCacheMode = once((): 'obeyed' | 'ignored' | 'refused' => {
  // Deno 2.9 and Bun 1.4 (2026-11) accept the member and send nothing. It cannot be found out but by name;
  // the platform tests `request-cache-control` tell when this is over.
  if ('Deno' in globalThis || 'Bun' in globalThis) return 'ignored';
  // workerd before compatibility date 2024-11.
  return isRequestRefused({ cache: 'no-store' }) ? 'refused' : 'obeyed';
});

/**
 * Whether `fetch` encodes header values by itself, as WebKit does, and workerd (2026-11), which takes any text and encodes it as
 * UTF-8; bytes would be encoded twice. Elsewhere a character above U+00FF throws, or, in happy-dom, nothing is checked at all and
 * the bytes are needed.
 */
export const fetchEncodesHeaders = once(
  () =>
    isWebKit() ||
    (isRequestRefused({ headers: { a: 'a\nb' } }) && !isRequestRefused({ headers: { a: '\u2603' } })),
);

/** Whether the runtime's own `Request` throws on a member. */
function isRequestRefused(init: RequestInit): boolean {
  try {
    void new Request('http://localhost/', init);
    return false;
  } catch {
    return true; // the answer, not an error
  }
}

/**
 * The location of a page or a browser's worker. A worker of Deno has one too, and a server may define one for its pages; what tells
 * is that a page may not send cookies of its own making (Node 18 to 26, Deno 2.9 and Bun 1.4 can, 2026-11).
 */
export function pageLocation(): { origin: string } | undefined {
  const { location, Request } = globalThis as Partial<Pick<typeof globalThis, 'location' | 'Request'>>;
  const cookie = { Cookie: 'a=b' };
  const isFree =
    location && Request && new Request('http://localhost/', { headers: cookie }).headers?.has('cookie');
  return isFree ? undefined : location;
}

/** What undici calls a dispatcher, as far as its `fetch` uses one. */
interface Dispatcher {
  readonly isMockActive?: boolean;
  dispatch(options: object, handler: object): boolean;
}

/**
 * Members for the global `fetch` that keep it from ending a stream on which nothing comes: Node's does so after 300 s, Bun's
 * after 360 s (Node 18 to 26, Bun 1.4, 2026-11). In other runtimes there are none.
 */
export function silentStreamInit(): object {
  if ('Bun' in globalThis) return { timeout: false };
  return globalDispatcher(1) === undefined ? {} : { dispatcher: untimedDispatcher };
}

/**
 * The global dispatcher, whichever it is by then, but without the limit between two pieces of a body. undici 8 (Node 26) has
 * handlers of another kind, and keeps the dispatcher that takes them, or a mock, in the second place.
 */
const untimedDispatcher: Dispatcher = {
  get isMockActive() {
    return [1, 2].some((place) => globalDispatcher(place)?.isMockActive);
  },
  dispatch: (options, handler) =>
    (('onRequestStart' in handler && globalDispatcher(2)) || globalDispatcher(1))!.dispatch(
      { ...options, bodyTimeout: 0 },
      handler,
    ),
};

function globalDispatcher(place: number): Dispatcher | undefined {
  return (globalThis as Record<symbol, Dispatcher | undefined>)[
    Symbol.for(`undici.globalDispatcher.${place}`)
  ];
}
