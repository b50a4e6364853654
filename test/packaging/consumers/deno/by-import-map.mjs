import Default, { EventSource } from 'everysource';
import * as polyfill from 'everysource/polyfill';
import receive from '../receive.cjs';

const seen = await receive(EventSource, Deno.args[0]);
console.log(JSON.stringify({ seen, isOneClass: Default === EventSource && polyfill.default === Default }));
