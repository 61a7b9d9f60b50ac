// Draws scores and outputs as bars, one column for each, in an SVG like the static plots.
import { ticks } from 'd3-array';
import { hair, thin } from './look.js';
import { plain } from './numbers.js';
import { TEXT, colour, element, line } from './plot.js';

const LEFT = 46;
const SCORES = [38, 120]; // top and bottom of the two panels
const OUTPUTS = [153, 225];
const WIDEST = 34;

/**
 * Bars in an SVG of `size` [width, height]. `draw` takes a scene: {scores, reach, noisy (scores
 * with the noise added, if there is any), outputs, span: [low, high], chosen, slopes}.
 */
export class Bars {
  constructor(size) {
    [this.width, this.height] = size;
    this.right = this.width - 6;
    this.svg = element('svg', { viewBox: `0 0 ${this.width} ${this.height}`, 'aria-hidden': 'true' });
    this.axes = element('g', {}, this.svg);
    this.marks = element('g', {}, this.svg);
    this.legend = element('g', {}, this.svg);
    this.columns = [];
  }

  /** The middle of column n. */
  middle = (n, count) => LEFT + ((n + 0.5) * (this.right - LEFT)) / count;

  /** From a number to its height in a panel, kept within it. */
  place = (value, [low, high], [top, bottom]) => {
    const share = Math.min(Math.max((value - low) / (high - low), 0), 1);
    return bottom - share * (bottom - top);
  };

  /** The score that a height in the SVG stands for. */
  score = (py, reach) => reach * (1 - (2 * (py - SCORES[0])) / (SCORES[1] - SCORES[0]));

  draw(scene) {
    const key = JSON.stringify([scene.scores.length, scene.span, scene.reach, Boolean(scene.noisy)]);
    if (key !== this.key) {
      this.key = key;
      this.build(scene);
    }
    const scores = [-scene.reach, scene.reach];
    scene.scores.forEach((score, n) => {
      const column = this.columns[n];
      const chosen = n === scene.chosen;
      this.bar(column.score, column.scoreText, score, scores, SCORES, Boolean(scene.noisy));
      this.bar(column.output, column.outputText, scene.outputs[n], scene.span, OUTPUTS);
      column.noisy?.setAttribute('d', this.mark(scene.noisy[n], scores, column));
      column.name.style.fontWeight = chosen ? 700 : 400;
      column.score.style.stroke = chosen ? colour('ink') : 'none';
      column.slope.textContent = this.brief(scene.slopes[n]);
    });
    this.title.textContent = `∂y/∂x${sub(scene.chosen)}`;
  }

  /** A number that fits its column: one with a power of ten takes the most room. */
  brief = (value) => {
    const size = Math.abs(value);
    const tight = this.columns.length > 4 && size < 0.1;
    return plain(value, 3 - (size < 1e-4) - tight);
  };

  /** A bar with its number at its end, or at its foot where the noise's mark is at the end. */
  bar(rect, text, value, range, panel, foot = false) {
    const zero = this.place(0, range, panel);
    const end = this.place(value, range, panel);
    rect.setAttribute('y', Math.min(zero, end));
    rect.setAttribute('height', Math.abs(end - zero));
    text.setAttribute('y', foot ? zero + (value < 0 ? -4 : 11) : end + (value < 0 ? 11 : -4));
    text.textContent = this.brief(value);
  }

  /** A line at the value, or an arrow at the edge of the panel beyond which it lies. */
  mark(value, [low, high], { left, width }) {
    const py = this.place(value, [low, high], SCORES);
    if (value >= low && value <= high) return `M${left - 5} ${py}h${width + 10}`;
    return `M${left + width / 2 - 5} ${py}l5 ${value > high ? -5 : 5}l5 ${value > high ? 5 : -5}`;
  }

  build({ scores, span, reach, noisy }) {
    this.axes.replaceChildren();
    this.marks.replaceChildren();
    this.panel([-reach, reach], SCORES);
    this.panel(span, OUTPUTS);
    this.columns = scores.map((_, n) => this.column(n, scores.length, reach, noisy));
    this.title = this.write(LEFT - 7, this.height - 5, 'end', '');
    this.drawLegend(noisy);
  }

  panel(range, panel) {
    let grid = '';
    for (const value of ticks(...range, 3)) {
      const py = this.place(value, range, panel);
      grid += `M${LEFT} ${py}H${this.right}`;
      this.write(LEFT - 7, py + 3.6, 'end', plain(value), this.axes);
    }
    element('path', { d: grid, style: line('grid', hair) }, this.axes);
    const zero = this.place(0, range, panel);
    const frame = `M${LEFT} ${panel[0]}V${panel[1]}M${LEFT} ${zero}H${this.right}`;
    element('path', { d: frame, style: line('muted', thin) }, this.axes);
  }

  column(n, count, reach, noisy) {
    const middle = this.middle(n, count);
    const width = Math.min(WIDEST, (0.5 * (this.right - LEFT)) / count);
    const left = middle - width / 2;
    const rect = (role) => element('rect', { x: left, width, style: `fill: ${colour(role)}` }, this.marks);
    const column = { left, width, score: rect('muted'), output: rect('f') };
    column.noisy = noisy && element('path', { style: line('ink', 1.6) }, this.marks);
    column.scoreText = this.write(middle, 0, 'middle', '');
    column.scoreText.style.cssText += `; paint-order: stroke; stroke: ${colour('paper')}; stroke-width: 2.5px`;
    column.outputText = this.write(middle, 0, 'middle', '');
    column.name = this.write(middle, this.height - 20, 'middle', String(n + 1));
    column.slope = this.write(middle, this.height - 5, 'middle', '');
    column.slope.classList.add('af-slope');
    const [top, bottom] = SCORES;
    const grip = { class: 'af-grip', 'data-grip': n, x: middle - WIDEST / 2 - 2, width: WIDEST + 4, y: top - 8, height: bottom - top + 16 };
    element('rect', grip, this.marks);
    return column;
  }

  drawLegend(noisy) {
    this.legend.replaceChildren();
    const entries = [['muted', 'score x'], ...(noisy ? [['ink', 'with the noise']] : []), ['f', 'output y']];
    let left = 9;
    for (const [role, label] of entries) {
      if (role === 'ink') element('path', { d: `M${left} 10h14`, style: line(role, 1.6) }, this.legend);
      else element('rect', { x: left + 2, y: 5, width: 10, height: 10, style: `fill: ${colour(role)}` }, this.legend);
      this.write(left + 20, 13.6, 'start', label, this.legend);
      left += 38 + 5.4 * label.length;
    }
  }

  write(x, y, anchor, text, parent = this.marks) {
    const made = element('text', { x, y, style: `${TEXT}; text-anchor: ${anchor}` }, parent);
    made.textContent = text;
    return made;
  }
}

/** The index n, counted from 0, as readers count it: a subscript from 1. */
export const sub = (n) => '₁₂₃₄₅₆₇₈₉'[n];
