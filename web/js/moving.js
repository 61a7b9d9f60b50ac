// What plots of functions of one number share: a window that moves and an x that is read.
import { number, numbers } from './address.js';
import { plain, short } from './numbers.js';
import { navigate, scaled } from './view.js';

const DEEPEST = 1e-4; // how far one can zoom in and out, as a share of the first window
const WIDEST = 1e3;
const FARTHEST = 1e9; // from 0, of a window in the address
const FINEST = 1e-9; // width of such a window, as a share of its distance from 0
const START = 1; // where the numbers are read before a point is chosen

/** Whether a plot can be drawn from `low` to `high`: with ticks that differ and numbers to spare. */
function isWindow(low, high) {
  const far = Math.max(Math.abs(low), Math.abs(high));
  return high > low && far <= FARTHEST && high - low >= FINEST * Math.max(far, 1);
}

/**
 * Its heirs have `figure`, `plot`, the first window as `axes` {x, y}, the places where their
 * functions' cases meet as `joints()`, and `draw()` and `save()`. `window` is what was last drawn,
 * `view` the window that the reader chose, `at` the x that is read and `pinned` the one that stays.
 */
export class Moving {
  /** The element that takes pointer and keys, and the buttons that zoom. */
  handle(label) {
    this.stage = document.createElement('div');
    Object.assign(this.stage, { className: 'af-moving', tabIndex: 0, role: 'slider' });
    this.stage.ariaLabel = `${label}: the x at which the plot is read`;
    this.stage.ariaDescription = 'Arrow keys move the point, plus and minus zoom, 0 shows the whole plot again';
    this.stage.append(this.plot.svg);
    const zoom = document.createElement('div');
    zoom.className = 'af-zoom';
    zoom.innerHTML =
      '<button type="button" data-zoom="0.5" aria-label="Zoom in" title="Zoom in">+</button>' +
      '<button type="button" data-zoom="2" aria-label="Zoom out" title="Zoom out">−</button>' +
      '<button type="button" data-zoom="" aria-label="Reset the view">Reset</button>';
    return [this.stage, zoom];
  }

  /** Take the view and the point from the address. */
  restoreView(query) {
    this.pinned = number(query.get('at'));
    this.at = this.pinned;
    const [left, right, bottom, top] = numbers(query.get('view'), 4) ?? [];
    this.view = isWindow(left, right) && isWindow(bottom, top) ? { x: [left, right], y: [bottom, top] } : undefined;
  }

  /** The view and the point as the address keeps them. */
  get viewInAddress() {
    const edges = (range) => range.map((edge) => short(edge, (range[1] - range[0]) / 1e4));
    return {
      at: this.pinned === undefined ? undefined : short(this.pinned, this.grain / 100),
      view: this.view && [...edges(this.view.x), ...edges(this.view.y)].join(),
    };
  }

  /** Where the numbers are read. */
  get readAt() {
    return this.at ?? START;
  }

  change(action) {
    action();
    this.save();
    this.redraw();
  }

  redraw() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      this.draw();
    });
  }

  /** A step that a reader can see: a power of ten below a pixel's width. */
  get grain() {
    const [low, high] = this.view?.x ?? this.axes.x;
    return 10 ** Math.floor(Math.log10((high - low) / 300));
  }

  snap(x, joints) {
    const { grain } = this;
    const near = joints.find((joint) => Math.abs(joint.x - x) < grain / 2);
    return near ? near.x : x;
  }

  /** Where the pointer at `px` reads: a joint that is near, or a round number. */
  place(px) {
    const [low, high] = this.window.x;
    const x = Math.min(Math.max(this.plot.toX(px), low), high);
    const near = this.joints().find((joint) => Math.abs(this.plot.fromX(joint.x) - px) < 3);
    return near ? near.x : Number((Math.round(x / this.grain) * this.grain).toPrecision(12));
  }

  /** Tell a screen reader where the point is, and once it rests `words`. */
  tellPoint(words) {
    this.stage.ariaValueMin = this.window.x[0];
    this.stage.ariaValueMax = this.window.x[1];
    this.stage.ariaValueNow = this.at ?? 0;
    this.stage.ariaValueText = this.at === undefined ? 'no point chosen' : `x = ${plain(this.at)}`;
    clearTimeout(this.speaking);
    this.speaking = setTimeout(() => {
      this.figure.querySelector('.af-status').textContent = words;
    }, 300);
  }

  zoom(factor, px, py) {
    const first = this.axes.x[1] - this.axes.x[0];
    const span = (this.window.x[1] - this.window.x[0]) / first;
    const held = Math.min(Math.max(factor, DEEPEST / span), WIDEST / span);
    this.view = {
      x: scaled(this.window.x, held, px === undefined ? undefined : this.plot.toX(px)),
      y: scaled(this.window.y, held, py === undefined ? undefined : this.plot.toY(py)),
    };
    this.window = this.view;
  }

  pan(dx, dy) {
    const [left, top, right, bottom] = this.plot.frame;
    const { x, y } = this.window;
    const by = ([low, high], share) => [low - share * (high - low), high - share * (high - low)];
    this.view = { x: by(x, dx / (right - left)), y: by(y, -dy / (bottom - top)) };
    this.window = this.view;
  }

  pin(x) {
    this.at = x;
    this.pinned = x;
  }

  /** Let pointer, wheel, touch, keys and the zoom buttons move the view and the point. */
  follow() {
    const inUnits = (event) => {
      const [width, height] = this.plot.size;
      const box = this.plot.svg.getBoundingClientRect();
      return [((event.clientX - box.left) / box.width) * width, ((event.clientY - box.top) / box.height) * height];
    };
    navigate(this.stage, inUnits, {
      point: (px) => {
        this.at = this.place(px);
        this.redraw();
      },
      pin: (px) => this.change(() => this.pin(this.place(px))),
      leave: () => {
        this.at = this.pinned;
        this.redraw();
      },
      pan: (dx, dy) => this.change(() => this.pan(dx, dy)),
      zoom: (factor, px, py) => this.change(() => this.zoom(factor, px, py)),
    });
    this.stage.addEventListener('keydown', (event) => this.key(event));
    this.figure.addEventListener('click', (event) => {
      const button = event.target.closest('button[data-zoom]');
      if (!button) return;
      const factor = Number(button.dataset.zoom);
      this.change(() => (factor ? this.zoom(factor) : (this.view = undefined)));
    });
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const [low, high] = this.window.x;
    const step = 10 * this.grain;
    const from = this.at ?? Math.min(Math.max(0, low), high);
    const to = (x) => () => this.pin(Number(Math.min(Math.max(x, low), high).toPrecision(12)));
    const next = (count) => to((Math.round(from / step) + count) * step);
    const actions = {
      ArrowRight: next(1), ArrowUp: next(1), ArrowLeft: next(-1), ArrowDown: next(-1),
      PageUp: next(10), PageDown: next(-10), Home: to(low), End: to(high),
      '+': () => this.zoom(0.5), '-': () => this.zoom(2), 0: () => (this.view = undefined),
    };
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    this.change(action);
  }
}
