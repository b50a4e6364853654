/**
 * One run in a process of its own: `client.js NAME STREAM`. Its CPU time is that of all its threads, from this file's first line
 * on: the import of the client is part of it, the start of the runtime is told apart.
 */
import process from 'node:process';

const milliseconds = ({ user, system } = process.cpuUsage()) => (user + system) / 1000;

const startup = milliseconds();
const startedAt = performance.now();
const { listen } = await import('./clients.js');
const [name, stream = ''] = process.argv.slice(2);
const result = await listen(name, JSON.parse(stream));
const cpu = milliseconds() - startup;
console.log(`result: ${JSON.stringify({ ...result, cpu, wall: performance.now() - startedAt, startup })}`);
process.exit();
