/** Runs the suite in the scope that the url names, and tells the results to the page around this one. */
const query = new URLSearchParams(location.search);
const context = {
  origin: location.origin,
  otherOrigin: query.get('otherOrigin'),
  isPage: true,
  isWebKit: /AppleWebKit\/(?!537\.36)/.test(navigator.userAgent),
  ignoresCache: false,
  losesAborts: navigator.userAgent.includes('Firefox') && /shared|service/.test(query.get('scope')),
  needsByte: navigator.userAgent.includes('Firefox'),
};

/** A message port or worker that answers a context with results. */
const ask = (target, port = target) =>
  new Promise((resolve, reject) => {
    port.onmessage = ({ data }) => resolve(data);
    target.onerror = (event) => reject(new Error(`the worker failed: ${event.message}`));
    target.postMessage(context);
  });

async function askServiceWorker() {
  const registration = await navigator.serviceWorker.register('/worker.js');
  const worker = registration.installing ?? registration.waiting ?? registration.active;
  while (worker.state !== 'activated') {
    await new Promise((resolve) => worker.addEventListener('statechange', resolve, { once: true }));
  }
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = ({ data }) => resolve(data);
    worker.postMessage(context, [port2]);
  });
}

const scopes = {
  window: async () => everysourceSuite.run({ ...everysource, ...(await import('/stream.js')), ...context }),
  'dedicated worker': () => ask(new Worker('/worker.js')),
  'shared worker': () => ask(new SharedWorker('/worker.js').port),
  'service worker': askServiceWorker,
};

scopes[query.get('scope')]().then(
  (results) => parent.postMessage({ results }, '*'),
  (error) => parent.postMessage({ error: `${error}` }, '*'),
);
