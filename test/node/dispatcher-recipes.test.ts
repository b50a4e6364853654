/** The recipes that give `fetch` a dispatcher of undici, each in a process of its own, as it stands. */
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createSecureServer, type Http2SecureServer } from 'node:http2';
import { createServer as createTlsServer } from 'node:https';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { makeCertificates, readCertificate, temporaryFolder } from '../support/certificates.ts';
import { eventually } from '../support/eventually.ts';
import { expectTwoEvents, folder, lastEventIds, recipe, twoEvents } from '../support/recipes.ts';
import { runNode, spawnModule, spawnNode } from '../support/run.ts';
import { eventStream, serve } from '../support/server.ts';

const read = (name: string) => readFileSync(join(folder, name), 'utf8');

/** Starts a server on loopback, or on a socket. Closed when the test is finished. */
async function start(server: Server | Http2SecureServer, path?: string): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => {
    server.listen(path === undefined ? { port: 0, host: '127.0.0.1' } : { path }, resolve);
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return path === undefined ? (server.address() as AddressInfo).port : 0;
}

describe('each recipe with a dispatcher', () => {
  it.each(readdirSync(folder).filter((name) => read(name).includes("from 'undici'")))(
    '%s lets a stream be silent, since the source cannot ask a custom fetch for that',
    (name) => {
      expect(read(name)).toMatch(/dispatcher: new \w+\(\{ .*bodyTimeout: 0 \}\)/);
    },
  );
});

describe('proxy.js', () => {
  it('reaches by way of the proxy a server that cannot be reached otherwise', async () => {
    const feed = twoEvents();
    const target = await start(createServer(feed.listener));
    const connects: IncomingMessage[] = [];
    const proxy = createServer().on('connect', (request, socket: Socket) => {
      connects.push(request);
      const upstream = connect(target, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        socket.pipe(upstream).pipe(socket);
      });
      socket.on('error', () => upstream.destroy());
      upstream.on('error', () => socket.destroy());
    });
    const port = await start(proxy);
    const args = ['http://feed.invalid/feed', `http://user:secret@127.0.0.1:${port}`];
    await expectTwoEvents(spawnNode(recipe('proxy.js', ...args)), feed);
    expect(connects[0]).toMatchObject({ method: 'CONNECT', url: 'feed.invalid:80' });
    expect(connects[0]!.headers['proxy-authorization']).toBe(`Basic ${btoa('user:secret')}`);
    expect(feed.requests[0]!.headers).toMatchObject({ host: 'feed.invalid', accept: 'text/event-stream' });
    expect(feed.requests[0]!.headers).not.toHaveProperty('proxy-authorization');
  });
});

describe('own-ca.js', () => {
  async function serveTls() {
    const feed = twoEvents();
    const { ca, server } = makeCertificates(temporaryFolder());
    const port = await start(createTlsServer(readCertificate(server), feed.listener));
    return { feed, ca, url: `https://127.0.0.1:${port}/feed` };
  }

  it('trusts the authority', async () => {
    const { feed, ca, url } = await serveTls();
    await expectTwoEvents(spawnNode(recipe('own-ca.js', url, ca)), feed);
    expect(feed.requests[0]).toMatchObject({ url: '/feed', socket: { encrypted: true } });
  });

  it('trusts no other authority', async () => {
    const { feed, url } = await serveTls();
    const other = makeCertificates(temporaryFolder());
    const run = spawnNode(recipe('own-ca.js', url, other.ca));
    await eventually(() => run.stderr.includes('The connection failed'));
    expect(run.stdout).toBe('');
    expect(feed.requests).toEqual([]);
  });
});

describe('client-certificate.js', () => {
  it('shows its certificate to a server that admits nobody without one', async () => {
    const feed = twoEvents();
    const { ca, server, client } = makeCertificates(temporaryFolder());
    const options = { ...readCertificate(server), ca: readFileSync(ca), requestCert: true };
    const names: unknown[] = [];
    const listener: typeof feed.listener = (request, response) => {
      names.push((request.socket as TLSSocket).getPeerCertificate().subject.CN);
      return feed.listener(request, response);
    };
    const port = await start(createTlsServer({ ...options, rejectUnauthorized: true }, listener));
    const args = [`https://127.0.0.1:${port}/feed`, client.cert, client.key, ca];
    await expectTwoEvents(spawnNode(recipe('client-certificate.js', ...args)), feed);
    expect(names).toEqual(['client', 'client', 'client']);
  });
});

describe('unix-socket.js', () => {
  it('follows a server that listens on no port', async () => {
    const feed = twoEvents();
    const path = join(temporaryFolder(), 'feed.sock');
    await start(createServer(feed.listener), path);
    await expectTwoEvents(spawnNode(recipe('unix-socket.js', path, 'http://engine/feed')), feed);
    expect(feed.requests[0]).toMatchObject({ url: '/feed', headers: { host: 'engine' } });
  });
});

describe('http2.js', () => {
  it('follows two streams over one connection', async () => {
    const { ca, server } = makeCertificates(temporaryFolder());
    vi.stubEnv('NODE_EXTRA_CA_CERTS', ca);
    onTestFinished(() => void vi.unstubAllEnvs());
    const requests: string[] = [];
    let sessions = 0;
    const http2 = createSecureServer(
      { ...readCertificate(server), allowHTTP1: true },
      (request, response) => {
        requests.push(`${request.httpVersion} ${request.url} ${request.headers['last-event-id']}`);
        if (request.headers['last-event-id'] !== undefined) return response.writeHead(204).end();
        response.writeHead(200, eventStream).write('retry: 1\n\nid: 1\ndata: event\n\n');
        // Both are open at the same time.
        if (requests.length === 2) open.push(response);
        if (requests.length === 2) return open.forEach((each) => each.end());
        return open.push(response);
      },
    );
    const open: { end(): unknown }[] = [];
    http2.on('session', () => sessions++);
    const port = await start(http2);
    const { code, stdout, stderr } = await runNode(recipe('http2.js', `https://localhost:${port}/feed`));
    expect(stdout.split('\n').toSorted(), stderr).toEqual(['', 'news 1 event', 'weather 1 event']);
    expect(requests.toSorted()).toEqual([
      '2.0 /feed?topic=news 1',
      '2.0 /feed?topic=news undefined',
      '2.0 /feed?topic=weather 1',
      '2.0 /feed?topic=weather undefined',
    ]);
    expect(sessions).toBe(1);
    expect(code).toBe(0);
  });
});

describe('body-timeout.js', () => {
  const limitedGlobally = `
    import { EventSource } from 'everysource';
    import { Agent, setGlobalDispatcher } from 'undici';
    setGlobalDispatcher(new Agent({ bodyTimeout: 100 }));
    const source = new EventSource(process.argv[2]);
    source.onmessage = (event) => console.log(event.lastEventId, event.data);
    source.onerror = (event) => console.error(event.message);`;

  it('waits on a silent stream, as a source without a fetch does; the same dispatcher with a time limit ends it', async () => {
    const silent: ServerResponse[] = [];
    const { url, requests } = await serve(({ headers }, response) => {
      if (headers['last-event-id'] === '2') return response.writeHead(204).end();
      silent.push(response);
      return response.writeHead(200, eventStream).write('id: 1\ndata: event 1\n\n');
    });
    const patient = spawnNode(recipe('body-timeout.js', url));
    const withoutFetch = spawnModule(limitedGlobally, 'recipe', url);
    await eventually(() => [patient, withoutFetch].every(({ stdout }) => stdout === '1 event 1\n'));
    const source = read('body-timeout.js');
    const limited = source.replace('bodyTimeout: 0 }', 'bodyTimeout: 100 }');
    expect(limited).not.toBe(source);
    const impatient = spawnModule(limited, 'recipe', url);
    await eventually(() => impatient.stderr !== '');
    expect(impatient.stderr).toMatch(/The connection failed.*let the server send comments/);
    impatient.kill();
    expect(patient.stderr + withoutFetch.stderr).toBe('');
    for (const response of silent.slice(0, 2)) response.end('retry: 1\nid: 2\ndata: event 2\n\n');
    await eventually(() => patient.hasEnded && withoutFetch.hasEnded);
    expect([patient.stdout, withoutFetch.stdout]).toEqual(Array(2).fill('1 event 1\n2 event 2\n'));
    expect(lastEventIds(requests)).toEqual([undefined, undefined, undefined, '2', '2']);
  });
});
