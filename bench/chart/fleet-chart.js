/** The curves of `fleet.js`, as an SVG that is legible in light and in dark surroundings. */
import { View, parse } from 'vega';
import { OUTAGE } from '../fleet-model.js';

/** Each colour in light and in dark. A style sheet finds the light ones by their value, so each value is there once. */
const palette = {
  paper: ['#ffffff', '#0d1117'],
  ink: ['#1f2328', '#f0f6fc'],
  label: ['#59636e', '#9198a1'],
  grid: ['#d8dee4', '#262c36'],
  native: ['#b6bec7', '#656c76'],
  ours: ['#0969da', '#4493f8'],
  spread: ['#bc4c00', '#f0883e'],
};
/** @typedef {keyof typeof palette} Colour */
const light = /** @type {Record<Colour, string>} */ (
  Object.fromEntries(Object.entries(palette).map(([name, [value]]) => [name, value]))
);
const darkRules = Object.values(palette).map(
  ([value, dark]) => `[fill="${value}"]{fill:${dark}}[stroke="${value}"]{stroke:${dark}}`,
);
const style = `<style>@media (prefers-color-scheme: dark) {${darkRules.join('')}}</style>`;

const font = 'system-ui, sans-serif';

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

const config = {
  text: { font, fontSize: 12 },
  title: { font, fontSize: 15, color: light.ink, anchor: 'start', frame: 'group', offset: 40 },
  axis: {
    domainColor: light.label,
    tickColor: light.label,
    gridColor: light.grid,
    labelFont: font,
    labelFontSize: 12,
    labelColor: light.label,
    labelPadding: 6,
    titleFont: font,
    titleFontSize: 12,
    titleFontWeight: 'normal',
    titleColor: light.label,
    titlePadding: 10,
  },
  legend: {
    labelFont: font,
    labelFontSize: 13,
    labelColor: light.ink,
    labelLimit: 0,
    symbolType: 'square',
    symbolSize: 120,
    symbolStrokeWidth: 0,
    orient: 'none',
    legendX: 0,
    legendY: -34,
    direction: 'horizontal',
    columnPadding: 24,
    gridAlign: 'none',
  },
};

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
export async function draw(title, [native, ours, spread]) {
  const labels = [native, ours, spread].map(({ label }) => label);
  const values = native.all.map((requests, at) => {
    return { second: at, native: requests, ours: ours.all[at], spread: spread.all[at] };
  });
  const spec = {
    width: 800,
    height: 420,
    autosize: { type: 'fit', contains: 'padding' },
    padding: 16,
    background: light.paper,
    title: { text: title },
    config,
    data: [{ name: 'curves', values }],
    scales: [
      { name: 'x', domain: [0, native.all.length], range: 'width' },
      { name: 'y', type: 'log', domain: [1000, 1_400_000], range: 'height' },
      { name: 'colour', type: 'ordinal', domain: labels, range: [light.native, light.ours, light.spread] },
    ],
    axes,
    legends: [{ fill: 'colour' }],
    marks: [bars('native'), ...outage, line('spread', light.spread), line('ours', light.ours)],
  };
  const svg = await new View(parse(spec), { renderer: 'none' }).toSVG();
  return `${svg.replace(/<svg[^>]*>/, `$&${style}`)}\n`;
}
