/** The curves of `backpressure.js`, as an SVG: the client's heap above, what the server could write below. */
import { light, render } from './look.js';

const WIDTH = 690;
const PANEL = 170;
const GAP = 34;

const labels = ['EventSource, with a queue', 'eventStream'];
const colour = { scale: 'colour', field: 'label' };

/** @param {string} field */
const line = (field) => ({
  type: 'group',
  from: { facet: { name: 'curve', data: 'samples', groupby: 'label' } },
  marks: [
    {
      type: 'line',
      from: { data: 'curve' },
      encode: {
        enter: {
          x: { scale: 'x', field: 'second' },
          y: { scale: 'y', field },
          stroke: colour,
          strokeWidth: { value: 2 },
        },
      },
    },
  ],
});

/**
 * The last figure of each line, over its end.
 *
 * @param {string} field
 * @param {string} text a signal
 */
const figures = (field, text) => ({
  type: 'text',
  from: { data: 'ends' },
  encode: {
    enter: {
      x: { value: WIDTH },
      y: { scale: 'y', field, offset: -7 },
      align: { value: 'right' },
      fill: colour,
      text: { signal: text },
    },
  },
});

/**
 * @param {object} panel
 * @param {number} panel.top
 * @param {string} panel.field
 * @param {string} panel.title
 * @param {string} panel.figure a signal
 * @param {object[]} panel.axes
 */
const panel = ({ top, field, title, figure, axes }) => ({
  type: 'group',
  encode: { enter: { y: { value: top }, width: { value: WIDTH }, height: { value: PANEL } } },
  scales: [{ name: 'y', domain: { data: 'samples', field }, zero: true, nice: 4, range: [PANEL, 0] }],
  axes: [
    {
      scale: 'y',
      orient: 'left',
      title,
      // The titles of both panels stand in one column.
      titleX: -76,
      tickCount: 4,
      format: ',d',
      grid: true,
      domain: false,
      ticks: false,
    },
    ...axes,
  ],
  marks: [line(field), figures(field, figure)],
});

const seconds = { scale: 'x', orient: 'bottom', tickCount: 12, format: 'd' };

const panels = [
  panel({
    top: 0,
    field: 'heap',
    title: 'heap of the client, MB',
    figure: "format(datum.heap, '.0f') + ' MB'",
    axes: [{ ...seconds, labels: false }],
  }),
  panel({
    top: PANEL + GAP,
    field: 'written',
    title: 'events written by the server',
    figure: "format(datum.written, ',')",
    axes: [{ ...seconds, title: 'seconds since the client started' }],
  }),
];

/** @typedef {{ second: number, heapUsed: number, written: number }} Sample */

/**
 * Draws two lines in each panel.
 *
 * @param {Sample[]} stream
 * @param {Sample[]} queue
 * @returns {Promise<string>}
 */
export function draw(stream, queue) {
  const samples = [queue, stream].map((list, index) =>
    list.map(({ second, heapUsed, written }) => ({
      label: labels[index],
      second,
      heap: heapUsed / 1e6,
      written,
    })),
  );
  const last = Math.max(...samples.flat().map(({ second }) => second));
  return render({
    width: WIDTH,
    height: 2 * PANEL + GAP,
    autosize: 'none',
    padding: { left: 110, right: 16, top: 98, bottom: 58 },
    title: { text: 'A consumer takes 10 ms for each of 1,000,000 events' },
    data: [
      { name: 'samples', values: samples.flat() },
      { name: 'ends', values: samples.map((list) => list.at(-1)) },
    ],
    scales: [
      { name: 'x', domain: [0, last], range: 'width' },
      { name: 'colour', type: 'ordinal', domain: labels, range: [light.other, light.ours] },
    ],
    legends: [{ fill: 'colour' }],
    marks: panels,
  });
}
