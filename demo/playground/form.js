/** The form of the request: what can be pressed when, the demo's streams, and what was wrong with the input. */
import { byId, setText } from './elements.js';
import { HeaderLineError, readSettings } from './settings.js';

/**
 * @typedef {import('./history.js').State} State
 *
 * @typedef {object} Actions
 * @property {(settings: import('./settings.js').Settings) => void} connect throws what the constructor throws
 * @property {() => void} close
 * @property {() => void} reconnect throws where the request may not be sent again
 */

const form = byId('request', HTMLFormElement);
const alert = byId('alert', HTMLElement);
const headersAlert = byId('headers-error', HTMLElement);
const presetNote = byId('preset-note', HTMLElement);
const connectButton = byId('connect', HTMLButtonElement);
const closeButton = byId('close', HTMLButtonElement);
const reconnectButton = byId('reconnect', HTMLButtonElement);
const url = byId('url', HTMLInputElement);
const method = byId('method', HTMLSelectElement);
const headers = byId('headers', HTMLTextAreaElement);
const body = byId('body', HTMLTextAreaElement);

/** @type {Record<string, { note: string, method?: string, body?: string }>} */
const presets = {
  '/sse': { note: 'Ten messages, one a second, then the response ends.' },
  '/feed': { note: 'A log without end, named events and IDs. Cut off every few seconds.' },
  '/private': { note: 'The same, but answers 401 without the header Authorization: Bearer let-me-in' },
  '/chat': { note: 'The answer to a POST, word by word.', method: 'POST', body: '{ "prompt": "Hello" }' },
  '/burst?count=100000': { note: '100,000 events as fast as the connection takes them.' },
};

/** @param {Actions} actions */
export function initForm({ connect, close, reconnect }) {
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (!connectButton.disabled) tryTo(() => connect(readSettings(new FormData(form))));
  });
  closeButton.addEventListener('click', close);
  reconnectButton.addEventListener('click', () => tryTo(reconnect));
  form.addEventListener('input', forgetTrouble);
  for (const button of form.querySelectorAll('[data-preset]')) {
    button.addEventListener('click', () => usePreset(button.getAttribute('data-preset') ?? ''));
  }
}

/** @param {() => void} act what it throws is shown */
function tryTo(act) {
  forgetTrouble();
  try {
    act();
  } catch (error) {
    showTrouble(error);
  }
}

/** @param {string} address */
function usePreset(address) {
  const preset = presets[address];
  if (preset === undefined) return;
  forgetTrouble();
  url.value = address;
  method.value = preset.method ?? 'GET';
  body.value = preset.body ?? '';
  setText(presetNote, preset.note);
}

/** @param {unknown} error */
function showTrouble(error) {
  if (!(error instanceof HeaderLineError)) {
    alert.textContent = error instanceof Error ? error.message : `${error}`;
    return;
  }
  headersAlert.textContent = error.message;
  headers.setAttribute('aria-invalid', 'true');
  headers.focus();
  const lines = headers.value.split('\n');
  const start = lines.slice(0, error.line - 1).join('\n').length + (error.line > 1 ? 1 : 0);
  headers.setSelectionRange(start, start + (lines[error.line - 1] ?? '').length);
}

function forgetTrouble() {
  setText(alert, '');
  setText(headersAlert, '');
  headers.removeAttribute('aria-invalid');
}

/**
 * @param {State} state
 * @param {boolean} isNativeRunning the browser's own source may go on where ours has ended; it has to be closed too
 */
export function showControls(state, isNativeRunning) {
  const isRunning = state !== 'idle' && state !== 'closed';
  const isClosable = isRunning || isNativeRunning;
  // A button that is switched off would take the focus with it.
  const { activeElement } = document;
  connectButton.disabled = isRunning;
  reconnectButton.disabled = !isRunning;
  closeButton.disabled = !isClosable;
  if (activeElement === connectButton && isRunning) closeButton.focus();
  if (activeElement === reconnectButton && !isRunning) connectButton.focus();
  if (activeElement === closeButton && !isClosable) connectButton.focus();
}
