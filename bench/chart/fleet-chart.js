/** The curves of `fleet.js`, as an SVG. */
import { OUTAGE } from '../fleet-model.js';
import { light, render } from './look.js';

/** Requests per second, from where the axis begins: a logarithmic one has no zero. */
const decades = [1000, 10_000, 100_000, 1_000_000];
const second = { scale: 'x', field: 'second' };
/** @param {string} field */
const height = (field) => ({ scale: 'y', signal: `max(1, datum.${field})` });

/** The end of the outage. */
const end = { scale: 'x', value: OUTAGE / 1000 };
const outage = [
  {
    type: 'rule',
    encode: {
      enter: {
        x: end,
        x2: end,
        y: { value: 0 },
        y2: { signal: 'height' },
        stroke: { value: light.label },
        strokeDash: { value: [4, 3] },
      },
    },
  },
  {
    type: 'text',
    encode: {
      enter: {
        x: { ...end, offset: 16 },
        y: { value: 24 },
        baseline: { value: 'top' },
        fill: { value: light.label },
        text: { value: 'the server is back' },
      },
    },
  },
];

/** @param {string} field */
const bars = (field) => ({
  type: 'rect',
  clip: true,
  from: { data: 'curves' },
  encode: {
    enter: {
      x: second,
      x2: { scale: 'x', signal: 'datum.second + 1' },
      y: height(field),
      y2: { scale: 'y', value: 1 },
      fill: { value: light.native },
    },
  },
});

/**
 * @param {string} field
 * @param {string} stroke
 */
const line = (field, stroke) => ({
  type: 'line',
  clip: true,
  from: { data: 'curves' },
  encode: {
    enter: {
      x: second,
      y: height(field),
      interpolate: { value: 'step-after' },
      stroke: { value: stroke },
      strokeWidth: { value: 2 },
    },
  },
});

const axes = [
  {
    scale: 'y',
    orient: 'left',
    title: 'requests per second (logarithmic)',
    titlePadding: 2,
    values: decades,
    format: ',',
    grid: true,
    domain: false,
    ticks: false,
  },
  { scale: 'x', orient: 'bottom', title: 'seconds since the connections broke', tickCount: 12, format: 'd' },
];

/** @typedef {{ label: string, all: number[] }} Curve */

/**
 * Draws three curves: that of browsers as bars, as it is nothing but single seconds, and ours as lines over it.
 *
 * @param {string} title
 * @param {[native: Curve, ours: Curve, spread: Curve]} curves
 * @returns {Promise<string>}
 */
export function draw(title, [native, ours, spread]) {
  const labels = [native, ours, spread].map(({ label }) => label);
  const values = native.all.map((requests, at) => {
    return { second: at, native: requests, ours: ours.all[at], spread: spread.all[at] };
  });
  return render({
    width: 800,
    height: 420,
    autosize: { type: 'fit', contains: 'padding' },
    title: { text: title },
    data: [{ name: 'curves', values }],
    scales: [
      { name: 'x', domain: [0, native.all.length], range: 'width' },
      { name: 'y', type: 'log', domain: [1000, 1_400_000], range: 'height' },
      { name: 'colour', type: 'ordinal', domain: labels, range: [light.native, light.ours, light.other] },
    ],
    axes,
    legends: [{ fill: 'colour' }],
    marks: [bars('native'), ...outage, line('spread', light.other), line('ours', light.ours)],
  });
}
