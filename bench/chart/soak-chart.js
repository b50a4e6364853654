/** The curves of `soak.js`, as an SVG: heap, RSS, handles and lag of the client below each other, with the events in grey behind them. */
import { CYCLES, CYCLES_OF_WARM_UP, HIGHEST_RATE } from '../soak-plan.js';
import { count, megabytes, percent } from '../soak-report.js';
import { light, render } from './look.js';

const WIDTH = 690;
const PANEL = 110;
const GAP = 46;

/** @typedef {import('../soak-report.js').Row} Row */
/** @typedef {import('../soak-report.js').Flatness} Flatness */

const labels = ['events per second (right)', 'the client', '99th percentile of the lag'];
const colours = [light.native, light.ours, light.other];

/** How many events came, behind everything. */
const band = {
  type: 'area',
  clip: true,
  from: { data: 'rows' },
  encode: {
    enter: {
      x: { scale: 'x', field: 'minute' },
      y: { scale: 'rate', field: 'rate' },
      y2: { scale: 'rate', value: 0 },
      interpolate: { value: 'step-before' },
      fill: { value: light.native },
      fillOpacity: { value: 0.35 },
    },
  },
};

/**
 * @param {string} field
 * @param {string} colour
 */
const line = (field, colour) => ({
  type: 'line',
  clip: true,
  from: { data: 'rows' },
  encode: {
    enter: {
      x: { scale: 'x', field: 'minute' },
      y: { scale: 'y', field },
      defined: { signal: `isValid(datum.${field})` },
      stroke: { value: colour },
      strokeWidth: { value: 1.5 },
    },
  },
});

/** Where the warm-up ends, and the thirds. */
const lines = {
  type: 'rule',
  from: { data: 'borders' },
  encode: {
    enter: {
      x: { scale: 'x', field: 'minute' },
      y: { value: 0 },
      y2: { value: PANEL },
      stroke: { value: light.label },
      strokeDash: { value: [3, 3] },
    },
  },
};

/**
 * The medians that are compared, as lines over the rows that they are of, and how far they lie apart.
 *
 * @param {string} field
 */
const medians = (field) => [
  {
    type: 'rule',
    from: { data: 'thirds' },
    encode: {
      enter: {
        x: { scale: 'x', field: 'from' },
        x2: { scale: 'x', field: 'to' },
        y: { scale: 'y', field },
        stroke: { value: light.ink },
        strokeOpacity: { value: 0.25 },
        strokeWidth: { value: 6 },
      },
    },
  },
  {
    type: 'text',
    from: { data: 'thirds' },
    encode: {
      enter: {
        x: { scale: 'x', signal: '(datum.from + datum.to) / 2' },
        y: { scale: 'y', field, offset: -8 },
        align: { value: 'center' },
        fill: { value: light.ink },
        text: { field: `${field}Text` },
      },
    },
  },
];

const rateAxis = {
  scale: 'rate',
  orient: 'right',
  values: [0, HIGHEST_RATE / 2, HIGHEST_RATE],
  format: ',d',
  domain: false,
  ticks: false,
};

/**
 * @param {number} index
 * @param {{ title: string, scale: object, axis?: object, marks: object[] }} panel
 */
const panel = (index, { title, scale, axis, marks }) => ({
  type: 'group',
  encode: {
    enter: { y: { value: index * (PANEL + GAP) }, width: { value: WIDTH }, height: { value: PANEL } },
  },
  title: { text: title, fontSize: 13, offset: 10, fontWeight: 'normal' },
  scales: [{ name: 'y', range: [PANEL, 0], ...scale }],
  axes: [
    {
      scale: 'y',
      orient: 'left',
      tickCount: 3,
      format: ',d',
      grid: true,
      domain: false,
      ticks: false,
      ...axis,
    },
    {
      scale: 'x',
      orient: 'bottom',
      tickCount: 12,
      format: 'd',
      tickMinStep: 1,
      labels: index === 3,
      ...(index === 3 && { title: 'minutes' }),
    },
    rateAxis,
  ],
  marks: [band, lines, ...marks],
});

/** Powers of ten, from 0.1 up to the first that is not below what is asked for. @param {number} most */
const decadesTo = (most) =>
  Array.from({ length: Math.max(2, Math.ceil(Math.log10(most)) + 2) }, (_, at) => 10 ** (at - 1));

/** From zero, so that what is flat looks flat. @param {string} field */
const fromZero = (field) => ({ domain: { data: 'rows', field }, zero: true, nice: 3 });

/** @param {number[]} decades of the lag's axis */
const panelsOf = (decades) => [
  panel(0, {
    title: 'heap after a collection of garbage, MB',
    scale: fromZero('heap'),
    marks: [...medians('heap'), line('heap', light.ours)],
  }),
  panel(1, {
    title: 'resident set size, MB',
    scale: fromZero('rss'),
    marks: [...medians('rss'), line('rss', light.ours)],
  }),
  panel(2, {
    title: 'handles: sockets and timers',
    scale: fromZero('handles'),
    marks: [...medians('handles'), line('handles', light.ours)],
  }),
  panel(3, {
    title: 'lag of the events, ms (logarithmic)',
    scale: { type: 'log', domain: [decades[0], decades.at(-1)], clamp: true },
    axis: { values: decades, format: ',~g', tickCount: decades.length },
    marks: [line('lag', light.ours), line('lagP99', light.other)],
  }),
];

/**
 * The medians of a third, and what stands over them.
 *
 * @param {Flatness} flatness
 * @param {'early' | 'late'} which
 */
function mediansOf({ heap, rss, handles }, which) {
  const text = (/** @type {string} */ size, /** @type {number} */ change) =>
    which === 'early' ? `median ${size}` : `median ${size} (${percent(change)})`;
  return {
    heap: heap[which] / 1e6,
    heapText: text(`${megabytes(heap[which])} MB`, heap.change),
    rss: rss[which] / 1e6,
    rssText: text(`${megabytes(rss[which])} MB`, rss.change),
    handles: handles[which],
    handlesText: text(count(handles[which]), handles.change),
  };
}

/** What the marks show of a row. */
const shown = (/** @type {Row} */ row) => ({
  minute: row.second / 60,
  rate: row.events / row.duration,
  heap: row.heap / 1e6,
  rss: row.rss / 1e6,
  handles: row.handles,
  lag: row.lag?.median,
  lagP99: row.lag?.p99,
});

/** What the marks are drawn from. @param {number} minutes @param {Row[]} rows @param {Flatness} flatness */
function dataOf(minutes, rows, flatness) {
  const warm = (minutes * CYCLES_OF_WARM_UP) / CYCLES;
  const third = (minutes - warm) / 3;
  const borders = [warm, warm + third, minutes - third];
  return [
    { name: 'rows', values: rows.map(shown) },
    { name: 'borders', values: borders.map((minute) => ({ minute })) },
    {
      name: 'thirds',
      values: [
        { from: warm, to: warm + third, ...mediansOf(flatness, 'early') },
        { from: minutes - third, to: minutes, ...mediansOf(flatness, 'late') },
      ],
    },
  ];
}

/**
 * @param {{ minutes: number, connections: number, seed: number }} run
 * @param {Row[]} rows
 * @param {Flatness} flatness
 * @returns {Promise<string>}
 */
export function draw({ minutes, connections, seed }, rows, flatness) {
  const panels = panelsOf(decadesTo(Math.max(1, ...rows.map(({ lag }) => lag?.p99 ?? 0))));
  const title = `${count(connections)} connections for ${minutes} minutes, seed ${seed}`;
  return render({
    width: WIDTH,
    height: panels.length * (PANEL + GAP) - GAP,
    autosize: 'none',
    padding: { left: 70, right: 70, top: 110, bottom: 58 },
    title: { text: title, offset: 18 },
    data: dataOf(minutes, rows, flatness),
    scales: [
      { name: 'x', domain: [0, minutes], range: 'width' },
      { name: 'rate', domain: [0, HIGHEST_RATE], range: [PANEL, 0] },
      { name: 'colour', type: 'ordinal', domain: labels, range: colours },
    ],
    legends: [{ fill: 'colour', legendY: -64 }],
    marks: panels,
  });
}
