/** The SSE transport of the MCP SDKs, which import `eventsource`, with ours under that name. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type * as V2 from '@modelcontextprotocol/client';
import type * as Auth from '@modelcontextprotocol/sdk/client/auth.js';
import type * as Clients from '@modelcontextprotocol/sdk/client/index.js';
import type * as Sse from '@modelcontextprotocol/sdk/client/sse.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { SSEServerTransport } from '@modelcontextprotocol/sdk/server/sse.js';
import { describe, expect, it, onTestFinished } from 'vitest';
import * as z from 'zod';
import type { EventSource } from 'everysource';
import { eventually } from '../support/eventually.ts';
import { serve } from '../support/server.ts';
import { load, require } from './load.ts';

const sdk = (path: string) => `@modelcontextprotocol/sdk/client/${path}.js`;

/** The same names in all of them. */
type Sdk = Pick<typeof Clients, 'Client'> &
  Pick<typeof Sse, 'SSEClientTransport' | 'SseError'> &
  Pick<typeof Auth, 'UnauthorizedError'>;

/** Gives an expired token until the SDK asks for another because of a 401; or, if it is to be useless, none at all. */
type Provider = (issuer: string, isUseless?: boolean) => { authProvider: unknown; renewals: () => number };

const oauthProvider: Provider = (issuer, isUseless = false) => {
  let renewals = 0;
  let tokens = { access_token: 'expired', token_type: 'Bearer', refresh_token: 'refresh', issuer };
  const authProvider = {
    redirectUrl: 'http://localhost/callback',
    clientMetadata: { redirect_uris: ['http://localhost/callback'] },
    clientInformation: () => ({ client_id: 'client', issuer }),
    tokens: () => (isUseless ? undefined : tokens),
    saveTokens: (fresh: typeof tokens) => {
      renewals++;
      tokens = fresh;
    },
    redirectToAuthorization: () => {},
    saveCodeVerifier: () => {},
    codeVerifier: () => '',
  };
  return { authProvider, renewals: () => renewals };
};

const simpleProvider: Provider = (_, isUseless = false) => {
  let renewals = 0;
  const token = async () => (renewals === 0 ? 'expired' : 'fresh');
  const onUnauthorized = async () => void renewals++;
  return { authProvider: { token, ...(!isUseless && { onUnauthorized }) }, renewals: () => renewals };
};

const sdks: { name: string; provider: Provider; import: () => Promise<Sdk> }[] = [
  {
    name: '@modelcontextprotocol/sdk, imported',
    provider: oauthProvider,
    import: async () => ({
      ...(await load<typeof Clients>(sdk('index'))),
      ...(await load<typeof Sse>(sdk('sse'))),
      ...(await load<typeof Auth>(sdk('auth'))),
    }),
  },
  {
    name: '@modelcontextprotocol/sdk, required',
    provider: oauthProvider,
    import: async () => ({ ...require(sdk('index')), ...require(sdk('sse')), ...require(sdk('auth')) }),
  },
  {
    name: '@modelcontextprotocol/client',
    provider: simpleProvider,
    // Of version 2; close enough to the first for what is used here.
    import: async () => (await load<typeof V2>('@modelcontextprotocol/client')) as unknown as Sdk,
  },
];

/** A server with one tool; `admit` may answer a request itself, and then gives false. */
async function serveTool(
  admit: (request: IncomingMessage, response: ServerResponse) => boolean = () => true,
) {
  const transports = new Map<string, SSEServerTransport>();
  const streams: ServerResponse[] = [];
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const { pathname, searchParams } = new URL(request.url!, 'http://localhost');
    if (!admit(request, response)) return;
    if (pathname === '/messages') {
      await transports.get(searchParams.get('sessionId')!)!.handlePostMessage(request, response);
    } else if (pathname === '/events') {
      const transport = new SSEServerTransport('/messages', response);
      transports.set(transport.sessionId, transport);
      streams.push(response);
      const mcp = new McpServer({ name: 'adder', version: '1.0.0' });
      const inputSchema = { a: z.number(), b: z.number() };
      mcp.registerTool('add', { inputSchema }, ({ a, b }) => ({
        content: [{ type: 'text', text: `${a + b}` }],
      }));
      await mcp.connect(transport);
    } else response.writeHead(404).end();
  };
  const server = await serve((request, response) => void handle(request, response));
  return { ...server, url: new URL(server.url), streams };
}

describe.each(sdks)('$name', async ({ import: importSdk, provider }) => {
  const { Client, SSEClientTransport, SseError, UnauthorizedError } = await importSdk();

  function make(url: URL, options?: object) {
    const transport = new SSEClientTransport(url, options as Sse.SSEClientTransportOptions);
    const client = new Client({ name: 'test', version: '1.0.0' });
    onTestFinished(() => client.close());
    const errors: Error[] = [];
    client.onerror = (error) => errors.push(error);
    const source = () => Reflect.get(transport, '_eventSource') as EventSource;
    return { transport, client, errors, source };
  }

  const sum = { content: [{ type: 'text', text: '5' }] };
  const add = (client: Clients.Client) => client.callTool({ name: 'add', arguments: { a: 2, b: 3 } });

  it('connects, calls a tool and gets the result, and ends the stream', async () => {
    const { url, requests, streams } = await serveTool();
    const { client, transport, errors, source } = make(url, {
      requestInit: { headers: { Authorization: 'Bearer myToken' } },
    });
    await client.connect(transport);
    expect(await add(client)).toEqual(sum);
    expect(source()).toHaveProperty('reconnect');
    expect(source().readyState).toBe(source().OPEN);
    expect(requests[0]!.headers).toMatchObject({
      accept: 'text/event-stream',
      authorization: 'Bearer myToken',
    });
    expect(requests[1]).toMatchObject({ method: 'POST', headers: { authorization: 'Bearer myToken' } });
    expect(streams[0]!.closed).toBe(false);
    await client.close();
    await eventually(() => streams[0]!.closed);
    expect(source().readyState).toBe(source().CLOSED);
    expect(errors).toEqual([]);
  });

  it('passes our requests through its own fetch, and our options to us', async () => {
    const { url, requests } = await serveTool();
    const inits: RequestInit[] = [];
    const { client, transport, source } = make(url, {
      eventSourceInit: {
        withCredentials: true,
        reconnectionTime: 77,
        fetch: (input: string, init: RequestInit) => {
          inits.push(init);
          const headers = { ...Object.fromEntries(new Headers(init.headers)), 'X-Mine': 'yes' };
          return fetch(input, { ...init, headers });
        },
      },
    });
    await client.connect(transport);
    expect(await add(client)).toEqual(sum);
    expect(requests[0]!.headers).toMatchObject({ accept: 'text/event-stream', 'x-mine': 'yes' });
    expect(inits).toHaveLength(1);
    expect(inits[0]).toMatchObject({ mode: 'cors', credentials: 'include', cache: 'no-store' });
    expect(source()).toMatchObject({ withCredentials: true, reconnectionTime: 77 });
    await client.close();
    expect(inits[0]!.signal!.aborted).toBe(true);
  });

  it('takes the code and the message of its error from our event', async () => {
    const { url } = await serveTool((_, response) => {
      response.writeHead(401).end();
      return false;
    });
    const { client, transport, errors, source } = make(url);
    const error = await client.connect(transport).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(SseError);
    const { code, message, event } = error as Sse.SseError;
    expect(code).toBe(401);
    expect(message).toMatch(/^SSE error: Expected status 200, got 401/);
    expect(event).toHaveProperty('reason', 'status');
    expect(errors).toContain(error);
    expect(source().readyState).toBe(source().CLOSED);
  });

  it('says without a code that nobody answers', async () => {
    const { url, server } = await serveTool();
    server.close();
    const { client, transport } = make(url);
    const error = await client.connect(transport).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(SseError);
    const { code, message } = error as Sse.SseError;
    expect(code).toBeUndefined();
    expect(message).toMatch(/^SSE error: The connection failed \(ECONNREFUSED\)/);
  });

  it('asks for another token because of our code 401, and connects with it', async () => {
    const { url, requests } = await serveTool(({ method, url: path, headers }, response) => {
      if (method === 'POST' && path === '/token') {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ access_token: 'fresh', token_type: 'Bearer' }));
      } else if (headers.authorization === 'Bearer fresh' || path !== '/events') return true;
      else response.writeHead(401).end();
      return false;
    });
    const { authProvider, renewals } = provider(new URL('/', url).href);
    const { client, transport } = make(url, { authProvider });
    await client.connect(transport);
    expect(await add(client)).toEqual(sum);
    expect(renewals()).toBe(1);
    const streams = requests.filter(({ url: path }) => path === '/events');
    expect(streams.map(({ headers }) => headers.authorization)).toEqual(['Bearer expired', 'Bearer fresh']);
  });

  it('throws its UnauthorizedError when there is no other token', async () => {
    const { url } = await serveTool((_, response) => {
      response.writeHead(401).end();
      return false;
    });
    const { client, transport } = make(url, {
      authProvider: provider(new URL('/', url).href, true).authProvider,
    });
    await expect(client.connect(transport)).rejects.toBeInstanceOf(UnauthorizedError);
  });

  it('comes back by itself, and calls the tool over the new stream', async () => {
    const { url, streams } = await serveTool();
    const { client, transport, errors, source } = make(url, { eventSourceInit: { reconnectionTime: 1 } });
    await client.connect(transport);
    let endpoints = 0;
    source().addEventListener('endpoint', () => endpoints++);
    streams[0]!.destroy();
    await eventually(() => endpoints === 1);
    expect(await add(client)).toEqual(sum);
    expect(streams).toHaveLength(2);
    expect(errors).toHaveLength(1);
    const { code, event } = errors[0] as Sse.SseError;
    expect(code).toBeUndefined();
    expect(event).toMatchObject({ reason: 'network', reconnecting: true });
  });
});
