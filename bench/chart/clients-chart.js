/** The bars of `run.js`, as an SVG: one panel for each workload, one row for each client. */
import { REFERENCE } from '../targets.js';
import { light, render } from './look.js';

const ROW = 22;
const PANEL = 96;
const GAP = 14;
/** Room for the figure behind the longest bar. */
const FIGURE = 34;

/**
 * @typedef {object} Bar
 * @property {string} client
 * @property {'ours' | 'peer' | 'limit'} kind
 * @property {string} workload
 * @property {number} multiple `NaN` if it was not measured
 */

const labels = { ours: 'everysource', peer: 'other clients', limit: 'limits, without events' };
const colours = [light.ours, light.native, light.other];

/** Each panel has a scale of its own: what a limit is worth differs from one workload to the next. */
const panel = {
  type: 'group',
  from: { facet: { name: 'panel', data: 'bars', groupby: 'workload' } },
  encode: {
    enter: {
      x: { scale: 'column', field: 'workload' },
      width: { value: PANEL },
      height: { signal: 'height' },
    },
  },
  data: [
    {
      name: 'extent',
      source: 'panel',
      transform: [{ type: 'aggregate', fields: ['multiple'], ops: ['max'], as: ['most'] }],
    },
  ],
  scales: [{ name: 'x', domain: [0, { signal: "data('extent')[0].most" }], range: [0, PANEL - FIGURE] }],
  title: { text: { signal: 'parent.workload' }, anchor: 'start', fontSize: 13, offset: 8 },
  marks: [
    {
      type: 'rule',
      encode: {
        enter: {
          x: { scale: 'x', value: 1 },
          y: { value: 0 },
          y2: { signal: 'height' },
          stroke: { value: light.grid },
          strokeWidth: { value: 2 },
        },
      },
    },
    {
      type: 'rect',
      from: { data: 'panel' },
      encode: {
        enter: {
          y: { scale: 'row', field: 'client', offset: 3 },
          height: { value: ROW - 6 },
          x: { scale: 'x', value: 0 },
          x2: { scale: 'x', field: 'multiple' },
          fill: { scale: 'colour', field: 'label' },
        },
      },
    },
    {
      type: 'text',
      from: { data: 'panel' },
      encode: {
        enter: {
          y: { scale: 'row', field: 'client', band: 0.5 },
          x: { scale: 'x', field: 'multiple', offset: 4 },
          baseline: { value: 'middle' },
          fill: { value: light.label },
          text: { field: 'figure' },
        },
      },
    },
  ],
};

/**
 * Draws the multiples.
 *
 * @param {string} runtime
 * @param {Bar[]} bars
 * @returns {Promise<string>}
 */
export function draw(runtime, bars) {
  const values = bars.map(({ client, kind, workload, multiple }) => {
    const isThere = Number.isFinite(multiple);
    const figure = isThere ? multiple.toFixed(multiple < 10 ? 1 : 0) : 'fails';
    return { client, workload, label: labels[kind], multiple: isThere ? multiple : 0, figure };
  });
  const rows = [...new Set(values.map(({ client }) => client))];
  const columns = [...new Set(values.map(({ workload }) => workload))];
  return render({
    width: columns.length * (PANEL + GAP) - GAP,
    height: rows.length * ROW,
    autosize: 'none',
    padding: { left: 150, right: 16, top: 118, bottom: 16 },
    title: { text: `Speed, as a multiple of that of ${REFERENCE} (${runtime})`, offset: 16 },
    data: [{ name: 'bars', values }],
    scales: [
      { name: 'row', type: 'band', domain: rows, range: 'height' },
      { name: 'column', type: 'point', domain: columns, range: [0, (columns.length - 1) * (PANEL + GAP)] },
      { name: 'colour', type: 'ordinal', domain: Object.values(labels), range: colours },
    ],
    axes: [{ scale: 'row', orient: 'left', domain: false, ticks: false, labelLimit: 0 }],
    legends: [{ fill: 'colour', legendY: -64 }],
    marks: [panel],
  });
}
