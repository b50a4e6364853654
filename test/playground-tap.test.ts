/** How the playground reads along with `fetch`. */
import { describe, expect, it } from 'vitest';
import { tapFetch, typeFinder } from '../demo/playground/tap.js';

const encode = (text: string) => new TextEncoder().encode(text);

function typesIn(...chunks: Uint8Array[]): string[] {
  const types: string[] = [];
  const find = typeFinder((type) => types.push(type));
  for (const chunk of chunks) find(chunk);
  return types;
}

describe('the finder of event names', () => {
  const stream = encode(
    'event: a\ndata: event: no\n\nevent:b\r\n\revent: ü\r\ndata\n\nevent\nevent:\nevents: no\n event: no\nevent:  c\n',
  );

  it('finds them behind every kind of line end, wherever the stream is cut', () => {
    const expected = ['a', 'b', 'ü', ' c'];
    expect(typesIn(stream)).toEqual(expected);
    expect(typesIn(...Array.from(stream, (byte) => Uint8Array.of(byte)))).toEqual(expected);
    for (let cut = 0; cut <= stream.length; cut++)
      expect(typesIn(stream.subarray(0, cut), stream.subarray(cut))).toEqual(expected);
  });

  it('finds one after a byte order mark, and none in a line that has no end', () => {
    expect(typesIn(encode('\uFEFFevent: a\nevent: b'))).toEqual(['a']);
  });

  it('passes over a name that is longer than a name should be', () => {
    const long = 'x'.repeat(5000);
    expect(typesIn(encode(`event: ${long}`), encode(`${long}\nevent: a\n`))).toEqual(['a']);
    expect(typesIn(encode(`event: ${long}\nevent: a\n`))).toEqual(['a']);
  });
});

function tapped(answer: (init?: RequestInit) => Response | Promise<Response>) {
  const scope = { fetch: async (_input: string | URL | Request, init?: RequestInit) => answer(init) };
  const log: string[] = [];
  let turns = 0;
  const tap = tapFetch(scope, async () => void turns++);
  tap.follow({
    onAttempt: () => log.push('attempt'),
    onBytes: (count) => log.push(`${count} bytes`),
    onType: (type) => log.push(type),
  });
  return { scope, log, turnsTaken: () => turns };
}

const eventStream = { headers: { 'content-type': 'text/event-stream' } };

describe('the tap', () => {
  it('tells of an attempt, of bytes, and of a name before its chunk can be read', async () => {
    const { scope, log } = tapped(() => new Response('event: a\ndata: b\n\n', eventStream));
    const response = await scope.fetch('http://localhost/', {});
    expect(log).toEqual(['attempt']);
    const { value } = await response.body!.getReader().read();
    expect(new TextDecoder().decode(value)).toBe('event: a\ndata: b\n\n');
    expect(log).toEqual(['attempt', '18 bytes', 'a']);
  });

  it.each([
    ['a status other than 200', { status: 401, ...eventStream }],
    ['another content type', { headers: { 'content-type': 'text/html' } }],
  ])('leaves a response with %s alone', async (_, init) => {
    const original = new Response('event: a\n', init);
    const body = original.body;
    const { scope, log } = tapped(() => original);
    const response = await scope.fetch('http://localhost/');
    expect(response).toBe(original);
    expect(response.body).toBe(body);
    expect(log).toEqual(['attempt']);
  });

  it('counts a repetition after an answered probe as the same attempt, and the next request as the next', async () => {
    const { scope, log } = tapped((init) => {
      if (init?.method === 'HEAD') return new Response(null);
      throw new TypeError('refused');
    });
    const refused = () => expect(scope.fetch('http://localhost/')).rejects.toThrow('refused');
    await refused();
    await scope.fetch('http://localhost/', { method: 'HEAD', mode: 'no-cors' });
    await refused();
    expect(log).toEqual(['attempt']);
    await refused();
    expect(log).toEqual(['attempt', 'attempt']);
  });

  it('counts the request after a probe that nobody answered', async () => {
    const { scope, log } = tapped(() => {
      throw new TypeError('gone');
    });
    for (const init of [{}, { method: 'HEAD' }, {}])
      await expect(scope.fetch('http://localhost/', init)).rejects.toThrow('gone');
    expect(log).toEqual(['attempt', 'attempt']);
  });

  it('gives the page a turn between the pieces of a large chunk, and loses none of it', async () => {
    const bytes = new Uint8Array(200_000).map((_, index) => index % 251);
    const { scope, turnsTaken } = tapped(() => new Response(bytes, eventStream));
    const response = await scope.fetch('http://localhost/');
    const read = new Uint8Array(await new Response(response.body).arrayBuffer());
    expect(read.length).toBe(bytes.length);
    expect(read.every((byte, index) => byte === bytes[index])).toBe(true);
    expect(turnsTaken()).toBeGreaterThanOrEqual(3);
  });

  it('loses nothing that came before an error of the body', async () => {
    let pulls = 0;
    const body = new ReadableStream({
      pull: (controller) =>
        pulls++ === 0 ? controller.enqueue(new Uint8Array(200_000)) : controller.error('cut'),
    });
    const { scope } = tapped(() => new Response(body, eventStream));
    const reader = (await scope.fetch('http://localhost/')).body!.getReader();
    let length = 0;
    await expect(async () => {
      for (;;) length += (await reader.read()).value!.byteLength;
    }).rejects.toBe('cut');
    expect(length).toBe(200_000);
  });

  it('passes on that nobody reads any further', async () => {
    const reasons: unknown[] = [];
    const body = new ReadableStream({ cancel: (reason) => void reasons.push(reason) });
    const { scope } = tapped(() => new Response(body, eventStream));
    await (await scope.fetch('http://localhost/')).body!.cancel('enough');
    expect(reasons).toEqual(['enough']);
  });

  it('passes an error of the body on as it came', async () => {
    const error = new DOMException('given up', 'AbortError');
    const body = new ReadableStream({ start: (controller) => controller.error(error) });
    const { scope } = tapped(() => new Response(body, eventStream));
    const response = await scope.fetch('http://localhost/');
    await expect(response.body!.getReader().read()).rejects.toBe(error);
  });
});
