/** The picture of the connection over the last minute. States differ in height and pattern, not in colour alone. */
import { byId } from './elements.js';
import { stateNames } from './readouts.js';

/**
 * @typedef {import('./journal.js').Journal} Journal
 * @typedef {import('./history.js').State} State
 */

const SPAN = 60_000;
const HEIGHT = 140;
/** Where events per second stand, and the strip below them. Pixels from the top. */
const BARS = { top: 18, bottom: 58 };
const STRIP_BOTTOM = 104;
/** @type {Record<State, number>} */
const heights = { idle: 0, closed: 3, connecting: 12, waiting: 20, open: 36 };

const picture = byId('timeline', SVGSVGElement);
const content = byId('timeline-content', SVGGElement);
const stillness = matchMedia('(prefers-reduced-motion: reduce)');

/**
 * @param {string} name
 * @param {Record<string, string | number>} attributes
 * @param {string} [text]
 */
function shape(name, attributes, text = '') {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, `${value}`);
  element.textContent = text;
  return element;
}

/**
 * @param {Journal} journal
 * @param {number} now
 */
export function drawTimeline(journal, now) {
  const to = stillness.matches ? Math.ceil(now / 1000) * 1000 : now;
  const from = to - SPAN;
  const width = Math.max(200, Math.round(picture.getBoundingClientRect().width));
  picture.setAttribute('viewBox', `0 0 ${width} ${HEIGHT}`);
  /** @param {number} time */
  const x = (time) => ((time - from) / SPAN) * width;
  content.replaceChildren(
    ...axis(width),
    ...bars(journal, { from, to, x, width }),
    ...strip(journal, { from, to, x }),
    ...errorMarks(journal, { from, x }),
  );
  const description = describe(journal, from, to);
  if (picture.getAttribute('aria-label') !== description) picture.setAttribute('aria-label', description);
}

/** @param {number} width */
function axis(width) {
  const step = width < 480 ? 20 : 10;
  const ages = Array.from({ length: 60 / step + 1 }, (_, index) => index * step);
  return ages.flatMap((age) => {
    const at = width - (age / 60) * width;
    const anchor = age === 0 ? 'end' : age === 60 ? 'start' : 'middle';
    return [
      shape('line', { class: 'grid', x1: at, x2: at, y1: BARS.top, y2: STRIP_BOTTOM }),
      shape(
        'text',
        { class: 'label', x: at, y: HEIGHT - 6, 'text-anchor': anchor },
        age === 0 ? 'now' : `${age} s`,
      ),
    ];
  });
}

/**
 * @param {Journal} journal
 * @param {{ from: number, to: number, x: (time: number) => number, width: number }} scale
 */
function bars({ rate }, { from, to, x, width }) {
  const seconds = rate.between(from, to);
  const most = Math.max(1, ...seconds.map(({ count }) => count));
  const room = BARS.bottom - BARS.top;
  const thickness = Math.max(2, width / 60 - 2);
  const drawn = seconds.map(({ time, count }) => {
    const height = Math.max(2, (count / most) * room);
    return shape('rect', {
      class: 'bar',
      x: x(time),
      y: BARS.bottom - height,
      width: thickness,
      height,
      rx: 1,
    });
  });
  if (seconds.length === 0) return drawn;
  return [...drawn, shape('text', { class: 'label', x: 0, y: 11 }, `events per second, up to ${most}`)];
}

/**
 * @param {Journal} journal
 * @param {{ from: number, to: number, x: (time: number) => number }} scale
 */
function strip({ history }, { from, to, x }) {
  return history.segments(from, to).map(({ state, start, end }) => {
    const height = heights[state];
    const box = { x: x(start), y: STRIP_BOTTOM - height, width: Math.max(1.5, x(end) - x(start)), height };
    return shape('rect', { class: `segment ${state}`, ...box });
  });
}

/**
 * @param {Journal} journal
 * @param {{ from: number, x: (time: number) => number }} scale
 */
function errorMarks({ history }, { from, x }) {
  return history
    .errorsSince(from)
    .map((time) => shape('path', { class: 'mark', d: `M${x(time)} ${STRIP_BOTTOM + 2}l4.5 8h-9z` }));
}

/**
 * @param {Journal} journal
 * @param {number} from
 * @param {number} to
 */
function describe({ history }, from, to) {
  /** @type {Map<State, number>} */
  const totals = new Map();
  for (const { state, start, end } of history.segments(from, to))
    totals.set(state, (totals.get(state) ?? 0) + end - start);
  const parts = Array.from(
    totals,
    ([state, time]) => `${stateNames[state].toLowerCase()} for ${Math.round(time / 1000)} s`,
  );
  return `The connection over the last minute: ${parts.join(', ') || 'not connected'}. The list of state changes has the details.`;
}
