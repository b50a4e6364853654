/** The log of numbered events that the server of the fault lab has, and that a client must get, each once. */

const words = ['tick', '春眠不覚暁', '안녕', '\u{1F600}\u{1F680}', '{"price":1.5}', 'ünïcödé', ''];
const lineEnds = ['\n', '\n', '\r\n', '\r'];

/** The data of an event: one to three lines. */
export function dataOf(/** @type {number} */ id) {
  const line = `${id} ${words[id % words.length]}`;
  return Array.from({ length: 1 + (id % 11 === 0 ? 2 : 0) }, () => line).join('\n');
}

/** The block of an event, with what a server may say around it. */
export function blockOf(/** @type {number} */ id) {
  const lines = [
    `id: ${id}`,
    ...dataOf(id)
      .split('\n')
      .map((line) => `data: ${line}`),
    '',
  ];
  if (id % 13 === 0) lines.unshift(': keep-alive');
  if (id % 17 === 0) lines.unshift('retry: 1', 'unknown: field');
  return lines.map((line) => line + lineEnds[id % lineEnds.length]).join('');
}
