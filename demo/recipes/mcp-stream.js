/**
 * Calls a tool of an MCP server (Streamable HTTP, revision 2026-07-28): the server tells of its progress on the stream, and then
 * gives the result. What it does not want to stream, a refusal above all, it answers in plain JSON, so the response is looked at
 * first.
 */
import { eventStream } from 'everysource/stream';

const url = process.argv[2] ?? 'http://127.0.0.1:8080/mcp';

const version = '2026-07-28';
const call = {
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: {
    name: 'count_words',
    arguments: { text: 'one for each word' },
    _meta: {
      progressToken: 'progress-1',
      'io.modelcontextprotocol/protocolVersion': version,
      'io.modelcontextprotocol/clientInfo': { name: 'mcp-stream', version: '1.0.0' },
      'io.modelcontextprotocol/clientCapabilities': {},
    },
  },
};
const response = await fetch(url, {
  method: 'POST',
  headers: {
    'Content-Type': 'application/json',
    Accept: 'application/json, text/event-stream',
    'MCP-Protocol-Version': version,
    'Mcp-Method': call.method,
    'Mcp-Name': call.params.name,
  },
  body: JSON.stringify(call),
});

/** @typedef {{ resultType?: string, content?: { text?: string }[] }} Result */
/** @typedef {{ params?: { message?: string }, result?: Result, error?: Error }} Message */
/** @type {import('everysource/stream').EventStream<Message> | { data: Message }[]} */
const messages = response.headers.get('content-type')?.startsWith('application/json')
  ? [{ data: await response.json() }]
  : eventStream(response, { parse: 'json', until: (data) => JSON.parse(data).id === call.id });

/** @type {Result | undefined} */
let result;
for await (const { data } of messages) {
  if (data.error) throw new Error(data.error.message);
  if (data.params?.message) console.log(data.params.message);
  result = data.result ?? result;
}
// Other than a connection that breaks, a body that ends too early is not an error by itself.
if (!result?.content) throw new Error(`The answer is incomplete: ${result?.resultType ?? 'cut off'}`);
for (const { text } of result.content) console.log(text);
