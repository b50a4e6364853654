/** What a page has of the clients, for `browsers.js`. */
import { listen } from './clients.js';

Object.assign(globalThis, { listen });
