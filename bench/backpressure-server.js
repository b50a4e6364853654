/**
 * The server of `backpressure.js`: it writes numbered events as fast as its socket takes them, and says how far it has come
 * whenever it is asked.
 */
import { createServer } from 'node:http';

const total = Number(process.argv[2]);

/** Events in one write: as many as fill the 16 KiB after which Node asks a writer to wait. */
const PER_CHUNK = 80;

const number = '0'.repeat(`${total}`.length);
const reading = { temperature: 3.4, humidity: 0.81, pressure: 885.2, wind: [12.5, 240] };
const data = JSON.stringify({
  number,
  time: '2026-11-25T12:00:00.000Z',
  station: 'Brocken, at the top',
  unit: 'C',
  ...reading,
});
const event = `id: ${number}\ndata: ${data}\n\n`;
const chunk = Buffer.from(event.repeat(PER_CHUNK));
const places = [event.indexOf(number), event.lastIndexOf(number)];

/**
 * A copy of the prebuilt chunk with the numbers written into it.
 *
 * @param {number} first
 */
function numbered(first) {
  const count = Math.min(PER_CHUNK, total - first + 1);
  const copy = Buffer.from(chunk.subarray(0, count * event.length));
  for (let index = 0; index < count; index++) {
    const digits = `${first + index}`.padStart(number.length, '0');
    for (const place of places) copy.write(digits, index * event.length + place, 'latin1');
  }
  return copy;
}

let written = 0;
/** @type {import('node:http').ServerResponse | undefined} */
let response;

function write() {
  while (written < total) {
    const next = numbered(written + 1);
    written += next.length / event.length;
    if (response?.write(next) === false) return void response.once('drain', write);
  }
  response?.end();
}

const server = createServer((_, answer) => {
  // A client that came again would be one that had lost its place.
  if (response !== undefined) return void answer.writeHead(204).end();
  response = answer.writeHead(200, { 'content-type': 'text/event-stream' });
  write();
});
server.listen(0, '127.0.0.1', () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  process.send?.({ url: `http://127.0.0.1:${port}/events`, eventSize: event.length });
});
process.on('message', () => process.send?.({ written, isHeldUp: response?.writableNeedDrain ?? false }));
process.on('disconnect', () => process.exit());
