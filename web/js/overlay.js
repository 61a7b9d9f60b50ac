// A plot of many curves, told apart by colour, by dashes and by names at their ends.
import { clipped } from './numbers.js';
import { Plot, TEXT, element, line } from './plot.js';

/** Dashes, one for each colour, in units of the drawing; the colours are in compare.css. */
const DASHES = ['none', '9 3', '2 2.5', '9 3 2 3', '5 2.5', '14 3', '9 2.5 2 2.5 2 2.5', '5 2 1 2'];
const LINE = 2;
const LETTER = 5.6; // width of a letter, on average
const ROW = 12; // height of a name
const ROOM = 150; // the most that names take of the width

/** How the curve in this place of the list looks; after all colours, the dashes are others. */
export function look(place) {
  const n = place % DASHES.length;
  const turn = Math.floor(place / DASHES.length);
  return { role: `curve-${n + 1}`, dash: DASHES[(n + 3 * turn) % DASHES.length] };
}

export const stroke = ({ role, dash }) => line(role, LINE, `stroke-dasharray: ${dash}; stroke-linejoin: round`);

export class Overlay extends Plot {
  constructor(size) {
    super(size, {});
    this.names = element('g', {}, this.svg);
    this.resize(size);
  }

  resize([width, height]) {
    this.size = [width, height];
    this.box = [30, 24, width - 8, height - 34];
    this.svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
  }

  /** The scene of Plot; its curves have `place` and, where they are to be named, `label`. */
  draw(scene) {
    const widest = Math.max(0, ...scene.curves.map(({ label = '' }) => label.length));
    const room = widest ? Math.min(ROOM, 14 + LETTER * widest) : 0;
    this.box[2] = this.size[0] - 8 - room;
    this.letters = Math.floor((room - 14) / LETTER);
    super.draw(scene);
    this.drawNames(scene.curves);
  }

  drawAxes() {
    if (this.isNew('room', this.box)) this.drawn.axes = undefined;
    super.drawAxes();
  }

  drawCurves(curves) {
    while (this.curves.childElementCount > curves.length) this.curves.lastChild.remove();
    curves.forEach(({ place, name, stretches }, n) => {
      const path = this.curves.children[n] ?? element('path', {}, this.curves);
      path.setAttribute('style', stroke(look(place)));
      path.dataset.name = name;
      path.setAttribute('d', this.path(stretches));
    });
  }

  /** Each name beside the last point of its curve that is in the frame, apart from the others. */
  drawNames(curves) {
    const [, top, right, bottom] = this.frame;
    const named = curves
      .filter(({ label }) => label)
      .map(({ place, label, stretches }) => {
        const end = stretches.at(-1)?.at(-1);
        const py = end ? this.fromY(end[1]) : bottom;
        return { place, label, py: Math.min(Math.max(py, top), bottom) };
      })
      .sort((a, b) => a.py - b.py);
    apart(named, top, bottom);
    this.names.replaceChildren();
    for (const { place, label, py, at } of named) {
      const { role } = look(place);
      element('path', { d: `M${right + 1} ${py.toFixed(1)}L${right + 9} ${at.toFixed(1)}`, style: line(role, 1) }, this.names);
      const text = element('text', { x: right + 12, y: (at + 3.6).toFixed(1), style: TEXT }, this.names);
      text.textContent = clipped(label, this.letters);
    }
  }
}

/** Give each name, sorted by where it would like to be, a place `at` of its own. */
function apart(named, top, bottom) {
  const row = Math.min(ROW, (bottom - top) / Math.max(1, named.length - 1));
  let least = top;
  for (const name of named) {
    name.at = Math.max(name.py, least);
    least = name.at + row;
  }
  let most = bottom;
  for (const name of named.toReversed()) {
    name.at = Math.min(name.at, most);
    most = name.at - row;
  }
}
