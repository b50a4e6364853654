/**
 * Keeps the last event ID in a file, so that the next process goes on where this one stopped, crashed or was killed.
 * Arguments: the url, and the file.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { EventSource } from 'everysource';

const [url = 'http://127.0.0.1:8080/feed', file = 'last-event-id.txt'] = process.argv.slice(2);

const lastEventId = existsSync(file) ? readFileSync(file, 'utf8') : '';

const source = new EventSource(url, { lastEventId });

source.onmessage = (event) => {
  console.log(event.lastEventId, event.data);
  // After the event is handled: when the process is killed in between, it comes again instead of being lost.
  // Renamed, so that the file is never half written.
  writeFileSync(`${file}.new`, event.lastEventId);
  renameSync(`${file}.new`, file);
};
source.onerror = (event) => 'message' in event && console.error(event.message);
