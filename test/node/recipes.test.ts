/** The recipes, each in a process of its own, as it stands: what it promises is true, and it ends when its source does. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { EventSource } from '../../src/event-source.ts';
import { temporaryFolder } from '../support/certificates.ts';
import { eventually } from '../support/eventually.ts';
import {
  authorizations,
  expectTwoEvents,
  folder,
  lastEventIds,
  recipe,
  twoEvents,
} from '../support/recipes.ts';
import { runNode, spawnNode } from '../support/run.ts';
import { eventStream, serve } from '../support/server.ts';

describe('the recipes', () => {
  it('are all run, here or with the dispatchers', () => {
    const tests = ['recipes.test.ts', 'dispatcher-recipes.test.ts', 'model-recipes.test.ts'];
    const code = tests.map((name) => readFileSync(join(import.meta.dirname, name), 'utf8')).join('');
    const names = [...code.matchAll(/recipe\('([^']+)'/g)].map(([, name]) => name);
    expect(readdirSync(folder)).toEqual([...new Set(names)].toSorted());
  });

  it.each(['https', 'rejectUnauthorized', 'proxy', 'agent'])(
    'have those that the message about the removed option "%s" names',
    (option) => {
      let message = '';
      try {
        void new EventSource('http://127.0.0.1/', { [option]: true });
      } catch (error) {
        message = `${error}`;
      }
      expect(message).toContain('demo/recipes/');
      expect(readdirSync(folder)).toEqual(expect.arrayContaining(message.match(/[\w-]+\.js/g)!));
    },
  );
});

describe('bearer-token.js', () => {
  /** A feed behind tokens; `accepts` says which it takes, at which request. */
  async function serveTokens(accepts: (token: number, request: number) => boolean) {
    const feed = twoEvents();
    const refused: IncomingMessage[] = [];
    const tokens: IncomingMessage[] = [];
    const { url } = await serve((request, response, count) => {
      if (request.url === '/token') {
        tokens.push(request);
        return response.end(`token-${tokens.length}`);
      }
      const token = Number(/^Bearer token-(\d+)$/.exec(`${request.headers.authorization}`)![1]);
      if (accepts(token, count)) return feed.listener(request, response);
      refused.push(request);
      return response.writeHead(401).end();
    });
    const run = spawnNode(recipe('bearer-token.js', url, new URL('/token', url).href));
    return { feed, refused, tokens, run };
  }

  it('answers a 401 with a new token, and goes on after the last event', async () => {
    // The requests: a token, the feed with it, the feed again, which no longer takes it.
    const { feed, refused, tokens, run } = await serveTokens((token, request) => token === 2 || request < 3);
    await expectTwoEvents(run, feed);
    expect(authorizations(refused)).toEqual(['Bearer token-1']);
    expect(lastEventIds(refused)).toEqual(['1']);
    expect(authorizations(feed.requests)).toEqual(['Bearer token-1', 'Bearer token-2', 'Bearer token-2']);
    expect(lastEventIds(feed.requests)).toEqual([undefined, '1', '2']);
    expect(tokens.map(({ method }) => method)).toEqual(['POST', 'POST']);
  });

  it('gives up when five tokens in a row are refused', async () => {
    const { feed, refused, run } = await serveTokens((_, request) => request < 3);
    await eventually(() => run.stdout !== '' || run.hasEnded);
    feed.endResponses();
    await eventually(() => run.hasEnded);
    expect(authorizations(refused)).toEqual([1, 2, 3, 4, 5].map((token) => `Bearer token-${token}`));
    expect(run.stderr).toContain('401');
  });
});

describe('post-stream.js', () => {
  const delta = (content: string) => `data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`;

  /** Runs it with a server that begins to answer; `finish` does the rest. */
  async function ask(finish: (response: ServerResponse) => void) {
    vi.stubEnv('API_KEY', 'key-1');
    onTestFinished(() => void vi.unstubAllEnvs());
    const bodies: string[] = [];
    const { url, requests } = await serve(async (request, response) => {
      bodies.push(await text(request));
      response.writeHead(200, eventStream).write(delta('Hel') + delta('lo'));
      finish(response);
    });
    return { ...(await runNode(recipe('post-stream.js', url))), requests, bodies };
  }

  it('reads the answer to its last message, and closes the source itself', async () => {
    const run = await ask((response) => response.write('data: [DONE]\n\n'));
    expect(run).toMatchObject({ code: 0, stdout: 'Hello', stderr: '' });
    expect(authorizations(run.requests)).toEqual(['Bearer key-1']);
    expect(run.requests[0]).toMatchObject({
      method: 'POST',
      headers: { 'content-type': 'application/json' },
    });
    expect(JSON.parse(run.bodies[0]!)).toMatchObject({ stream: true, messages: [{ content: 'Hello!' }] });
  });

  it.each<[string, (response: ServerResponse) => void]>([
    ['ends', (response) => response.end()],
    ['breaks off', (response) => setImmediate(() => response.destroy())],
  ])('says so and sends nothing again when the answer %s too early', async (_, finish) => {
    const run = await ask(finish);
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('The answer is incomplete.');
    expect(run.requests).toHaveLength(1);
  });
});

describe('msw.test.js', () => {
  it('passes', async () => {
    const { code, stdout } = await runNode(['--test', '--test-reporter=tap', ...recipe('msw.test.js')]);
    expect(stdout).toContain('# pass 2\n# fail 0\n');
    expect(code).toBe(0);
  });
});

describe('mercure.js', () => {
  it('subscribes to its topics, and carries the last event ID in the query', async () => {
    vi.stubEnv('MERCURE_TOKEN', 'jwt-1');
    onTestFinished(() => void vi.unstubAllEnvs());
    const id = 'urn:uuid:5e94c686-2c0b-4f9b-958c-92ccc3bbb4eb';
    const { url, requests } = await serve((_, response, count) => {
      if (count === 2) return response.writeHead(204).end();
      return response.writeHead(200, eventStream).end(`retry: 1\nid: ${id}\ndata: news\n\n`);
    });
    const { code, stdout } = await runNode(recipe('mercure.js', url));
    expect(stdout).toBe(`${id} news\n`);
    const topics = [
      ['match', 'https://example.com/news'],
      ['match_urlpattern', 'https://example.com/books/:id'],
    ];
    const queries = requests.map((request) => [...new URL(request.url!, url).searchParams]);
    expect(queries).toEqual([topics, [...topics, ['last_event_id', id]]]);
    expect(lastEventIds(requests)).toEqual([undefined, undefined]);
    expect(authorizations(requests)).toEqual(['Bearer jwt-1', 'Bearer jwt-1']);
    expect(code).toBe(0);
  });
});

describe('store-last-event-id.js', () => {
  it('loses and repeats nothing over two processes, the first of which is killed', async () => {
    const file = join(temporaryFolder(), 'last-event-id.txt');
    const { url, requests } = await serve(({ headers }, response) => {
      const last = Number(headers['last-event-id'] ?? 0);
      response.writeHead(200, eventStream);
      for (const id of [last + 1, last + 2, last + 3]) response.write(`id: ${id}\ndata: event\n\n`);
    });
    const stored = () => (existsSync(file) ? readFileSync(file, 'utf8') : '');
    const first = spawnNode(recipe('store-last-event-id.js', url, file));
    await eventually(() => stored() === '3');
    first.kill();
    await eventually(() => first.hasEnded);
    const second = spawnNode(recipe('store-last-event-id.js', url, file));
    await eventually(() => stored() === '6');
    expect(first.stdout + second.stdout).toBe([1, 2, 3, 4, 5, 6].map((id) => `${id} event\n`).join(''));
    expect(lastEventIds(requests)).toEqual([undefined, '3']);
  });
});
