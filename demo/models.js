/** APIs of language models and of their tools, as clients see them: real in form, made up in what they say. */
import { text } from 'node:stream/consumers';

/**
 * @typedef {import('node:http').IncomingMessage} Request
 * @typedef {import('node:http').ServerResponse} Response
 * @typedef {import('node:http').IncomingHttpHeaders} Headers
 * @typedef {Record<string, any>} Body a JSON object
 * @typedef {{ status: number, code: string | number, message: string, data?: object }} Refusal
 */

/**
 * One API.
 *
 * @typedef {object} Api
 * @property {{ method: string | number, json: string | number }} codes of a wrong method, and of a body that is no JSON
 * @property {(headers: Headers, token: string) => Refusal | undefined} authorize
 * @property {(body: Body, headers: Headers) => Refusal | undefined} check
 * @property {(body: Body) => Blocks | object | undefined} answer blocks of an event stream, or JSON, or nothing at all
 * @property {(refusal: Refusal, body: Body | undefined) => object} error the JSON of a refusal
 */

/** What goes over the wire, one event each. @typedef {string[]} Blocks */

const stream = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-cache',
  'x-accel-buffering': 'no',
};
const words = ['Each', ' word', ' is', ' an', ' event', ' of', ' its', ' own', '.'];

/** @param {unknown} data */
const unnamed = (data) => `data: ${JSON.stringify(data)}\n\n`;
/** An event that is named after the type that its data has. @param {Body} data */
const named = (data) => `event: ${data.type}\n${unnamed(data)}`;

/** @type {(status: number, code: string | number, message: string, data?: object) => Refusal} */
const refusal = (status, code, message, data) => ({ status, code, message, ...(data && { data }) });

/** @param {unknown} value */
const isString = (value) => typeof value === 'string';
/** @param {unknown} value */
const isTrue = (value) => value === true;

/**
 * @param {Body} body
 * @param {Record<string, (value: unknown) => boolean>} fields
 * @returns {Refusal | undefined}
 */
function checkFields(body, fields) {
  const wrong = Object.keys(fields).find((name) => !fields[name]?.(body[name]));
  if (wrong === undefined) return undefined;
  const isStream = wrong === 'stream';
  const message = isStream
    ? 'only streams are made here: "stream" has to be true'
    : `missing or wrong: "${wrong}"`;
  return refusal(400, 'invalid_request_error', message);
}

/** OpenAI's: unnamed chunks, and a last event that is no JSON. @type {Api} */
const chatCompletions = {
  codes: { method: 'method_not_supported', json: 'invalid_json' },
  authorize: ({ authorization }, token) =>
    authorization === `Bearer ${token}`
      ? undefined
      : refusal(401, 'invalid_api_key', 'expected "Authorization: Bearer" with the right key'),
  check: (body) => checkFields(body, { model: isString, messages: Array.isArray, stream: isTrue }),
  answer: ({ model, stream_options: options }) => {
    /** @param {object[]} choices @param {object} [usage] */
    const chunk = (choices, usage) =>
      unnamed({
        id: 'chatcmpl-demo',
        object: 'chat.completion.chunk',
        created: 1_700_000_000,
        model,
        choices,
        ...(options?.include_usage === true && { usage: usage ?? null }),
      });
    /** @param {object} delta @param {'stop' | null} reason */
    const choice = (delta, reason) => chunk([{ index: 0, delta, logprobs: null, finish_reason: reason }]);
    const usage = { prompt_tokens: 1, completion_tokens: words.length, total_tokens: words.length + 1 };
    return [
      choice({ role: 'assistant', content: '' }, null),
      ...words.map((content) => choice({ content }, null)),
      choice({}, 'stop'),
      ...(options?.include_usage === true ? [chunk([], usage)] : []),
      'data: [DONE]\n\n',
    ];
  },
  error: ({ code, message }) => ({ error: { message, type: 'invalid_request_error', param: null, code } }),
};

/** @param {string} content */
const part = (content) => ({ type: 'output_text', text: content, annotations: [] });
/** @param {string} status @param {object[]} content */
const item = (status, content) => ({ id: 'msg_demo', type: 'message', status, role: 'assistant', content });

/** OpenAI's newer one: named events with a number, the last of which holds the whole. @type {Api} */
const responses = {
  ...chatCompletions,
  check: (body) => checkFields(body, { model: isString, stream: isTrue }),
  answer: ({ model }) => {
    const place = { item_id: 'msg_demo', output_index: 0, content_index: 0 };
    /** @param {string} status @param {object[]} output */
    const response = (status, output) => ({ id: 'resp_demo', object: 'response', status, model, output });
    const whole = part(words.join(''));
    const done = item('completed', [whole]);
    const events = [
      { type: 'response.created', response: response('in_progress', []) },
      { type: 'response.in_progress', response: response('in_progress', []) },
      { type: 'response.output_item.added', output_index: 0, item: item('in_progress', []) },
      { type: 'response.content_part.added', ...place, part: part('') },
      ...words.map((delta) => ({ type: 'response.output_text.delta', ...place, delta, logprobs: [] })),
      { type: 'response.output_text.done', ...place, text: whole.text, logprobs: [] },
      { type: 'response.content_part.done', ...place, part: whole },
      { type: 'response.output_item.done', output_index: 0, item: done },
      { type: 'response.completed', response: response('completed', [done]) },
    ];
    return events.map((event, number) => named({ ...event, sequence_number: number }));
  },
};

/** Anthropic's: named events, blocks of content between a start and a stop, now and then a ping. @type {Api} */
const messages = {
  codes: { method: 'invalid_request_error', json: 'invalid_request_error' },
  // Keys come in the first, tokens in the second, and newer versions of the official client send keys there too.
  authorize: (headers, token) =>
    headers['x-api-key'] === token || headers.authorization === `Bearer ${token}`
      ? undefined
      : refusal(401, 'authentication_error', 'expected "x-api-key" or "Authorization" with the right key'),
  check: (body, headers) => {
    const isVersioned = headers['anthropic-version'] !== undefined;
    if (!isVersioned) return refusal(400, 'invalid_request_error', 'missing: "anthropic-version"');
    const fields = { model: isString, max_tokens: Number.isInteger, messages: Array.isArray, stream: isTrue };
    return checkFields(body, fields);
  },
  answer: ({ model }) => {
    const identity = { id: 'msg_demo', type: 'message', role: 'assistant', model, content: [] };
    const unstopped = { stop_reason: null, stop_sequence: null };
    const usage = { input_tokens: 1, output_tokens: 1 };
    return [
      { type: 'message_start', message: { ...identity, ...unstopped, usage } },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      { type: 'ping' },
      ...words.map((word) => ({
        type: 'content_block_delta',
        index: 0,
        delta: { type: 'text_delta', text: word },
      })),
      { type: 'content_block_stop', index: 0 },
      {
        type: 'message_delta',
        delta: { ...unstopped, stop_reason: 'end_turn' },
        usage: { output_tokens: words.length },
      },
      { type: 'message_stop' },
    ].map(named);
  },
  error: ({ code, message }) => ({ type: 'error', error: { type: code, message }, request_id: 'req_demo' }),
};

const version = '2026-07-28';
const versionKey = 'io.modelcontextprotocol/protocolVersion';

const countWords = {
  name: 'count_words',
  description: 'Counts the words of a text, and tells of each.',
  inputSchema: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] },
};

/** What needs no stream. @type {Map<string, object>} */
const results = new Map([
  ['server/discover', { supportedVersions: [version], capabilities: { tools: {} } }],
  ['tools/list', { tools: [countWords] }],
]);

/** MCP's: JSON-RPC, a request of its own for each call, on whose stream the progress comes before the answer. @type {Api} */
const mcp = {
  codes: { method: -32_000, json: -32_700 },
  authorize: () => undefined,
  check: (body, headers) => {
    if (body.jsonrpc !== '2.0' || !isString(body.method))
      return refusal(400, -32_600, 'Invalid Request: expected a JSON-RPC 2.0 request');
    // A notification, which nothing is defined for.
    if (body.id === undefined) return undefined;
    const mismatch = checkMcpHeaders(body, headers);
    if (mismatch !== undefined || results.has(body.method)) return mismatch;
    if (body.method !== 'tools/call') return refusal(404, -32_601, `Method not found: ${body.method}`);
    if (body.params.name !== countWords.name)
      return refusal(400, -32_602, `Unknown tool: ${body.params.name}`);
    if (!isString(body.params.arguments?.text)) return refusal(400, -32_602, 'expected a "text" to count');
    return undefined;
  },
  answer: ({ id, method, params }) => {
    if (id === undefined) return undefined;
    /** @param {object} result */
    const reply = (result) => ({ jsonrpc: '2.0', id, result: { resultType: 'complete', ...result } });
    if (results.has(method)) return reply({ ...results.get(method), ttlMs: 0, cacheScope: 'public' });
    const { arguments: given, _meta: meta } = params;
    /** @type {string[]} */
    const found = given.text.match(/\S+/g) ?? [];
    const progress = found.map((message, index) => ({
      jsonrpc: '2.0',
      method: 'notifications/progress',
      params: { progressToken: meta.progressToken, progress: index + 1, total: found.length, message },
    }));
    const result = reply({ content: [{ type: 'text', text: `${found.length} words` }], isError: false });
    const told = meta.progressToken === undefined ? [] : progress;
    return [...told, result].map((message) => `event: message\n${unnamed(message)}`);
  },
  error: ({ code, message, data }, body) => ({
    jsonrpc: '2.0',
    ...(body?.id !== undefined && { id: body.id }),
    error: { code, message, ...(data !== undefined && { data }) },
  }),
};

/**
 * The headers repeat what the body says, for those in between who do not read it; the two have to agree.
 *
 * @param {Body} body
 * @param {Headers} headers
 * @returns {Refusal | undefined}
 */
function checkMcpHeaders({ method, params }, headers) {
  const { accept = '' } = headers;
  if (!accept.includes('application/json') || !accept.includes('text/event-stream'))
    return refusal(406, -32_000, 'Accept has to list application/json and text/event-stream');
  const { _meta: meta } = params ?? {};
  const requested = meta?.[versionKey];
  const expected = {
    'mcp-protocol-version': requested,
    'mcp-method': method,
    ...(method === 'tools/call' && { 'mcp-name': params?.name }),
  };
  for (const [name, value] of Object.entries(expected)) {
    if (value !== undefined && headers[name] === value) continue;
    const message = `Header mismatch: ${name} has to be what the body says. Supported is version ${version}`;
    return refusal(400, -32_020, message);
  }
  if (requested === version) return undefined;
  const data = { supported: [version], requested };
  return refusal(400, -32_022, 'Unsupported protocol version', data);
}

/** @type {Map<string, Api>} */
const apis = new Map([
  ['/v1/chat/completions', chatCompletions],
  ['/v1/responses', responses],
  ['/v1/messages', messages],
  ['/mcp', mcp],
]);

/**
 * Answers a request to one of the APIs.
 *
 * @param {Request} request
 * @param {Response} response
 * @param {{ interval?: number, token?: string }} [options] `interval`: milliseconds between two events, default 250;
 *   `token`: the key that is wanted, default `let-me-in`
 * @returns {boolean} whether it is one for them; if not, nothing was done
 */
export function handleModels(request, response, { interval = 250, token = 'let-me-in' } = {}) {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  const api = apis.get(pathname);
  if (api === undefined) return false;
  void handle(api, request, response, { interval, token });
  return true;
}

/**
 * @param {Api} api
 * @param {Request} request
 * @param {Response} response
 * @param {{ interval: number, token: string }} options
 */
async function handle(api, request, response, { interval, token }) {
  /** @param {Refusal} reason @param {Body} [body] */
  const refuse = (reason, body) => sendJson(response, reason.status, api.error(reason, body));
  if (request.method !== 'POST') {
    response.setHeader('allow', 'POST');
    return refuse(refusal(405, api.codes.method, 'expected POST'));
  }
  const unauthorized = api.authorize(request.headers, token);
  if (unauthorized !== undefined) return refuse(unauthorized);
  const json = await text(request).catch(() => undefined);
  // The client went away before it had sent all of it.
  if (json === undefined) return response.destroy();
  const body = parse(json);
  if (body === undefined) return refuse(refusal(400, api.codes.json, 'expected a JSON object'));
  const invalid = api.check(body, request.headers);
  if (invalid !== undefined) return refuse(invalid, body);
  const answer = api.answer(body);
  if (answer === undefined) return response.writeHead(202).end();
  return Array.isArray(answer) ? sendBlocks(response, answer, interval) : sendJson(response, 200, answer);
}

/**
 * @param {string} json
 * @returns {Body | undefined}
 */
function parse(json) {
  try {
    const body = JSON.parse(json);
    return typeof body === 'object' && body !== null && !Array.isArray(body) ? body : undefined;
  } catch {
    return undefined;
  }
}

/**
 * @param {Response} response
 * @param {number} status
 * @param {object} body
 */
function sendJson(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/**
 * @param {Response} response
 * @param {Blocks} blocks
 * @param {number} interval
 */
function sendBlocks(response, blocks, interval) {
  response.writeHead(200, stream);
  let sent = 0;
  const timer = setInterval(() => {
    response.write(blocks[sent++]);
    if (sent < blocks.length) return;
    clearInterval(timer);
    response.end();
  }, interval);
  response.on('close', () => clearInterval(timer));
}
