/** `npm start`: the embedded server, and two sources that follow it. */
import { parseArgs } from 'node:util';
import { follow, verdict } from './follow.js';
import { createDemoServer, listen } from './server.js';

const usage = `npm start -- [options]

  --once          follow until a forced disconnect was survived, then exit: 0 if no event was lost or repeated, else 1
  --serve         only serve
  --port PORT     of the embedded server, or the next free one (default 8080)
  --url ORIGIN    follow another server's /feed and /private instead of the embedded one
  --token TOKEN   of /private (default let-me-in)
  --interval MS   between two events of the embedded server (default 250)
  --limit S       seconds that --once may take (default 60)
  --help
`;

const isColored = process.stdout.isTTY && process.stdout.hasColors();
const colors = { state: 36, event: 0, proof: 32, trouble: 33 };
const marks = { state: '·', event: ' ', proof: '✔', trouble: '!' };

/**
 * @param {string} name
 * @returns {import('./follow.js').Print}
 */
const printer = (name) => (kind, text) => {
  const line = `${name.padEnd(8)} ${marks[kind]} ${text}`;
  console.log(isColored ? `\x1b[${colors[kind]}m${line}\x1b[0m` : line);
};

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        once: { type: 'boolean', default: false },
        serve: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
        port: { type: 'string', default: '8080' },
        interval: { type: 'string', default: '250' },
        limit: { type: 'string', default: '60' },
        token: { type: 'string', default: 'let-me-in' },
        url: { type: 'string' },
      },
    });
    for (const name of /** @type {const} */ (['port', 'interval', 'limit'])) {
      if (!/^\d+$/.test(values[name]))
        throw new TypeError(`--${name} has to be a number, got "${values[name]}"`);
    }
    if (Number(values.port) > 65_535)
      throw new TypeError(`--port has to be at most 65535, got ${values.port}`);
    return values;
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${usage}`);
    return process.exit(2);
  }
}

/** @param {ReturnType<typeof readOptions>} options */
async function main({ once, serve, help, port, url, token, interval, limit }) {
  if (help) return console.log(usage);
  const server = url === undefined ? createDemoServer({ interval: Number(interval), token }) : undefined;
  const origin = server === undefined ? url?.replace(/\/$/, '') : await listen(server, Number(port));
  console.log(`${server === undefined ? 'Following' : 'Serving'} ${origin}/sse, /feed, /private`);
  if (server !== undefined) console.log(`The playground is at ${origin}/`);

  /** @type {ReturnType<typeof follow>[]} */
  const feeds = [];
  const stop = () => {
    for (const { source } of feeds) source.close();
    server?.close();
    server?.closeAllConnections();
    clearTimeout(timer);
    process.off('SIGINT', stop).off('SIGTERM', stop);
    if (!serve) summarize(feeds);
  };
  const onChange = () => {
    if (once && isCycleOver(feeds)) stop();
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  const giveUp = () => {
    console.error(`No disconnect was survived within ${limit} s.`);
    stop();
  };
  const timer = once ? setTimeout(giveUp, Number(limit) * 1000) : undefined;
  if (serve) return undefined;
  const headers = { Authorization: `Bearer ${token}` };
  feeds.push(follow(`${origin}/feed`, { print: printer('feed'), onChange }));
  feeds.push(follow(`${origin}/private`, { print: printer('private'), onChange, headers }));
  return undefined;
}

/** @param {ReturnType<typeof follow>[]} feeds */
function isCycleOver(feeds) {
  return feeds.every(({ account }) => account.isClosed || (account.resumed > 0 && account.sinceResumed >= 3));
}

/** @param {ReturnType<typeof follow>[]} feeds */
function summarize(feeds) {
  console.log('');
  for (const { source, account } of feeds) {
    const { pathname } = new URL(source.url);
    console.log(
      `${pathname}: ${account.events} events, disconnects survived: ${account.resumed}. ${verdict(account)}.`,
    );
    const isSound = account.lost + account.repeated === 0 && !account.isClosed;
    if (!isSound || (options.once && account.resumed === 0)) process.exitCode = 1;
  }
}

// `npm start | head`: whoever read along has gone.
process.stdout.on('error', () => process.exit(0));
const options = readOptions();
await main(options);
