// @ts-nocheck: a script without imports, see suite.js
/** What must hold of `everysource/stream` in every runtime. */
(() => {
  async function all(items) {
    const list = [];
    for await (const item of items) list.push(item);
    return list;
  }

  const failure = (items) =>
    all(items).then(
      () => undefined,
      (error) => error,
    );

  globalThis.everysourceCases.push(
    {
      name: 'iterates over events of any name, and closes with the loop',
      needs: 'eventStream',
      async run({ eventStream, origin }, { equal, address, released }) {
        const body = encodeURIComponent('id: 1\nevent: x\ndata: a\n\ndata: b\n\ndata: c\n\n');
        const list = [];
        for await (const event of eventStream(address(`/echo?hold&body=${body}`))) {
          list.push(event);
          if (event.data === 'b') break;
        }
        const common = { lastEventId: '1', origin };
        equal(
          list,
          [
            { type: 'x', data: 'a', ...common },
            { type: 'message', data: 'b', ...common },
          ],
          'events',
        );
        await released();
      },
    },
    {
      name: 'iterates over reconnections, and loses nothing while it is slow',
      needs: 'eventStream',
      async run({ eventStream }, { equal, address }) {
        const ids = [];
        for await (const { lastEventId } of eventStream(address('/resume'))) {
          ids.push(Number(lastEventId));
          if (ids.length === 6) break;
          await new Promise((resolve) => {
            setTimeout(resolve, 5);
          });
        }
        equal(ids, [1, 2, 3, 4, 5, 6], 'ids');
      },
    },
    {
      name: 'iterates over a response and over a stream, until they end',
      needs: 'eventStream',
      async run({ eventStream }, { equal, address }) {
        const url = address(`/echo?body=${encodeURIComponent('data: 1\n\ndata: 2\n\n')}`);
        const ofResponse = await all(eventStream(await fetch(url), { parse: 'json' }));
        equal(
          ofResponse.map(({ data }) => data),
          [1, 2],
          'of a response',
        );
        const { body } = await fetch(url);
        const batches = await all(eventStream(body).batches());
        equal(
          batches.flat().map(({ data }) => data),
          ['1', '2'],
          'of a stream',
        );
      },
    },
    {
      name: 'ends an iteration at a text, and sends the request of a POST once',
      needs: 'eventStream',
      async run({ eventStream }, { equal, address }) {
        const init = { method: 'POST', body: 'a', headers: { 'Content-Type': 'text/x' } };
        const [event, ...others] = await all(eventStream(address('/body'), init));
        equal([event?.data, others.length], ['POST text/x a', 0], 'the answer');
        const body = encodeURIComponent('data: 1\n\ndata: [DONE]\n\ndata: 3\n\n');
        const until = await all(eventStream(address(`/echo?hold&body=${body}`), { until: '[DONE]' }));
        equal(until.length, 1, 'events before the end');
      },
    },
    {
      name: 'throws what makes an iteration fail, and the reason of a signal',
      needs: 'eventStream',
      async run({ eventStream, EventSourceError }, { equal, address, released }) {
        const refused = await failure(eventStream(address('/echo?status=401')));
        equal(refused instanceof EventSourceError, true, 'class');
        equal([refused.name, refused.reason, refused.status], ['EventSourceError', 'status', 401], 'error');
        const controller = new AbortController();
        const waiting = failure(eventStream(address('/hold'), { signal: controller.signal }));
        setTimeout(() => controller.abort('enough'), 20);
        equal(await waiting, 'enough', 'reason');
        await released();
      },
    },
  );
})();
