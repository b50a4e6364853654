// @ts-nocheck: a script without imports, see suite.js
/** What must hold in every runtime and in every kind of global scope. */
(() => {
  globalThis.everysourceCases = [
    {
      name: 'has the constants, the length and the tag of the interface',
      async run({ EventSource, origin }, { equal }) {
        const source = new EventSource(`${origin}/hold`);
        source.close();
        equal([EventSource.CONNECTING, EventSource.OPEN, EventSource.CLOSED], [0, 1, 2], 'constants');
        equal([source.CONNECTING, source.OPEN, source.CLOSED], [0, 1, 2], 'constants of an instance');
        equal(EventSource.length, 1, 'length');
        equal(Object.prototype.toString.call(source), '[object EventSource]', 'tag');
        equal(source instanceof EventTarget, true, 'an event target');
      },
    },
    {
      name: 'opens, and delivers an event once to each kind of listener',
      async run({ EventSourceOpenEvent, origin }, { equal, address, follow, until }) {
        const { source, log, events } = follow(address('/echo?body=id%3A1%0Adata%3Aa%0A%0A&hold'));
        let opened;
        let heard = 0;
        source.addEventListener('open', (event) => (opened = event));
        source.addEventListener('message', () => heard++);
        await until(() => heard > 0, 'an event');
        await new Promise((resolve) => {
          setTimeout(resolve, 20);
        });
        equal([log, heard, source.readyState], [['open', 'a'], 1, 1], 'log');
        const { type, data, lastEventId, origin: from, bubbles, cancelable } = events[0];
        equal([type, data, lastEventId, from], ['message', 'a', '1', origin], 'event');
        equal([bubbles, cancelable], [false, false], 'flags');
        if (globalThis.MessageEvent) equal(events[0] instanceof MessageEvent, true, 'a MessageEvent');
        equal(opened instanceof EventSourceOpenEvent, true, 'open event');
      },
    },
    {
      name: 'opens before the first byte, where fetch shows the response so early',
      async run({ needsByte }, { equal, act, address, follow, untilOpen, until }) {
        const { log } = follow(address('/head'));
        if (needsByte) await untilOpen(1);
        else await until(() => log.length > 0, 'open');
        await act('/write');
        await until(() => log.length > 1, 'an event');
        equal(log, ['open', 'late'], 'log');
      },
    },
    {
      name: 'asks for an event stream that is not stored',
      async run({ ignoresCache }, { equal, address, first }) {
        const event = await first(address('/headers'));
        const {
          accept,
          'cache-control': cacheControl,
          'last-event-id': id,
        } = JSON.parse(event?.data ?? '{}');
        const expected = ignoresCache ? undefined : 'no-cache';
        equal([accept, cacheControl, id], ['text/event-stream', expected, undefined], 'headers');
      },
    },
    {
      name: 'sends custom headers',
      async run(_, { equal, address, first }) {
        const event = await first(address('/headers'), {
          headers: { Authorization: 'Bearer 1', 'X-Trace': 'a' },
        });
        const { authorization, 'x-trace': trace, accept } = JSON.parse(event?.data ?? '{}');
        equal([authorization, trace, accept], ['Bearer 1', 'a', 'text/event-stream'], 'headers');
      },
    },
    {
      name: 'reconnects when the response ends, with the last event ID',
      async run(_, { equal, address, follow, until }) {
        const { source, events, errors } = follow(address('/resume'));
        await until(() => events.length >= 6, 'six events');
        source.close();
        const ids = events.slice(0, 6).map(({ lastEventId }) => lastEventId);
        equal(ids, ['1', '2', '3', '4', '5', '6'], 'ids');
        const { reason, reconnecting, attempt } = errors[0];
        equal([reason, reconnecting, attempt], ['end-of-body', true, 1], 'error');
      },
    },
    {
      name: 'reconnects when the connection is cut, and drops the unfinished event',
      async run(_, { equal, act, address, follow, until }) {
        const { source, log } = follow(address('/cut'));
        await until(() => log.includes('a'), 'the first event');
        await act('/destroy');
        await until(() => log.includes('again'), 'the second response');
        source.close();
        equal(log, ['open', 'a', 'error 0', 'open', 'again'], 'log');
      },
    },
    {
      name: 'sends an ID in Latin-1 as UTF-8',
      async run(_, { equal, address, first }) {
        const event = await first(address('/headers'), { lastEventId: 'é-ÿ' });
        equal(JSON.parse(event?.data ?? '{}').idBytes, 'c3a92dc3bf', 'bytes');
      },
    },
    {
      name: 'sends any other ID as UTF-8, or not at all where the runtime cannot',
      async run({ isWebKit }, { equal, address, first }) {
        const event = await first(address('/headers'), { lastEventId: '☃😀' });
        equal(JSON.parse(event?.data ?? '{}').idBytes, isWebKit ? undefined : 'e29883f09f9880', 'bytes');
      },
    },
    {
      name: 'reconnects after an ID that no header can carry',
      async run(_, { equal, address, follow, until }) {
        const { source, events } = follow(address('/echo?body=retry%3A1%0Aid%3Aa%01b%0Adata%3Ax%0A%0A'));
        await until(() => events.length > 1, 'the second response');
        equal(source.lastEventId, 'a\x01b', 'last event ID');
      },
    },
    {
      name: 'is CLOSED by 204, by an error status and by another content type',
      async run(_, { equal, address, follow, until }) {
        for (const [query, reason, status] of [
          ['status=204', 'status', 204],
          ['status=500', 'status', 500],
          ['type=text/html', 'content-type', 200],
        ]) {
          const { source, errors, log } = follow(address(`/echo?${query}&body=data%3Aa%0A%0A`));
          await until(() => errors.length > 0, `an error for ${query}`);
          const [error] = errors;
          equal([error?.reason, error?.status, error?.reconnecting], [reason, status, false], 'error');
          equal([source.readyState, log], [2, ['error 2']], 'state');
        }
      },
    },
    {
      name: 'follows redirects; events have the final origin',
      async run({ otherOrigin, origin }, { equal, address, follow, until }) {
        const target = encodeURIComponent(address('/echo?body=data%3Aa%0A%0A&hold', otherOrigin));
        const url = address(`/redirect?to=${target}`);
        const { source, events, errors } = follow(url);
        await until(() => events.length > 0 || errors.length > 0, 'an event');
        equal([events[0]?.origin, source.url], [otherOrigin, url], 'origin and url');
        equal(origin === otherOrigin, false, 'two origins');
      },
    },
    {
      name: 'goes on trying when nobody listens',
      async run(_, { equal, follow, until }) {
        const { source, errors } = follow('http://127.0.0.1:2/events', { reconnectionTime: 0 });
        await until(() => errors.length > 1, 'two attempts');
        equal([errors[0]?.reason, source.readyState], ['network', 0], 'error');
      },
    },
    {
      name: 'fails, not at once, for a scheme that fetch does not know',
      async run({ EventSource }, { equal, follow, until }) {
        for (const url of ['ftp://example.com/', 'about:blank', 'file:///etc/hosts']) {
          const { source, errors } = follow(url);
          equal(source.readyState, EventSource.CONNECTING, 'state at first');
          await until(() => errors.length > 0, 'an error');
          equal([errors[0]?.reason, source.readyState], ['unsupported', 2], 'error');
        }
      },
    },
    {
      name: 'throws a SyntaxError for a url that cannot be parsed',
      async run({ EventSource }, { equal }) {
        let name;
        try {
          void new EventSource('http://this is invalid/');
        } catch (error) {
          ({ name } = error);
        }
        equal(name, 'SyntaxError', 'name');
      },
    },
    {
      name: 'shows every event of a chunk to a loop that waits for one at a time',
      async run(_, { equal, address, follow, until }) {
        const { source } = follow(address('/burst'));
        const seen = [];
        const next = () =>
          new Promise((resolve) => {
            source.addEventListener('count', (event) => resolve(event.data), { once: true });
          });
        void (async () => {
          while (source.readyState < 2) seen.push(await next());
        })();
        await until(() => seen.length >= 300, '300 events');
        source.close();
        equal(
          seen,
          Array.from({ length: 300 }, (__, index) => `${index}`),
          'events',
        );
      },
    },
    {
      name: 'takes single bytes, every line end, one BOM and any character',
      async run(_, { equal, address, first }) {
        const text = '\uFEFF: c\r\ndata: 1\rdata: ☃😀\ndata\r\n\r\n';
        const event = await first(address(`/bytes?body=${encodeURIComponent(text)}`));
        equal(event?.data, '1\n☃😀\n', 'data');
      },
    },
    {
      name: 'takes an event of 1 MiB, and gzip event by event',
      async run(_, { equal, address, first }) {
        equal((await first(address('/large')))?.data.length, 1024 * 1024, 'length');
        equal((await first(address('/gzip')))?.data, 'compressed', 'data');
      },
    },
    {
      name: 'close() in a handler ends the request and delivers nothing more',
      async run(_, { equal, address, follow, released, until }) {
        const { source, log } = follow(address('/echo?body=data%3Aa%0A%0Adata%3Ab%0A%0A&hold'));
        source.addEventListener('message', () => source.close());
        await until(() => source.readyState === 2, 'closed');
        await released();
        equal(log, ['open', 'a'], 'log');
      },
    },
    {
      name: 'close() before the response ends the request',
      async run(_, { equal, address, follow, released, untilOpen }) {
        const { source, log } = follow(address('/silent'));
        await untilOpen(1);
        source.close();
        await released();
        equal(log, [], 'log');
      },
    },
    {
      name: 'a refused response is released',
      async run(_, { address, follow, released, until }) {
        const { errors } = follow(address('/echo?type=text/plain&body=data%3Aa%0A%0A&hold'));
        await until(() => errors.length > 0, 'an error');
        await released();
      },
    },
    {
      name: 'an aborted signal closes, silently',
      async run({ EventSource, origin }, { equal, address, follow, released, until }) {
        const controller = new AbortController();
        const { source, log } = follow(address('/hold'), { signal: controller.signal });
        await until(() => log.length > 0, 'open');
        controller.abort();
        equal([source.readyState, log], [2, ['open']], 'state');
        await released();
        const late = new EventSource(`${origin}/hold`, { signal: controller.signal });
        equal(late.readyState, 2, 'state of a source that was aborted before');
      },
    },
    {
      name: 'a custom fetch gets plain headers, which it can spread',
      async run(_, { equal, address, first }) {
        const event = await first(address('/headers'), {
          lastEventId: '7',
          fetch: (url, init) => fetch(url, { ...init, headers: { ...init.headers, 'x-trace': 'b' } }),
        });
        const { accept, 'x-trace': trace, 'last-event-id': id } = JSON.parse(event?.data ?? '{}');
        equal([accept, trace, id], ['text/event-stream', 'b', '7'], 'headers');
      },
    },
    {
      name: 'reconnect() makes the next attempt at once, with the last event ID',
      async run(_, { equal, address, follow, until }) {
        const url = address('/echo?body=id%3A5%0Adata%3Aa%0A%0A&hold&once&then=/headers');
        const { source, events, errors } = follow(url, { reconnectionTime: 1e9 });
        await until(() => events.length === 1, 'an event');
        source.reconnect();
        await until(() => events.length === 2, 'the second response');
        equal(
          [JSON.parse(events[1]?.data ?? '{}')['last-event-id'], errors.length],
          ['5', 0],
          'id and errors',
        );
      },
    },
    {
      name: 'fromReadableStream gives the events of a stream, then one error and CLOSED',
      async run({ EventSource }, { equal, until }) {
        const { body } = new Response('retry: 7\nid: 1\ndata: a\n\ndata: unfinished');
        const source = EventSource.fromReadableStream(body);
        const log = [source.readyState, source.url];
        source.onopen = () => log.push('open');
        source.onmessage = ({ data, origin, lastEventId }) => log.push(data, origin, lastEventId);
        source.onerror = () => log.push('error');
        await until(() => source.readyState === 2, 'closed');
        equal(log, [0, 'about:event-stream', 'open', 'a', 'null', '1', 'error'], 'log');
        equal(source.reconnectionTime, 7, 'reconnection time');
      },
    },
    {
      name: 'resolves a relative url',
      only: 'page',
      async run({ EventSource, origin }, { equal }) {
        const source = new EventSource('/hold?relative');
        source.close();
        equal(source.url, `${origin}/hold?relative`, 'url');
      },
    },
    {
      name: 'sends cookies to its own origin always, to another one withCredentials only',
      only: 'page',
      async run({ otherOrigin }, { equal, address, first }) {
        const cookiesOf = async (event) => /suite=yes/.test(JSON.parse(event?.data ?? '{}').cookie ?? '');
        for (const base of [undefined, otherOrigin]) {
          await fetch(address('/cookie', base), { credentials: 'include' });
        }
        equal(await cookiesOf(await first(address('/headers'))), true, 'own origin');
        equal(await cookiesOf(await first(address('/headers', otherOrigin))), false, 'another origin');
        const withCredentials = await first(address('/headers', otherOrigin), { withCredentials: true });
        equal(await cookiesOf(withCredentials), true, 'another origin, withCredentials');
      },
    },
    {
      name: 'is CLOSED by a CORS refusal, and says what to allow',
      only: 'page',
      async run({ otherOrigin }, { equal, address, follow, until }) {
        const { source, errors } = follow(address('/refused', otherOrigin));
        await until(() => errors.length > 0, 'an error');
        equal([errors[0]?.reason, source.readyState], ['cors', 2], 'error');
        equal(
          /let the server send Access-Control-Allow-Origin/.test(errors[0]?.message ?? ''),
          true,
          'message',
        );
      },
    },
  ];
})();
