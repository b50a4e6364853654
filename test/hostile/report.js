/** The table of what hostile servers did, in Markdown. */

const head = [
  'scenario',
  'the server',
  'ends with',
  'MiB',
  'bound',
  'which is',
  'CPU, s',
  'bound',
  'RSS, MiB',
  'bare',
];

/** @param {import('./run.js').Result} result */
function rowOf({ scenario, bare, clients, bounds }) {
  const { name, does, ends, isReconnecting, heap = 0, because = '–' } = scenario;
  const beside = (/** @type {'heap' | 'cpu'} */ key, /** @type {number} */ digits) =>
    clients.map((report) => (report[key] - bare[key]).toFixed(digits)).join(' · ');
  const end = isReconnecting ? `${ends}, reconnects` : ends;
  const rss = clients.map((report) => report.rss.toFixed(0)).join(' · ');
  return [
    name,
    does,
    end,
    beside('heap', 1),
    `${(bounds.heap - bare.heap).toFixed(0)}`,
    heap > 0 ? `${heap.toFixed(0)}: ${because}` : because,
    beside('cpu', 2),
    (bounds.cpu - bare.cpu).toFixed(1),
    rss,
    bare.rss.toFixed(0),
  ];
}

/** @param {import('./run.js').Result[]} results */
export function tableOf(results) {
  const rows = [head, head.map(() => '---'), ...results.map(rowOf)];
  return rows
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');
}
