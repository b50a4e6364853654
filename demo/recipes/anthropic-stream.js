/**
 * The answer of a language model, word by word, from an API like Anthropic's messages, which names its events and ends with one
 * that is called `message_stop`. It is asked for once and never again by itself, since each request is paid for.
 */
import { eventStream } from 'everysource/stream';

const url = process.argv[2] ?? 'http://127.0.0.1:8080/v1/messages';

const question = { role: 'user', content: 'Hello!' };
const request = {
  method: 'POST',
  headers: {
    'Content-Type': 'application/json',
    'anthropic-version': '2023-06-01',
    'x-api-key': process.env.API_KEY ?? 'let-me-in',
  },
  body: JSON.stringify({ model: 'a-model', max_tokens: 1024, stream: true, messages: [question] }),
};

/** @typedef {{ text?: string, stop_reason?: string }} Delta */
/** @type {import('everysource/stream').EventStream<{ delta?: Delta, error?: Error }>} */
const events = eventStream(url, {
  ...request,
  parse: 'json',
  until: (_, { type }) => type === 'message_stop',
});

let reason = 'cut off';
for await (const { data } of events) {
  if (data.error) throw new Error(data.error.message);
  process.stdout.write(data.delta?.text ?? '');
  reason = data.delta?.stop_reason ?? reason;
}
// Other than a connection that breaks, a body that ends too early is not an error by itself.
if (reason !== 'end_turn') throw new Error(`The answer is incomplete: ${reason}`);
