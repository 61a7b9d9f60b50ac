// Draws curves in an SVG that looks like the static plots: same lines, dashes and type, and where a
// static plot stands below it, the same frame and ticks.
import { tickStep, ticks } from 'd3-array';
import { format, precisionFixed } from 'd3-format';
import { dashes, dot, edge, gap, hair, ink, key, letter, pad, thin, tick, width as lineWidth } from './look.js';

const NS = 'http://www.w3.org/2000/svg';
const TICKS = 7;
const ROOM = 6; // for a letter of a number
// where matplotlib puts the feet of letters: below the axis for numbers and for its name, below the
// middle of their line; above them stands a line of the legend
const NUMBER = 14.6;
const NAME = 28.6;
const FOOT = 3.8;
const HALF = 3.5;
let made = 0;
const FAR = 1e5; // beyond this many units off the frame, browsers lose precision in paths

/** The width and height of a drawing, in its own units. */
export const sizeOf = (svg) => svg.getAttribute('viewBox').split(' ').slice(2).map(Number);

/** The colour of a role, which follows the page's scheme. */
export const colour = (role) => (role in ink ? `var(--af-${role}, ${ink[role]})` : `var(--af-${role})`);

export function element(name, attributes, parent) {
  const made = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  parent?.append(made);
  return made;
}

export const TEXT = `font-size: ${letter}px; font-family: var(--af-font, sans-serif); fill: ${colour('ink')}`;
export const line = (role, width, more = '') => `fill: none; stroke: ${colour(role)}; stroke-width: ${width}; ${more}`;

/** How a curve of this role is drawn. */
export const stroke = (role) =>
  line(role, lineWidth, `stroke-dasharray: ${dashes[role] || 'none'}; stroke-linecap: ${dashes[role] ? 'butt' : 'round'}; stroke-linejoin: round`);

/** Tick values and their labels for an axis from low to high. */
function axis([low, high]) {
  const step = tickStep(low, high, TICKS);
  const label = Math.max(Math.abs(low), Math.abs(high)) < 1e6 ? format(`.${precisionFixed(step)}f`) : format('.3~g');
  return ticks(low, high, TICKS).map((value) => [value, label(value || 0)]);
}

/**
 * An SVG of `size` [width, height] with axes in a box [left, top, right, bottom], in its own units.
 * `still` is what gen/drawing/plots.py says of the static plot's frame: {box, x, y: [low, high],
 * ticks: [[[value, label], …] across, … up], keys: [[x, y], …] of the legend}; or the box alone.
 * `draw` takes a scene: {x, y: [low, high], curves: [{role, stretches}], dots: [{role, x, y,
 * closed}], bands: [[[x, y], …]], legend: [[role, label]], cursor: {x, points: [{role, y}]}}.
 */
export class Plot {
  constructor(size, still) {
    this.size = size;
    this.still = still;
    this.box = still.box;
    this.svg = element('svg', { viewBox: `0 0 ${size[0]} ${size[1]}`, 'aria-hidden': 'true' });
    const clip = `af-clip-${(made += 1)}`;
    const inside = { 'clip-path': `url(#${clip})` };
    this.clip = element('rect', {}, element('clipPath', { id: clip }, element('defs', {}, this.svg)));
    this.axes = element('g', {}, this.svg);
    this.bands = element('g', inside, this.svg);
    this.curves = element('g', inside, this.svg);
    this.spines = element('path', { style: line('muted', thin, 'stroke-linecap: square') }, this.svg);
    this.dots = element('g', {}, this.svg);
    this.cursor = element('g', {}, this.svg);
    this.legend = element('g', {}, this.svg);
    this.drawn = {};
  }

  /** The axes' frame of the last scene, with room for its labels: [left, top, right, bottom]. */
  frame = [0, 0, 1, 1];

  /** From a place in the frame to the plot's numbers, and back. */
  toX = (px) => this.x[0] + ((px - this.frame[0]) / (this.frame[2] - this.frame[0])) * (this.x[1] - this.x[0]);
  toY = (py) => this.y[1] - ((py - this.frame[1]) / (this.frame[3] - this.frame[1])) * (this.y[1] - this.y[0]);
  fromX = (x) => this.frame[0] + ((x - this.x[0]) / (this.x[1] - this.x[0])) * (this.frame[2] - this.frame[0]);
  fromY = (y) => {
    const py = this.frame[1] + ((this.y[1] - y) / (this.y[1] - this.y[0])) * (this.frame[3] - this.frame[1]);
    return Math.min(Math.max(py, -FAR), FAR);
  };

  draw(scene) {
    this.x = scene.x;
    this.y = scene.y;
    this.drawAxes();
    this.drawBands(scene.bands ?? []);
    this.drawCurves(scene.curves);
    this.drawDots(scene.dots ?? []);
    this.drawCursor(scene.cursor);
    this.drawLegend(scene.legend ?? []);
  }

  /** Whether `value` differs from what was last drawn under `name`. */
  isNew(name, value) {
    const key = JSON.stringify(value);
    if (this.drawn[name] === key) return false;
    this.drawn[name] = key;
    return true;
  }

  /** The static plot's ticks of an axis, as long as the axis spans the same numbers. */
  ticks(name, n) {
    return String(this[name]) === String(this.still[name]) ? this.still.ticks[n] : undefined;
  }

  drawAxes() {
    if (!this.isNew('axes', [this.x, this.y])) return;
    const across = this.ticks('x', 0) ?? axis(this.x);
    const known = this.ticks('y', 1);
    const up = known ?? axis(this.y);
    const [boxLeft, top, right, bottom] = this.box;
    const left = known ? boxLeft : Math.max(boxLeft, 13 + ROOM * Math.max(...up.map(([, label]) => label.length)));
    this.frame = [left, top, right, bottom];
    for (const [name, value] of Object.entries({ x: left, y: top, width: right - left, height: bottom - top })) {
      this.clip.setAttribute(name, value);
    }
    let grid = '';
    let marks = '';
    this.axes.replaceChildren();
    const write = (x, y, anchor, text) => {
      element('text', { x, y, style: `${TEXT}; text-anchor: ${anchor}` }, this.axes).textContent = text;
    };
    for (const [value, label] of across) {
      const px = this.fromX(value).toFixed(2);
      grid += `M${px} ${bottom}V${top}`;
      marks += `M${px} ${bottom}v${tick}`;
      write(px, bottom + NUMBER, 'middle', label);
    }
    for (const [value, label] of up) {
      const py = this.fromY(value).toFixed(2);
      grid += `M${left} ${py}H${right}`;
      marks += `M${left} ${py}h-${tick}`;
      write(left - tick - pad, Number(py) + FOOT, 'end', label);
    }
    write((left + right) / 2, bottom + NAME, 'middle', 'x');
    let zero = '';
    if (this.x[0] <= 0 && this.x[1] >= 0) zero += `M${this.fromX(0).toFixed(2)} ${bottom}V${top}`;
    if (this.y[0] <= 0 && this.y[1] >= 0) zero += `M${left} ${this.fromY(0).toFixed(2)}H${right}`;
    element('path', { d: grid, style: line('grid', hair) }, this.axes);
    element('path', { d: marks + zero, style: line('muted', thin) }, this.axes);
    this.spines.setAttribute('d', `M${left} ${top}V${bottom}H${right}`);
  }

  /** The path of some stretches of points. */
  path(stretches) {
    let d = '';
    for (const stretch of stretches) {
      let letter = 'M';
      for (const [x, y] of stretch) {
        d += `${letter}${this.fromX(x).toFixed(2)} ${this.fromY(y).toFixed(2)}`;
        letter = 'L';
      }
    }
    return d;
  }

  drawCurves(curves) {
    while (this.curves.childElementCount > curves.length) this.curves.lastChild.remove();
    curves.forEach(({ role, stretches }, n) => {
      const path = this.curves.children[n] ?? element('path', {}, this.curves);
      if (path.dataset.role !== role) {
        path.dataset.role = role;
        path.setAttribute('style', stroke(role));
      }
      path.setAttribute('d', this.path(stretches));
    });
  }

  drawBands(bands) {
    if (!this.isNew('bands', [bands, this.x, this.y])) return;
    this.bands.replaceChildren();
    for (const outline of bands) {
      element('path', { d: `${this.path([outline])}Z`, style: `fill: ${colour('f')}; opacity: 0.18` }, this.bands);
    }
  }

  /** Whether a point lies within the frame, its edge included. */
  shows = (x, y) => x >= this.x[0] && x <= this.x[1] && y >= this.y[0] && y <= this.y[1];

  drawDots(dots) {
    if (!this.isNew('dots', [dots, this.x, this.y])) return;
    this.dots.replaceChildren();
    for (const { role, x, y, closed } of dots) {
      if (!this.shows(x, y)) continue;
      const style = `fill: ${colour(closed ? role : 'paper')}; stroke: ${colour(role)}; stroke-width: ${edge}`;
      element('circle', { cx: this.fromX(x), cy: this.fromY(y), r: dot / 2, style }, this.dots);
    }
  }

  drawCursor(cursor) {
    this.cursor.replaceChildren();
    if (!cursor || cursor.x < this.x[0] || cursor.x > this.x[1]) return;
    const px = this.fromX(cursor.x);
    element('path', { d: `M${px} ${this.frame[1]}V${this.frame[3]}`, style: line('ink', 0.8, 'stroke-dasharray: 2 2') }, this.cursor);
    for (const { role, y } of cursor.points) {
      if (!this.shows(cursor.x, y)) continue;
      const style = `fill: ${colour(role)}; stroke: ${colour('paper')}; stroke-width: 1.2`;
      element('circle', { cx: px, cy: this.fromY(y), r: 3.4, style }, this.cursor);
    }
  }

  drawLegend(entries) {
    if (!this.isNew('legend', entries)) return;
    this.legend.replaceChildren();
    const { keys } = this.still;
    entries.forEach(([role, label], n) => {
      const [x, y] = keys[n] ?? [2 * keys[1][0] - keys[0][0], keys[1][1]];
      element('path', { d: `M${x - gap - key} ${y - HALF}h${key}`, style: stroke(role) }, this.legend);
      element('text', { x, y, style: TEXT }, this.legend).textContent = label;
    });
  }
}
