/**
 * A POST that is answered by a finite stream, as the interfaces of language models do. It is read to its end and
 * never sent twice, since each request is paid for.
 */
import { EventSource } from 'everysource';

const url = process.argv[2] ?? 'http://127.0.0.1:8080/v1/chat/completions';

const source = new EventSource(url, {
  method: 'POST',
  headers: {
    'Content-Type': 'application/json',
    Authorization: `Bearer ${process.env.API_KEY ?? 'let-me-in'}`,
  },
  body: JSON.stringify({ model: 'a-model', stream: true, messages: [{ role: 'user', content: 'Hello!' }] }),
  // One attempt: whatever ends the stream before its last message is an error, and final.
  reconnection: false,
});

source.onmessage = ({ data }) => {
  if (data === '[DONE]') return source.close();
  return process.stdout.write(JSON.parse(data).choices[0].delta.content ?? '');
};

source.onerror = (event) => {
  if ('message' in event) console.error(`\nThe answer is incomplete. ${event.message}`);
  process.exitCode = 1;
};
