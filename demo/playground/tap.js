/**
 * Reads along with the page's `fetch`: when an attempt begins, how many bytes come, and which names its events have. The
 * library looks the global `fetch` up at each attempt, so it needs no option, which would turn its CORS diagnosis off.
 *
 * @typedef {object} Follower
 * @property {() => void} onAttempt
 * @property {(count: number) => void} onBytes
 * @property {(type: string) => void} onType called before the chunk that names the type is passed on
 */

/** Longest name of an event that is looked for. Characters. */
const MAX_NAME = 1000;

/**
 * Finds the values of `event:` lines in a byte stream that comes in chunks. A line ends with LF, CR LF or CR.
 *
 * @param {(type: string) => void} onType
 * @returns {(chunk: Uint8Array) => void}
 */
export function typeFinder(onType) {
  const decoder = new TextDecoder();
  let unfinished = '';
  return (chunk) => {
    const text = unfinished + decoder.decode(chunk, { stream: true });
    for (const [, value = ''] of text.matchAll(/(?:^|[\r\n])event:([^\r\n]*)(?=[\r\n])/g)) {
      const type = value.replace(/^ /, '');
      if (type !== '' && type.length <= MAX_NAME) onType(type);
    }
    const line = text.slice(Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r')) + 1);
    unfinished = mayNameType(line) ? line : ':';
  };
}

/**
 * Whether the beginning of a line can become one that counts. Any other is kept as `:`, a comment, so that data without a
 * line end is not collected.
 *
 * @param {string} line
 */
function mayNameType(line) {
  return (
    line.length <= MAX_NAME + 'event: '.length && ('event:'.startsWith(line) || line.startsWith('event:'))
  );
}

/**
 * Replaces `fetch` on the global object.
 *
 * @param {{ fetch: typeof fetch }} scope
 * @param {() => Promise<void>} turn lets the page draw and answer
 * @returns {{ follow: (follower: Follower) => void }} whom to tell from now on
 */
export function tapFetch(scope, turn) {
  const original = scope.fetch;
  /** @type {Follower | undefined} */
  let current;
  // After a probe that was answered, the library repeats the request: that is the same attempt.
  let isRepetition = false;

  scope.fetch = async (input, init) => {
    const follower = current;
    if (init?.method === 'HEAD') {
      const answer = await original.call(scope, input, init);
      isRepetition = true;
      // Unless that comes at once, the probe was answered too late, or for nobody.
      setTimeout(() => (isRepetition = false));
      return answer;
    }
    if (!isRepetition) follower?.onAttempt();
    isRepetition = false;
    const response = await original.call(scope, input, init);
    if (follower !== undefined && isStream(response)) readAlong(response, follower, turn);
    return response;
  };
  return { follow: (follower) => void (current = follower) };
}

/** @param {Response} response */
function isStream({ status, headers }) {
  return status === 200 && /text\/event-stream/i.test(headers.get('content-type') ?? '');
}

/** What is passed on before the page gets its turn: a few thousand small events. Bytes. */
const PIECE = 65_536;

/**
 * Only the body is exchanged: a new Response would have lost its url.
 *
 * @param {Response} response
 * @param {Follower} follower
 * @param {() => Promise<void>} turn
 */
function readAlong(response, { onBytes, onType }, turn) {
  if (response.body === null) return;
  const reader = response.body.getReader();
  const findTypes = typeFinder(onType);
  let rest = new Uint8Array();
  let passed = 0;
  // Not a TransformStream: at an error of the body that would drop what has come before it and is not read yet.
  /** @type {UnderlyingDefaultSource<Uint8Array>} */
  const source = {
    async pull(controller) {
      while (rest.byteLength === 0) {
        const { done, value } = await reader.read();
        if (done) return controller.close();
        rest = value;
      }
      const piece = rest.subarray(0, PIECE);
      rest = rest.subarray(PIECE);
      if (passed + piece.byteLength > PIECE) {
        await turn();
        passed = 0;
      }
      passed += piece.byteLength;
      onBytes(piece.byteLength);
      findTypes(piece);
      return controller.enqueue(piece);
    },
    cancel: (reason) => reader.cancel(reason),
  };
  const value = new ReadableStream(source, { highWaterMark: 0 });
  Object.defineProperty(response, 'body', { value });
}
