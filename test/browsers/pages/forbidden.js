/** Follows a stream that `connect-src` does not name, and tells the page around this one of two errors and of what was refused. */
const refused = new Set();
addEventListener('securitypolicyviolation', ({ effectiveDirective }) => refused.add(effectiveDirective));

const url = new URLSearchParams(location.search).get('url');
const source = new everysource.EventSource(url, { reconnectionTime: 1, reconnection: { maxDelay: 1 } });
const opens = [];
const errors = [];
source.onopen = ({ type }) => opens.push(type);
source.onerror = ({ reason, message, reconnecting }) => {
  errors.push({ reason, message, reconnecting });
  if (errors.length < 2) return;
  source.close();
  parent.postMessage({ opens, errors, refused: [...refused] }, '*');
};
