/** `npx everysource URL`: the built program, in pipes and in a pseudo-terminal. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { root } from '../support/run.ts';
import { eventStream, serve, type Handler } from '../support/server.ts';

const { bin, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  bin: { everysource: string };
  version: string;
};
const program = join(root, bin.everysource);
// Each of them says something about colours.
const { NO_COLOR: _, FORCE_COLOR: __, CI: ___, ...env } = process.env;

/** A program that runs, what it has printed, and how it ended. */
function start(command: string, args: string[], more: Record<string, string> = {}) {
  // With what it starts itself: a group.
  const child = spawn(command, args, { env: { ...env, TERM: 'xterm-256color', ...more }, detached: true });
  onTestFinished(() => {
    try {
      process.kill(-child.pid!, 'SIGKILL');
    } catch {
      // It has ended, as it should.
    }
  });
  const run = { stdout: '', stderr: '', child, status: Promise.resolve<number | null>(null) };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => (run[name] += text));
  }
  // A program that does not read its input may have gone when it is written.
  child.stdin.on('error', () => {});
  run.status = new Promise((resolve) => {
    child.on('close', resolve);
  });
  return run;
}

const everysource = (...args: string[]) => start(process.execPath, [program, ...args]);

/**
 * The same in a pseudo-terminal, by the `script` of util-linux: both outputs come as one. It starts
 * what SHELL names, and a shell that stays, as dash does, would answer Ctrl-C in our place: `exec`.
 */
function inTerminal(args: string[], more: Record<string, string> = {}) {
  const words = [process.execPath, program, ...args].map((word) => `'${word}'`).join(' ');
  return start('script', ['--quiet', '--return', '--command', `exec ${words}`, '/dev/null'], more);
}

async function ended(run: ReturnType<typeof start>) {
  const status = await run.status;
  return { status, stdout: run.stdout, stderr: run.stderr };
}

const send =
  (text: string): Handler =>
  (_request, response) => {
    response.writeHead(200, eventStream).write(text);
  };

function folder(files: Record<string, string>): string {
  const path = mkdtempSync(join(tmpdir(), 'everysource-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
  return path;
}

describe('in pipes, everysource', () => {
  it('prints data on standard output, news on standard error, and ends with 0', async () => {
    const { url } = await serve(send('event: a\nid: 1\ndata: x\n\ndata: y\n\ndata: [DONE]\n\n'));
    const { status, stdout, stderr } = await ended(everysource(url, '--until', '[DONE]'));
    expect([status, stdout]).toEqual([0, 'a #1 x\nmessage #1 y\n']);
    expect(stderr).toContain(`· connecting to ${url}\n✔ open, status 200\n· 2 events, `);
  });

  it('prints an object a line', async () => {
    const { url } = await serve(send('event: a\nid: 1\ndata: x\ndata: "y"\n\n'));
    const { stdout } = await ended(everysource(url, '--json', '--count', '1'));
    expect(stdout.trimEnd()).not.toContain('\n');
    const origin = new URL(url).origin;
    expect(JSON.parse(stdout)).toEqual({ type: 'a', data: 'x\n"y"', lastEventId: '1', origin });
  });

  it('reconnects after the last event, and says so', async () => {
    const { url, requests } = await serve((_request, response, count) => {
      response.writeHead(200, eventStream).write(`retry: 1\nid: ${count}\ndata: ${count}\n\n`);
      if (count < 3) response.end();
    });
    const { status, stdout, stderr } = await ended(everysource(url, '--raw', '--count', '3'));
    expect([status, stdout]).toEqual([0, '1\n2\n3\n']);
    expect(requests[2]!.headers['last-event-id']).toBe('2');
    expect(stderr).toMatch(
      /· end-of-body: .*\n {2}next attempt in \d+ ms\n.* again, attempt 2, after event #1/,
    );
    expect(stderr).toContain('2 reconnects');
  });

  it('starts after a given event, and waits for what a given status refuses', async () => {
    const { url, requests } = await serve((request, response, count) => {
      if (count === 1) response.writeHead(503, { 'retry-after': '0' }).end();
      else send('data: a\n\n')(request, response, count);
    });
    const run = everysource(url, '--last-event-id', '41', '--retry-status', 'transient', '--count', '1');
    await eventually(() => run.stderr.includes('next attempt in'));
    expect(requests[0]!.headers['last-event-id']).toBe('41');
    expect(run.stderr).toMatch(/status: Expected status 200, got 503/);
  });

  it('sends a POST with data from standard input, a file or a word', async () => {
    const bodies: string[] = [];
    const { url, requests } = await serve(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      bodies.push(body);
      response.writeHead(200, eventStream).end('data: a\n\n');
    });
    const path = folder({ 'body.json': '{"file":1}' });
    const fromInput = everysource(url, '-d', '-', '--raw');
    fromInput.child.stdin.end('from input');
    expect(await ended(fromInput)).toMatchObject({ status: 0, stdout: 'a\n' });
    await ended(everysource(url, '-d', `@${path}/body.json`));
    await ended(everysource(url, '--data', '{"word":1}', '--method', 'PUT'));
    expect(bodies).toEqual(['from input', '{"file":1}', '{"word":1}']);
    expect(requests.map(({ method }) => method)).toEqual(['POST', 'POST', 'PUT']);
    expect(requests[1]!.headers['content-type']).toBe('application/json');
  });

  it('ends quietly when nobody reads any more', async () => {
    const { url } = await serve((_request, response) => {
      response.writeHead(200, eventStream);
      const timer = setInterval(() => response.write('data: a\n\n'), 1);
      response.on('close', () => clearInterval(timer));
    });
    const words = `'${process.execPath}' '${program}' '${url}' --raw; echo "status $?" >&2`;
    const { stdout, stderr } = await ended(start('bash', ['-c', `(${words}) | head -n 2`]));
    expect(stdout).toBe('a\na\n');
    expect(stderr).toBe(`· connecting to ${url}\n✔ open, status 200\nstatus 0\n`);
  });

  it.each(['--help', '--version'])('ends quietly when nobody reads %s', async (option) => {
    const words = `sleep 0.1; '${process.execPath}' '${program}' ${option}; echo "status $?" >&2`;
    const { stderr } = await ended(start('bash', ['-c', `(${words}) | true`]));
    expect(stderr).toBe('status 0\n');
  });

  it('ends with 1 when its output cannot be written, even if it had what it wanted', async () => {
    const { url } = await serve(send('data: a\n\n'));
    for (const more of ['', '--count 1']) {
      const words = `'${process.execPath}' '${program}' '${url}' ${more} > /dev/full`;
      const { status, stderr } = await ended(start('bash', ['-c', words]));
      expect(status).toBe(1);
      expect(stderr).toContain('✘ Cannot write the output (ENOSPC)\n');
    }
  });

  it('does not go on when the reader of its news has gone', async () => {
    const words = `('${process.execPath}' '${program}' http://127.0.0.1:1/ 2>&1; echo done >&2) | head -n 1`;
    const { stdout, stderr } = await ended(start('bash', ['-c', words]));
    expect(stdout).toBe('· connecting to http://127.0.0.1:1/\n');
    expect(stderr).toBe('done\n');
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('sums up and ends with 0 at %s', async (signal) => {
    const { url } = await serve(send('data: a\n\n'));
    const run = everysource(url);
    await eventually(() => run.stdout !== '');
    run.child.kill(signal);
    const { status, stderr } = await ended(run);
    expect(status).toBe(0);
    expect(stderr).toMatch(/· 1 event, 9 B, 0 reconnects in [\d.]+ m?s, [\d.]+ events\/s\n$/);
  });

  it('ends with 1 when the connection fails, at once with --no-reconnect', async () => {
    const { url } = await serve((_request, response) => response.writeHead(401).end());
    const refused = await ended(everysource(url));
    expect(refused).toMatchObject({ status: 1, stdout: '' });
    expect(refused.stderr).toContain(
      '✘ status: Expected status 200, got 401: send credentials with --header (',
    );
    const unreachable = await ended(everysource('http://127.0.0.1:1/', '--no-reconnect'));
    expect(unreachable.status).toBe(1);
    expect(unreachable.stderr).toContain('✘ network: The connection failed');
  });

  it('notices silence', async () => {
    const { url } = await serve(send(': hello\n\n'));
    const { status, stderr } = await ended(everysource(url, '--idle-timeout', '50ms', '--no-reconnect'));
    expect(status).toBe(1);
    expect(stderr).toContain('✘ idle: Silent for --idle-timeout');
  });

  it('ends with 2 at a mistake, with the usage and the mistake', async () => {
    const { status, stdout, stderr } = await ended(everysource('--count', 'many', 'http://127.0.0.1:1/'));
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(
      /^Usage: everysource URL [^]*\n\n✘ --count has to be a whole number of 1 or more\n$/,
    );
  });

  it('gives help and its version on standard output', async () => {
    expect(await ended(everysource('--version'))).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
    const help = await ended(everysource('--help'));
    expect(help).toMatchObject({ status: 0, stderr: '' });
    expect(help.stdout).toMatch(/^Usage: everysource URL/);
  });
});

describe('a secret', () => {
  it('is sent, from a word or a file, and printed nowhere, whatever happens', async () => {
    const { url, requests } = await serve((_request, response, count) => {
      if (count % 2 === 1) response.writeHead(302, { location: `/again?key=secret` }).end();
      else response.writeHead(200, eventStream).end('retry: 1\ndata: a\n\n');
    });
    const path = folder({ token: 'Authorization: Bearer secret-1\nX-Key: secret-2\n' });
    const target = `${url.replace('//', '//user:secret-3@')}?key=secret-4`;
    const { status, stdout, stderr } = await ended(
      everysource(target, '-H', `@${path}/token`, '-H', 'X-Other: secret-5', '--count', '2'),
    );
    expect(status).toBe(0);
    for (const { headers } of requests) {
      expect(headers).toMatchObject({
        authorization: 'Bearer secret-1',
        'x-key': 'secret-2',
        'x-other': 'secret-5',
      });
    }
    expect(requests.length).toBeGreaterThanOrEqual(4);
    expect(stdout + stderr).not.toContain('secret');
  });

  it('is not printed with a mistake', async () => {
    for (const args of [
      ['-H', 'secret'],
      ['-H', 'se(cret: secret'],
      ['--tokn=secret'],
      ['--header Authorization: Bearer secret'],
      ['-d', '@secret'],
      ['-H', '@a: secret'],
    ]) {
      const { status, stdout, stderr } = await ended(everysource('http://127.0.0.1:1/', ...args));
      expect(status).toBe(2);
      expect(stdout + stderr).not.toMatch(/secret|cret$/);
    }
  });
});

describe('in a terminal, everysource', () => {
  it('has colours, and shows control characters instead of obeying them', async () => {
    const { url } = await serve(send('event: a\nid: 1\ndata: x\x1b[2J\x07\n\n'));
    const { status, stdout } = await ended(inTerminal([url, '--count', '1']));
    expect(status).toBe(0);
    expect(stdout).toContain(`\x1b[2m· connecting to ${url}\x1b[0m\r\n\x1b[32m✔ open, status 200\x1b[0m\r\n`);
    expect(stdout).toContain('\x1b[36ma\x1b[0m \x1b[2m#1\x1b[0m x\\u001b[2J\\u0007\r\n');
  });

  it('shows those that a server puts into a header, a status text, an address or a name', async () => {
    const hostile = '\x9b2J\x9b31m';
    const { url } = await serve(({ url: path, headers: { 'last-event-id': id } }, response, count) => {
      if (path === '/events') return void response.writeHead(302, 'Found', { location: `/${hostile}` }).end();
      if (count > 2) return void response.writeHead(200, `OK ${hostile}`, { 'content-type': hostile }).end();
      response.writeHead(200, `OK ${hostile}`, { ...eventStream, 'x-last': `${id}` });
      return void response.end(`retry: 1\nevent: ${hostile}\nid: ${hostile}\ndata: ${hostile}\n\n`);
    });
    const { status, stdout } = await ended(inTerminal([url], { NO_COLOR: '1' }));
    expect(status).toBe(1);
    const shown = hostile.replaceAll('\x9b', '\\u009b');
    expect(stdout).toContain(`${shown} #${shown} ${shown}\r\n`);
    expect(stdout).toContain(`after event #${shown}\r\n`);
    expect(stdout).toContain('at http://127.0.0.1');
    expect(stdout).toContain('got ?2J?31m: check');
    // oxlint-disable-next-line no-control-regex
    expect(stdout).not.toMatch(/(?!\r\n)[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
  });

  it.each([{ NO_COLOR: '1' }, { NO_COLOR: '1', FORCE_COLOR: '1' }, { TERM: 'dumb' }])(
    'has none with %j',
    async (more) => {
      const { url } = await serve(send('data: x\x1b[2J\n\n'));
      const { stdout } = await ended(inTerminal([url, '--count', '1'], more));
      expect(stdout).toContain('message x\\u001b[2J\r\n');
      expect(stdout).not.toContain('\x1b');
    },
  );

  it('has them with an empty NO_COLOR, as the convention says', async () => {
    const { stdout } = await ended(inTerminal(['--json', '--raw'], { NO_COLOR: '' }));
    expect(stdout).toContain('\x1b[31m');
  });

  it('sums up at Ctrl-C', async () => {
    const { url } = await serve(send('data: a\n\n'));
    const run = inTerminal([url]);
    await eventually(() => run.stdout.includes('message'));
    run.child.stdin.write('\x03');
    const { status, stdout } = await ended(run);
    expect(status).toBe(0);
    expect(stdout.replaceAll('\x1b', 'ESC')).toMatch(
      /\^C\rESC\[2m· 1 event, 9 B, 0 reconnects in .* events\/sESC\[0m\r\n$/,
    );
  });

  it('shows a mistake last', async () => {
    const { status, stdout } = await ended(inTerminal(['--json', '--raw', 'a.example']));
    expect(status).toBe(2);
    expect(stdout.endsWith('\x1b[31m✘ --json and --raw exclude each other\x1b[0m\r\n')).toBe(true);
  });
});
