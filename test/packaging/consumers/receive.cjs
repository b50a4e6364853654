/** Waits for two events over a reconnection. The class may be of any entry, in any module format. */
module.exports = (EventSource, url) =>
  new Promise((resolve, reject) => {
    const source = new EventSource(url);
    const seen = [];
    source.onerror = (event) => event.reconnecting || reject(new Error(event.message));
    source.onmessage = ({ data }) => {
      seen.push(data);
      if (seen.length < 2) return;
      source.close();
      resolve(seen);
    };
  });
