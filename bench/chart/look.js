/** What the curves have in common: they are legible in light and in dark surroundings. */
import { View, parse } from 'vega';

/** Each colour in light and in dark. A style sheet finds the light ones by their value, so each value is there once. */
const palette = {
  paper: ['#ffffff', '#0d1117'],
  ink: ['#1f2328', '#f0f6fc'],
  label: ['#59636e', '#9198a1'],
  grid: ['#d8dee4', '#262c36'],
  native: ['#b6bec7', '#656c76'],
  ours: ['#0969da', '#4493f8'],
  other: ['#bc4c00', '#f0883e'],
};
/** @typedef {keyof typeof palette} Colour */
export const light = /** @type {Record<Colour, string>} */ (
  Object.fromEntries(Object.entries(palette).map(([name, [value]]) => [name, value]))
);
const darkRules = Object.values(palette).map(
  ([value, dark]) => `[fill="${value}"]{fill:${dark}}[stroke="${value}"]{stroke:${dark}}`,
);
const style = `<style>@media (prefers-color-scheme: dark) {${darkRules.join('')}}</style>`;

const font = 'system-ui, sans-serif';

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

/**
 * Draws what is described, in the colours and fonts of all curves.
 *
 * @param {object} spec
 * @returns {Promise<string>}
 */
export async function render(spec) {
  const whole = { padding: 16, background: light.paper, config, ...spec };
  const svg = await new View(parse(whole), { renderer: 'none' }).toSVG();
  return `${svg.replace(/<svg[^>]*>/, `$&${style}`)}\n`;
}
