/**
 * A test of code that follows a stream, with a server made up by msw. To install: `npm install --save-dev msw`.
 * To run: `node --test`.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { EventSource, install } from 'everysource';
import { http, HttpResponse, sse } from 'msw';
import { setupServer } from 'msw/node';

install(); // `sse` of msw wants to find a global EventSource
const server = setupServer();
server.listen({ onUnhandledRequest: 'error' });
after(() => server.close());

/** What is to be tested: the last price, once there are so many. @param {number} count */
function priceAfter(count) {
  const source = new EventSource('https://shop.example/prices', { reconnectionTime: 0 });
  return new Promise((resolve) => {
    source.onmessage = ({ data }) => {
      if (--count > 0) return;
      source.close();
      resolve(Number(data));
    };
  });
}

test('takes one price after another', async () => {
  const prices = sse('https://shop.example/prices', ({ client }) => {
    for (const price of [10, 12, 11]) client.send({ data: `${price}` });
  });
  server.use(prices);
  assert.equal(await priceAfter(3), 11);
});

test('resumes after the server has cut it off', async () => {
  const prices = http.get('https://shop.example/prices', ({ request }) => {
    const id = Number(request.headers.get('last-event-id')) + 1;
    // Split in the middle of an event, as networks do.
    const chunks = [`id: ${id}\nda`, `ta: ${id * 100}\n\n`].map((text) => new TextEncoder().encode(text));
    const body = new ReadableStream({
      pull: (controller) => {
        const chunk = chunks.shift();
        if (chunk) controller.enqueue(chunk);
        else controller.close();
      },
    });
    return new HttpResponse(body, { headers: { 'content-type': 'text/event-stream' } });
  });
  server.use(prices);
  assert.equal(await priceAfter(3), 300);
});
