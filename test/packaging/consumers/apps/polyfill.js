import 'everysource/polyfill';

console.log(globalThis.EventSource?.name);
