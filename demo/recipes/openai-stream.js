/**
 * The answer of a language model, word by word, from an API like OpenAI's chat completions. It is asked for once and never again
 * by itself, since each request is paid for.
 */
import { eventStream } from 'everysource/stream';

const url = process.argv[2] ?? 'http://127.0.0.1:8080/v1/chat/completions';

const request = {
  method: 'POST',
  headers: {
    'Content-Type': 'application/json',
    Authorization: `Bearer ${process.env.API_KEY ?? 'let-me-in'}`,
  },
  body: JSON.stringify({ model: 'a-model', stream: true, messages: [{ role: 'user', content: 'Hello!' }] }),
};

/** @typedef {{ delta: { content?: string | null }, finish_reason: string | null }} Choice */
/** @type {import('everysource/stream').EventStream<{ choices: Choice[], error?: Error }>} */
const chunks = eventStream(url, { ...request, parse: 'json', until: '[DONE]' });

let reason = 'cut off';
for await (const { data } of chunks) {
  if (data.error) throw new Error(data.error.message);
  process.stdout.write(data.choices[0]?.delta.content ?? '');
  reason = data.choices[0]?.finish_reason ?? reason;
}
// Other than a connection that breaks, a body that ends too early is not an error by itself.
if (reason !== 'stop') throw new Error(`The answer is incomplete: ${reason}`);
