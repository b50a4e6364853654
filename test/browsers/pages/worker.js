/** The suite in a worker of any kind: a context comes in, results go out. */
importScripts('/everysource.global.js', '/cases.js', '/cases-requests.js', '/suite.js');

const run = (context) => everysourceSuite.run({ ...everysource, ...context });

addEventListener('connect', ({ ports: [port] }) => {
  port.onmessage = async ({ data }) => port.postMessage(await run(data));
});
addEventListener('message', (event) => {
  const answer = run(event.data).then((results) => (event.ports[0] ?? globalThis).postMessage(results));
  event.waitUntil?.(answer);
});
