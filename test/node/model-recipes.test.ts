/** The recipes for the streams of language models and their tools, as they stand, against the APIs of the demo. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { handleModels } from '../../demo/models.js';
import { eventually } from '../support/eventually.ts';
import { recipe } from '../support/recipes.ts';
import { runNode, spawnNode } from '../support/run.ts';
import { serve } from '../support/server.ts';

const answer = 'Each word is an event of its own.';
const progress = 'one\nfor\neach\nword\n';

/** What each has to send and to print. `partial` is what it has printed after `blocksBeforeEnd` events. */
const recipes = [
  {
    name: 'openai-stream.js',
    run: (url: string) => recipe('openai-stream.js', url),
    path: '/v1/chat/completions',
    output: answer,
    headers: { authorization: 'Bearer let-me-in', 'content-type': 'application/json' },
    body: { model: 'a-model', stream: true, messages: [{ role: 'user', content: 'Hello!' }] },
    blocksBeforeEnd: 9,
    partial: answer.slice(0, -1),
    error: 'data: {"error":{"message":"The server is overloaded","type":"server_error"}}\n\n',
  },
  {
    name: 'anthropic-stream.js',
    run: (url: string) => recipe('anthropic-stream.js', url),
    path: '/v1/messages',
    output: answer,
    headers: {
      'x-api-key': 'let-me-in',
      'anthropic-version': '2023-06-01',
      'content-type': 'application/json',
    },
    body: {
      model: 'a-model',
      max_tokens: 1024,
      stream: true,
      messages: [{ role: 'user', content: 'Hello!' }],
    },
    blocksBeforeEnd: 11,
    partial: answer.slice(0, -1),
    error:
      'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"The server is overloaded"}}\n\n',
  },
  {
    name: 'mcp-stream.js',
    run: (url: string) => recipe('mcp-stream.js', url),
    path: '/mcp',
    output: `${progress}4 words\n`,
    headers: {
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      'mcp-name': 'count_words',
    },
    body: {
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: {
        name: 'count_words',
        arguments: { text: 'one for each word' },
        _meta: {
          progressToken: 'progress-1',
          'io.modelcontextprotocol/protocolVersion': '2026-07-28',
          'io.modelcontextprotocol/clientInfo': { name: 'mcp-stream', version: '1.0.0' },
          'io.modelcontextprotocol/clientCapabilities': {},
        },
      },
    },
    blocksBeforeEnd: 4,
    partial: progress,
    error:
      'event: message\ndata: {"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"The server is overloaded"}}\n\n',
  },
];

// Without a key of whoever runs the tests.
beforeEach(() => void vi.stubEnv('API_KEY', undefined));
afterEach(() => void vi.unstubAllEnvs());

type Prepare = (response: ServerResponse, request: IncomingMessage) => void;

/** The APIs on a server of their own; `prepare` may tamper with the response before they get it. */
async function serveModels(path: string, prepare: Prepare = () => {}) {
  const { url, requests } = await serve((request, response) => {
    prepare(response, request);
    if (!handleModels(request, response, { interval: 1 })) response.writeHead(404).end();
  });
  return { url: new URL(path, url).href, requests };
}

/** Lets so many events through; `finish` does the rest, instead of the server. */
function cutAfter(response: ServerResponse, blocks: number, finish: (block: string) => void) {
  const write = response.write.bind(response);
  let written = 0;
  response.write = (block: string) => {
    written++;
    if (written <= blocks) return write(block);
    if (written > blocks + 1) return true;
    finish(block);
    response.end = () => response;
    return true;
  };
}

const cuts: [string, (response: ServerResponse, block: string) => void][] = [
  ['between two events', (response) => response.end()],
  ['within an event', (response, block) => response.end(block.slice(0, -2))],
];

describe.each(recipes)('$name', ({ run, path, output, headers, body, blocksBeforeEnd, partial, error }) => {
  it('prints the answer, of which it asks as the API wants it', async () => {
    const received: Buffer[] = [];
    const { url, requests } = await serveModels(path, (_, request) => {
      request.on('data', (chunk: Buffer) => received.push(chunk));
    });
    expect(await runNode(run(url))).toEqual({ code: 0, stdout: output, stderr: '' });
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({ method: 'POST', url: path, headers });
    expect(JSON.parse(Buffer.concat(received).toString())).toEqual(body);
  });

  it('is over at the end marker, even when the server leaves the connection open', async () => {
    let hasEnded = false;
    let isClosed = false;
    const { url } = await serveModels(path, (response) => {
      response.end = () => {
        hasEnded = true;
        return response;
      };
      response.on('close', () => (isClosed = true));
    });
    expect(await runNode(run(url))).toEqual({ code: 0, stdout: output, stderr: '' });
    expect(hasEnded).toBe(true);
    await eventually(() => isClosed);
  });

  it.each(cuts)('fails, and asks no second time, when the answer ends %s', async (_, cut) => {
    const { url, requests } = await serveModels(path, (response) =>
      cutAfter(response, blocksBeforeEnd, (block) => cut(response, block)),
    );
    const { code, stdout, stderr } = await runNode(run(url));
    expect({ code, stdout }).toEqual({ code: 1, stdout: partial });
    expect(stderr).toContain('Error: The answer is incomplete: cut off');
    expect(requests).toHaveLength(1);
  });

  it('fails, and asks no second time, when the connection breaks', async () => {
    const { url, requests } = await serveModels(path, (response) =>
      cutAfter(response, blocksBeforeEnd, () => response.destroy()),
    );
    const { code, stdout, stderr } = await runNode(run(url));
    expect(code).toBe(1);
    // What was received just before that may be lost with it.
    expect(partial.startsWith(stdout)).toBe(true);
    expect(stderr).toMatch(/EventSourceError: .*reason: 'network'/s);
    expect(requests).toHaveLength(1);
  });

  it('fails with the message of an error that comes in the middle of the answer', async () => {
    const { url } = await serveModels(path, (response) =>
      cutAfter(response, blocksBeforeEnd, () => response.end(error)),
    );
    const { code, stdout, stderr } = await runNode(run(url));
    expect({ code, stdout }).toEqual({ code: 1, stdout: partial });
    expect(stderr).toContain('Error: The server is overloaded');
  });

  it('fails with the status of an answer that is no stream', async () => {
    const { url } = await serve((_, response) =>
      response.writeHead(502, { 'content-type': 'text/html' }).end(),
    );
    const { code, stdout, stderr } = await runNode(run(new URL(path, url).href));
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/EventSourceError: .*502/);
  });

  it('prints each piece when it comes', async () => {
    let held: ServerResponse | undefined;
    const { url } = await serveModels(path, (response) =>
      cutAfter(response, blocksBeforeEnd, () => (held = response)),
    );
    const process = spawnNode(run(url));
    await eventually(() => (held !== undefined && process.stdout === partial) || process.hasEnded);
    expect(process.hasEnded).toBe(false);
    held!.destroy();
    await eventually(() => process.hasEnded);
    expect(process.stdout).toBe(partial);
  });
});

describe('openai-stream.js', () => {
  it('is not confused by a chunk without choices', async () => {
    const { url } = await serveModels('/v1/chat/completions', (response) => {
      const write = response.write.bind(response);
      response.write = (block: string) =>
        write(block.startsWith('data: [DONE]') ? `data: {"choices":[],"usage":{}}\n\n${block}` : block);
    });
    expect(await runNode(recipe('openai-stream.js', url))).toEqual({ code: 0, stdout: answer, stderr: '' });
  });
});

describe('a wrong key', () => {
  it.each(recipes.slice(0, 2))('makes $name fail with the status', async ({ run, path }) => {
    vi.stubEnv('API_KEY', 'wrong');
    const { url } = await serveModels(path);
    const { code, stdout, stderr } = await runNode(run(url));
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/EventSourceError: .*401/);
    expect(stderr).not.toContain('wrong');
  });
});

describe('an answer that was shortened', () => {
  it.each([
    ['openai-stream.js', '"stop"', 'length'],
    ['anthropic-stream.js', '"end_turn"', 'max_tokens'],
  ])('makes %s fail', async (name, whole, shortened) => {
    const { path, run } = recipes.find((entry) => entry.name === name)!;
    const { url } = await serveModels(path, (response) => {
      const write = response.write.bind(response);
      response.write = (block: string) => write(block.replace(whole, `"${shortened}"`));
    });
    const { code, stdout, stderr } = await runNode(run(url));
    expect({ code, stdout }).toEqual({ code: 1, stdout: answer });
    expect(stderr).toContain(`The answer is incomplete: ${shortened}`);
  });
});

describe('mcp-stream.js', () => {
  /** Runs it with a server that answers in JSON. */
  async function answerInJson(status: number, message: object) {
    const headers = { 'content-type': 'application/json; charset=utf-8' };
    const { url } = await serve((_, response) =>
      response.writeHead(status, headers).end(JSON.stringify(message)),
    );
    return runNode(recipe('mcp-stream.js', url));
  }

  it('takes a result in plain JSON too', async () => {
    const result = { resultType: 'complete', content: [{ type: 'text', text: '4 words' }] };
    const run = await answerInJson(200, { jsonrpc: '2.0', id: 1, result });
    expect(run).toEqual({ code: 0, stdout: '4 words\n', stderr: '' });
  });

  it('fails with the message of a refusal', async () => {
    const error = { code: -32_602, message: 'Unknown tool: count_words' };
    const { code, stderr } = await answerInJson(400, { jsonrpc: '2.0', id: 1, error });
    expect(code).toBe(1);
    expect(stderr).toContain('Error: Unknown tool: count_words');
  });

  it('does not take for a result what asks for more', async () => {
    const { code, stderr } = await answerInJson(200, {
      jsonrpc: '2.0',
      id: 1,
      result: { resultType: 'input_required', inputRequests: {} },
    });
    expect(code).toBe(1);
    expect(stderr).toContain('The answer is incomplete: input_required');
  });
});
