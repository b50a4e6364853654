/**
 * `dist/everysource.global.js`, for a script tag and for `importScripts`: `everysource` on the global object, and
 * `EventSource` where it is missing, or everywhere with `<script data-replace>`.
 */
import * as everysource from './index.ts';
import { install } from './install.ts';

Object.defineProperty(globalThis, 'everysource', { value: everysource, writable: true, configurable: true });
install({ force: globalThis.document?.currentScript?.hasAttribute('data-replace') ?? false });
