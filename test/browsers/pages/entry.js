/** Tells the page around this one what an entry left on the global object, once its class has received an event. */
addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
  parent.postMessage({ error: `refused by the policy: ${violatedDirective} ${blockedURI}` }, '*');
});

const source = new EventSource('/echo?body=data%3Aa%0A%0A&hold');
source.onmessage = ({ data }) => {
  source.close();
  const isOurs = 'fromReadableStream' in EventSource;
  const namespace = Object.keys(globalThis.everysource ?? {}).toSorted();
  parent.postMessage({ data, isOurs, namespace }, '*');
};
