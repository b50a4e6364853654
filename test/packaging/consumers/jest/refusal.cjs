/** What a source tells in jsdom, which has neither fetch nor streams. */
module.exports = async ({ EventSource, EventSourceErrorEvent }, init) => {
  const source = new EventSource('http://127.0.0.1/', init);
  const event = await new Promise((resolve) => {
    source.addEventListener('error', resolve, { once: true });
  });
  const { reason, message, reconnecting } = event;
  const isOurs = event instanceof EventSourceErrorEvent && event instanceof Event;
  return { reason, message, reconnecting, isOurs, readyState: source.readyState };
};

module.exports.expected = {
  reason: 'unsupported',
  message: 'This runtime has no fetch: define it (http://127.0.0.1/)',
  reconnecting: false,
  isOurs: true,
  readyState: 2,
};
