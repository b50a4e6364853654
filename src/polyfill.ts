/** `everysource/polyfill`: everything of `everysource`, and `globalThis.EventSource` where it is missing. */
import { install } from './index.ts';

export * from './index.ts';
export { default } from './index.ts';

install();
