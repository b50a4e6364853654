/** The suite in a worker of any kind: a context comes in, results go out. */
importScripts('/everysource.global.js', '/cases.js', '/cases-requests.js', '/cases-stream.js', '/suite.js');

/** `import()` does not exist in a service worker. */
const isServiceWorker = 'clients' in self;
const run = async (context) => {
  const stream = isServiceWorker ? {} : await import('/stream.js');
  return everysourceSuite.run({ ...everysource, ...stream, ...context });
};

addEventListener('connect', ({ ports: [port] }) => {
  port.onmessage = async ({ data }) => port.postMessage(await run(data));
});
addEventListener('message', (event) => {
  const answer = run(event.data).then((results) => (event.ports[0] ?? globalThis).postMessage(results));
  event.waitUntil?.(answer);
});
