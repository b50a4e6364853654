// @ts-nocheck: a script without imports, see suite.js
/** More cases, about requests: what the caller gives, and where it must not go. */
(() => {
  globalThis.everysourceCases.push(
    {
      name: 'answers a 401 with a new token, on the same object and with the last event ID',
      async run(_, { equal, address, follow, until }) {
        const told = [];
        const { source, events } = follow(address('/token'), {
          reconnection: { statuses: [401] },
          async headers({ attempt, lastEventId, reason, status }) {
            told.push([attempt, lastEventId, reason, status]);
            return { Authorization: status === 401 ? 'Bearer second' : 'Bearer first' };
          },
        });
        await until(() => events.length > 1, 'an event of the second response');
        source.close();
        const ids = events.map(({ data }) => data);
        equal(ids, ['Bearer first ', 'Bearer second 1'], 'tokens and last event IDs');
        equal(
          told.slice(1),
          [
            [2, '1', 'end-of-body', undefined],
            [3, '1', 'status', 401],
          ],
          'what the function was told',
        );
      },
    },
    {
      name: 'sends a POST with its body, and not again',
      async run(_, { equal, address, follow, until }) {
        const init = { method: 'POST', body: '{"a":1}', headers: { 'Content-Type': 'application/json' } };
        const { source, log, errors } = follow(address('/body'), init);
        await until(() => errors.length > 0, 'an error');
        equal(log, ['open', 'POST application/json {"a":1}', 'error 2'], 'log');
        equal([source.readyState, errors[0]?.reason], [2, 'end-of-body'], 'state');
      },
    },
    {
      name: 'keeps headers to their origin when redirected, wherever redirects are ours to follow',
      async run({ otherOrigin }, { equal, address, first }) {
        const headers = { Authorization: 'Bearer 1', 'X-Api-Key': 'k' };
        const sent = async (base) => {
          const to = encodeURIComponent(address('/headers', base));
          const event = await first(address(`/redirect?to=${to}`), { headers });
          const { authorization, 'x-api-key': key, accept } = JSON.parse(event?.data ?? '{}');
          return [authorization, key, accept];
        };
        equal(await sent(), ['Bearer 1', 'k', 'text/event-stream'], 'own origin');
        // In a page fetch follows redirects, out of sight; it drops Authorization only.
        if (globalThis.location === undefined)
          equal(await sent(otherOrigin), [undefined, undefined, 'text/event-stream'], 'another origin');
      },
    },
    {
      name: 'sends a user and a password of the url as Basic',
      async run({ origin }, { equal, address, first }) {
        const url = address('/headers', origin.replace('//', '//me:s%C3%A9cret@'));
        const event = await first(url, { withCredentials: true });
        const { authorization } = JSON.parse(event?.data ?? '{}');
        equal(authorization, 'Basic bWU6c8OpY3JldA==', 'authorization');
      },
    },
    {
      name: 'is CLOSED by a refusal of its headers, and names those to allow',
      only: 'page',
      async run({ otherOrigin }, { equal, address, follow, until }) {
        const init = { lastEventId: '7', headers: { 'X-Trace': 'secret' } };
        const { source, errors } = follow(address('/strict', otherOrigin), init);
        await until(() => errors.length > 0, 'an error');
        equal([errors[0]?.reason, source.readyState], ['cors', 2], 'error');
        const { message } = errors[0];
        equal(/Access-Control-Allow-Headers: Last-Event-ID, x-trace/.test(message), true, message);
        equal(/"lastEventIdParameter"/.test(message), true, message);
        equal(/secret/.test(message), false, message);
        const parameter = { lastEventId: '7', lastEventIdParameter: 'id' };
        const other = follow(address('/strict', otherOrigin), parameter);
        await until(() => other.events.length > 0, 'an event without a preflight');
      },
    },
    {
      name: 'fails at a redirect that is forbidden',
      async run(_, { equal, address, follow, until }) {
        const to = encodeURIComponent(address('/headers'));
        const { source, errors } = follow(address(`/redirect?to=${to}`), { redirect: 'error' });
        await until(() => errors.length > 0, 'an error');
        equal([source.readyState, errors[0]?.reason], [2, 'redirect'], 'error');
      },
    },
    {
      name: 'sends the last event ID as a query parameter',
      async run(_, { equal, address, first }) {
        const init = { lastEventId: '☃ 1', lastEventIdParameter: 'lastEventID' };
        const event = await first(address('/headers'), init);
        const { 'last-event-id': header, query } = JSON.parse(event?.data ?? '{}');
        equal([header, query?.lastEventID], [undefined, '☃ 1'], 'id');
      },
    },
    {
      name: 'reconnects when nothing has come for idleTimeout',
      async run(_, { equal, address, follow, until }) {
        const { errors, log } = follow(address('/hold'), { idleTimeout: 50 });
        await until(() => log.filter((entry) => entry === 'open').length > 1, 'the second response');
        equal([errors[0]?.reason, errors[0]?.reconnecting], ['idle', true], 'error');
      },
    },
    {
      name: 'shows comments',
      async run(_, { equal, address, follow, until }) {
        const comments = [];
        const onComment = (comment) => comments.push(comment);
        const { log } = follow(address('/echo?body=%3Aone%0Adata%3Aa%0A%3A%20two%0A%0A&hold'), { onComment });
        await until(() => log.includes('a'), 'an event');
        equal(comments, ['one', 'two'], 'comments');
      },
    },
    {
      name: 'reconnects when no response has come for connectTimeout',
      async run(_, { equal, address, follow, until }) {
        const { errors } = follow(address('/silent'), { connectTimeout: 50 });
        await until(() => errors.length > 1, 'two errors');
        equal([errors[0]?.reason, errors[0]?.reconnecting], ['connect-timeout', true], 'error');
      },
    },
    {
      name: 'waits for Retry-After, and gives up after maxAttempts',
      async run(_, { equal, address, follow, until }) {
        const url = address('/echo?status=503&retry-after=0&body=');
        const { source, errors } = follow(url, { reconnection: { statuses: 'transient', maxAttempts: 2 } });
        await until(() => errors.length > 1, 'two errors');
        equal(
          errors.map(({ reason, status, attempt }) => [reason, status, attempt]),
          [
            ['status', 503, 1],
            ['attempts', 503, 2],
          ],
          'errors',
        );
        equal(source.readyState, 2, 'state');
      },
    },
  );
})();
