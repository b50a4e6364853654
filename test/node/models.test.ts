/** The APIs of the demo speak like those of language models and of their tools, in what they refuse too. */
import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { handleModels } from '../../demo/models.js';
import { eventStream } from '../../src/stream.ts';
import { eventually } from '../support/eventually.ts';
import { serve } from '../support/server.ts';

const bearer = { authorization: 'Bearer let-me-in' };
const key = { ...bearer, 'x-api-key': 'let-me-in', 'anthropic-version': '2023-06-01' };
const question = [{ role: 'user', content: 'Hello!' }];

const openai = { path: '/v1/chat/completions', body: { model: 'a-model', stream: true, messages: question } };
const anthropic = { path: '/v1/messages', body: { ...openai.body, max_tokens: 1024 } };
const params = {
  name: 'count_words',
  arguments: { text: 'one for each word' },
  _meta: { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' },
};
const mcp = {
  path: '/mcp',
  headers: {
    accept: 'application/json, text/event-stream',
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': 'tools/call',
    'mcp-name': 'count_words',
  },
  body: { jsonrpc: '2.0', id: 1, method: 'tools/call', params },
};

/** The APIs on a server of their own. */
async function serveModels(path: string) {
  const { url } = await serve((request, response) => {
    if (!handleModels(request, response, { interval: 1 })) response.writeHead(404).end();
  });
  return new URL(path, url).href;
}

/** What the server answers to one request; `json` when it is that. */
async function ask(path: string, init: { method?: string; headers?: object; body?: unknown }) {
  const { method = 'POST', headers = {}, body } = init;
  const response = await fetch(await serveModels(path), {
    method,
    headers: { ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const type = response.headers.get('content-type');
  const text = await response.text();
  const json = type === 'application/json' ? (JSON.parse(text) as object) : undefined;
  return { status: response.status, type, text, json, allow: response.headers.get('allow') };
}

/** The events of an answer, to the given one. */
const stream = <Data>(url: string, body: object, until: string | ((data: string) => boolean)) =>
  eventStream<Data>(url, { method: 'POST', headers: key, body: JSON.stringify(body), parse: 'json', until });

const message = expect.any(String) as string;
const openaiError = (code: string) => ({
  error: { type: 'invalid_request_error', code, param: null, message },
});
const anthropicError = (type: string) => ({ type: 'error', error: { type, message } });
const rpcError = (code: number) => ({ jsonrpc: '2.0', error: { code, message } });

describe('the APIs of the demo', () => {
  it('leave alone what is not theirs', () => {
    const response = {} as ServerResponse;
    expect(handleModels({ url: '/feed' } as IncomingMessage, response)).toBe(false);
    expect(response).toEqual({});
  });

  it.each([
    [openai, openaiError('method_not_supported')],
    [anthropic, anthropicError('invalid_request_error')],
    [mcp, rpcError(-32_000)],
  ])('refuse another method than POST: $path', async ({ path }, error) => {
    const { status, json, allow } = await ask(path, { method: 'GET', headers: key });
    expect([status, allow]).toEqual([405, 'POST']);
    expect(json).toMatchObject(error);
  });

  it.each([
    [openai, { authorization: 'Bearer wrong' }, openaiError('invalid_api_key')],
    [openai, {}, openaiError('invalid_api_key')],
    [anthropic, { 'x-api-key': 'wrong' }, anthropicError('authentication_error')],
    [anthropic, {}, anthropicError('authentication_error')],
  ])('refuse a key that is wrong or missing: $path', async ({ path, body }, headers, error) => {
    const { status, json } = await ask(path, { headers, body });
    expect(status).toBe(401);
    expect(json).toMatchObject(error);
  });

  it.each([
    [openai, 'no JSON', openaiError('invalid_json')],
    [openai, '["no object"]', openaiError('invalid_json')],
    [openai, { ...openai.body, stream: false }, openaiError('invalid_request_error')],
    [openai, { ...openai.body, messages: 'Hello!' }, openaiError('invalid_request_error')],
    [anthropic, 'no JSON', anthropicError('invalid_request_error')],
    [anthropic, { ...anthropic.body, max_tokens: undefined }, anthropicError('invalid_request_error')],
    [mcp, 'no JSON', rpcError(-32_700)],
    [mcp, { ...mcp.body, jsonrpc: '1.0' }, rpcError(-32_600)],
  ])('refuse a body that they cannot use: $path', async ({ path }, body, error) => {
    const { status, json } = await ask(path, { headers: { ...key, ...mcp.headers }, body });
    expect(status).toBe(400);
    expect(json).toMatchObject(error);
  });

  it.each([bearer, { 'x-api-key': 'let-me-in' }])(
    'take the Anthropic key in either header',
    async (given) => {
      const headers = { ...given, 'anthropic-version': '2023-06-01' };
      const { status, text } = await ask(anthropic.path, { headers, body: anthropic.body });
      expect(status).toBe(200);
      expect(text).toMatch(/^event: message_start\n.*\nevent: message_stop\ndata: .*\n\n$/s);
    },
  );

  it('want the version of the Anthropic API', async () => {
    const headers = { 'x-api-key': 'let-me-in' };
    const { status, json } = await ask(anthropic.path, { headers, body: anthropic.body });
    expect(status).toBe(400);
    expect(json).toMatchObject({
      error: { message: expect.stringContaining('anthropic-version') as string },
    });
  });

  it.each([
    ['another method', 404, -32_601, { 'mcp-method': 'resources/read' }, { method: 'resources/read' }],
    ['another tool', 400, -32_602, { 'mcp-name': 'add' }, { params: { ...params, name: 'add' } }],
    ['headers that say otherwise', 400, -32_020, { 'mcp-name': 'add' }, {}],
    ['another version', 400, -32_020, { 'mcp-protocol-version': '2025-11-25' }, {}],
    ['a client that takes no stream', 406, -32_000, { accept: 'application/json' }, {}],
  ])('refuse over MCP %s', async (_, status, code, headers, change) => {
    const answered = await ask(mcp.path, {
      headers: { ...mcp.headers, ...headers },
      body: { ...mcp.body, ...change },
    });
    expect(answered.status).toBe(status);
    expect(answered.json).toMatchObject({ id: 1, ...rpcError(code) });
  });

  it('take a notification over MCP without an answer', async () => {
    const body = { jsonrpc: '2.0', method: 'notifications/cancelled' };
    expect(await ask(mcp.path, { headers: mcp.headers, body })).toMatchObject({ status: 202, type: null });
  });

  it('tell nothing of the progress over MCP when they are not asked to', async () => {
    const { status, type, text } = await ask(mcp.path, { headers: mcp.headers, body: mcp.body });
    expect({ status, type }).toEqual({ status: 200, type: 'text/event-stream' });
    expect(text.match(/^data: /gm)).toHaveLength(1);
    expect(JSON.parse(/^data: (.*)$/m.exec(text)![1]!)).toEqual({
      jsonrpc: '2.0',
      id: 1,
      result: { resultType: 'complete', content: [{ type: 'text', text: '4 words' }], isError: false },
    });
  });

  it.each(['server/discover', 'tools/list'])('answer %s over MCP in one piece', async (method) => {
    const headers = { ...mcp.headers, 'mcp-method': method };
    const { status, json } = await ask(mcp.path, { headers, body: { ...mcp.body, method } });
    expect(status).toBe(200);
    expect(json).toMatchObject({ jsonrpc: '2.0', id: 1, result: { resultType: 'complete' } });
  });

  it('tell of the usage in a last chunk when they are asked to', async () => {
    const usages: unknown[] = [];
    const body = { ...openai.body, stream_options: { include_usage: true } };
    const url = await serveModels(openai.path);
    for await (const { data } of stream<{ usage: object | null }>(url, body, '[DONE]'))
      usages.push(data.usage);
    expect(usages.at(-1)).toEqual({ prompt_tokens: 1, completion_tokens: 9, total_tokens: 10 });
    expect(new Set(usages.slice(0, -1))).toEqual(new Set([null]));
  });

  it("answer as OpenAI's responses do, numbered, to the last event", async () => {
    const url = await serveModels('/v1/responses');
    const body = { model: 'a-model', stream: true, input: 'Hello!' };
    const isLast = (data: string) => data.includes('"type":"response.completed"');
    const events: { type: string; data: { sequence_number: number; delta?: string } }[] = [];
    for await (const event of stream<{ sequence_number: number; delta?: string }>(url, body, isLast))
      events.push(event);
    expect(events.map(({ data }) => data.delta ?? '').join('')).toBe('Each word is an event of its own.');
    expect(events.map(({ data }) => data.sequence_number)).toEqual(events.map((_, index) => index));
    expect(events.at(-1)!.type).toBe('response.completed');
  });

  it('stop when the client goes away', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    onTestFinished(() => void vi.useRealTimers());
    const given = { url: openai.path, method: 'POST', headers: key };
    const request = Object.assign(Readable.from([JSON.stringify(openai.body)]), given);
    const write = vi.fn();
    const response = Object.assign(new EventEmitter(), { writeHead: vi.fn(), write, end: vi.fn() });
    handleModels(request as never, response as never, { interval: 10 });
    await eventually(() => response.writeHead.mock.calls.length === 1);
    vi.advanceTimersByTime(25);
    expect(write).toHaveBeenCalledTimes(2);
    response.emit('close');
    vi.advanceTimersByTime(1000);
    expect(write).toHaveBeenCalledTimes(2);
  });
});
