import Default, { EventSource } from './everysource/dist/index.js';
import receive from '../receive.cjs';

const seen = await receive(EventSource, Deno.args[0]);
console.log(JSON.stringify({ seen, isOneClass: Default === EventSource }));
