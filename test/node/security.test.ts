/** What a server, a redirect or an option may try on a real wire, and what must not come of it. `SECURITY.md` names these tests. */
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { EventSource } from '../../src/event-source.ts';
import type { EventSourceErrorEvent } from '../../src/events.ts';
import type { EventSourceInit } from '../../src/init.ts';
import { eventually } from '../support/eventually.ts';
import { eventStream, rawHeader, serve } from '../support/server.ts';

const OK = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n';

/** A server of bare sockets: it keeps every byte that it gets, and answers each request with this body. */
async function listen(body: string): Promise<{ url: string; heads: string[] }> {
  const heads: string[] = [];
  const server = createServer((socket) => {
    let head = '';
    socket.on('error', () => {});
    socket.setEncoding('latin1').on('data', (text) => {
      head += text;
      if (!head.endsWith('\r\n\r\n')) return;
      heads.push(head);
      socket.end(Buffer.from(OK + body));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`, heads };
}

function open(url: string, init: EventSourceInit = {}): EventSource {
  const source = new EventSource(url, { reconnectionTime: 1, ...init });
  onTestFinished(() => source.close());
  return source;
}

/** Names of the headers of a request, as they stand on the wire; each of its lines has to be one. */
function namesOf(head: string): string[] {
  const [requestLine, ...lines] = head.slice(0, -4).split('\r\n');
  expect(requestLine).toMatch(/^GET \/events\S* HTTP\/1\.1$/);
  for (const line of lines) expect(line).toMatch(/^[!#$%&'*+\-.^`|~\w]+: [\t -~\x80-\xff]*$/);
  return lines.map((line) => line.slice(0, line.indexOf(':')).toLowerCase()).toSorted();
}

/** What becomes CR, LF or NUL when somebody keeps only the low byte of a character, or normalizes it. */
const disguised = [
  '嘊X-Evil: 1',
  '嘍嘊X-Evil: 1',
  '\u010D\u010AX-Evil: 1',
  '\u0100',
  '\u2028\u2029\u0085X-Evil: 1',
];
const encoded = ['%0d%0aX-Evil: 1', '\\r\\nX-Evil: 1', '&#13;&#10;X-Evil: 1', '=?utf-8?q?=0D=0A?=X-Evil: 1'];
const forbidden = ['a\0b', '\x0BX-Evil: 1', '\x1b[2J', '\x7f'];

describe('a last event ID', () => {
  it.each([...disguised, ...encoded])(
    'of the server, %j, goes back as its own UTF-8 bytes, in one header',
    async (id) => {
      const { url, heads } = await listen(`id: ${id}\ndata: a\n\n`);
      open(url);
      await eventually(() => heads.length === 2);
      expect(namesOf(heads[1]!)).toEqual([...namesOf(heads[0]!), 'last-event-id'].toSorted());
      const sent = /^last-event-id: (.*)\r$/im.exec(heads[1]!)![1]!;
      expect(Buffer.from(sent, 'latin1').toString()).toBe(id);
    },
  );

  it.each(forbidden)('of the server, %j, is not sent', async (id) => {
    const { url, heads } = await listen(`id: ${id}\ndata: a\n\n`);
    open(url);
    await eventually(() => heads.length === 2);
    expect(namesOf(heads[1]!)).toEqual(namesOf(heads[0]!));
  });

  it('of the server ends with its line, whatever follows', async () => {
    const { url, heads } = await listen('id: 1\r\nX-Evil: 1\rX-Evil: 2\ndata: a\n\n');
    open(url);
    await eventually(() => heads.length === 2);
    expect(heads[1]).toMatch(/^last-event-id: 1\r$/im);
    expect(heads[1]).not.toContain('Evil');
  });

  it.each([...disguised, ...encoded])(
    'of the option, %j, goes as its own UTF-8 bytes, in one header',
    async (id) => {
      const { url, heads } = await listen('');
      open(url, { lastEventId: id });
      await eventually(() => heads.length === 1);
      expect(namesOf(heads[0]!).filter((name) => name === 'last-event-id' || name.includes('evil'))).toEqual([
        'last-event-id',
      ]);
    },
  );

  it.each([...disguised, ...encoded, ...forbidden, '&x=1#', '\uD800', 'a b'])(
    'as a query parameter, %j, stays within its parameter',
    async (id) => {
      const { url, heads } = await listen(`id: ${id}\ndata: a\n\n`);
      open(url, { lastEventIdParameter: 'id&x' });
      await eventually(() => heads.length === 2);
      expect(namesOf(heads[1]!)).toEqual(namesOf(heads[0]!));
      const { searchParams, hash } = new URL(heads[1]!.split(' ')[1]!, url);
      // A NUL makes it no id at all.
      const expected = id.includes('\0') ? [] : [['id&x', Buffer.from(id).toString()]];
      expect([[...searchParams], hash]).toEqual([expected, '']);
    },
  );

  it('that a server gives back as it came does not grow', async () => {
    const { url, requests } = await serve((request, response, count) => {
      const id = rawHeader(request, 'last-event-id') ?? Buffer.from('é☃\u010A');
      response.writeHead(200, eventStream);
      response.end(Buffer.concat([Buffer.from('id: '), id, Buffer.from(`\ndata: ${count}\n\n`)]));
    });
    const source = open(url);
    await eventually(() => requests.length === 5);
    expect(source.lastEventId).toBe('é☃\u010A');
  });
});

describe('headers', () => {
  it.each([
    ['a value with a line end', { 'X-A': 'a\r\nX-Evil: 1' }],
    ['a value with NUL', { 'X-A': 'a\0' }],
    ['a value above one byte', { 'X-A': '嘍嘊X-Evil: 1' }],
    ['a name with a line end', { 'X-A\r\nX-Evil': '1' }],
    ['a name with a colon', { 'X-A: 1\r\nX-Evil': '1' }],
    ['an empty name', { '': '1' }],
  ])('with %s are refused, fixed or from a function, and nothing is sent', async (_, headers) => {
    const { url, heads } = await listen('');
    expect(() => open(url, { headers })).toThrow(TypeError);
    const source = open(url, { headers: () => headers });
    const errors: EventSourceErrorEvent[] = [];
    source.onerror = (event) => errors.push(event as EventSourceErrorEvent);
    await eventually(() => source.readyState === 2);
    expect(errors.map(({ reason }) => reason)).toEqual(['option']);
    expect(errors[0]!.message).not.toContain('Evil');
    expect(heads).toEqual([]);
  });

  it('a Last-Event-ID among them can bring no other header either', async () => {
    const { url, heads } = await listen('');
    expect(() => open(url, { headers: { 'Last-Event-ID': '1\r\nX-Evil: 1' } })).toThrow(TypeError);
    expect(() => open(url, { lastEventId: '1\r\nX-Evil: 1' })).toThrow(TypeError);
    expect(heads).toEqual([]);
  });
});

describe('a method', () => {
  it.each(['GET /evil HTTP/1.1\r\nX-Evil: 1\r\n\r\nGET', 'GET\r\n', 'GET\0', 'GÉT', 'G\u010AT', '', ' GET'])(
    '%j is refused, and nothing is sent',
    async (method) => {
      const { url, heads } = await listen('');
      expect(() => open(url, { method })).toThrow(/"method"/);
      expect(heads).toEqual([]);
    },
  );
});

describe('a redirect', () => {
  const locations = [
    'file:///etc/passwd',
    'data:text/event-stream,data:evil%0A%0A',
    'javascript:alert(1)',
    'blob:http://127.0.0.1/1',
    'ftp://127.0.0.1/',
    'http://user:password@127.0.0.1/',
    '//[',
  ];

  it.each(
    locations.flatMap((location) => [[location, {}] as const, [location, { headers: { a: '1' } }] as const]),
  )('to %s is not followed (%j)', async (location, init) => {
    const { url, requests } = await serve((_, response) => response.writeHead(302, { location }).end());
    const source = open(url, { ...init, reconnection: false });
    const seen: string[] = [];
    source.onmessage = ({ data }) => seen.push(data);
    source.onopen = ({ type }) => seen.push(type);
    await eventually(() => source.readyState === 2);
    expect([seen, requests.length]).toEqual([[], 1]);
  });
});
