// Makes the picture of a map of vectors interactive: scores to drag, their outputs, the entropy.
import { number, read, writer } from './address.js';
import { Bars } from './bars.js';
import { plain, short } from './numbers.js';
import { sizeOf } from './plot.js';

const LOWEST = -5; // of the axis of logarithms, until an output lies below

/** Take over the figure that gen/pages/activation/vector_controls.py wrote. */
export async function start(figure, load) {
  const activation = await load(figure.dataset.slug);
  const gumbel = activation.noise && (await import('./noise.js')).gumbel;
  new Vector(figure, activation, gumbel).begin();
}

/** Entropy in nats of shares that sum to 1. */
const entropy = (shares) => -shares.reduce((total, p) => total + (p > 0 ? p * Math.log(p) : 0), 0) || 0;

class Vector {
  constructor(figure, activation, gumbel) {
    this.figure = figure;
    this.activation = activation;
    this.gumbel = gumbel;
    this.write = writer(figure);
    this.find = (name) => figure.querySelector(name);
    this.places = [...figure.querySelectorAll('.af-score')];
    this.inputs = [...figure.querySelectorAll('[data-score]')];
    this.reach = Number(this.inputs[0].max);
    this.step = Number(this.inputs[0].step);
    this.first = this.inputs.filter((input) => !input.closest('[hidden]')).map((input) => Number(input.defaultValue));
    this.tracks = [...figure.querySelectorAll('[data-parameter]')].map((input) => new Track(input));
  }

  begin() {
    this.build();
    this.restore();
    this.listen();
    this.find('.af-controls').disabled = false;
    this.draw();
    this.figure.classList.add('af-live');
  }

  build() {
    this.bars = new Bars(sizeOf(this.find('.af-stage > svg')));
    this.stage = document.createElement('div');
    Object.assign(this.stage, { className: 'af-moving', role: 'img' });
    this.stage.append(this.bars.svg);
    this.find('.af-stage').append(this.stage);
    const caption = this.find('figcaption');
    const { name } = this.activation;
    caption.innerHTML = `<span class="af-still" hidden>${caption.innerHTML}</span><span class="af-moved"></span>`;
    this.find('.af-moved').textContent = `${name}: scores above, outputs below.`;
  }

  /* The state, and the address that keeps it. */

  restore() {
    const query = read();
    const given = query.get('x')?.split(',').map((text) => number(text, -this.reach, this.reach)) ?? [];
    const fits = given.length >= this.first.length && given.length <= this.inputs.length && !given.includes(undefined);
    this.scores = fits ? given : [...this.first];
    this.chosen = Math.min((number(query.get('by'), 1, this.scores.length) ?? 1) - 1, this.scores.length - 1) | 0;
    this.seed = this.whole(number(query.get('seed')));
    this.hard = query.get('hard') !== null && Boolean(this.find('[data-hard]'));
    for (const track of this.tracks) track.value = number(query.get(track.name), track.low, track.high) ?? track.first;
  }

  /** A seed that torch takes too. */
  whole(seed = 0) {
    return Number.isFinite(seed) ? Math.min(Math.max(Math.round(seed), 0), 2 ** 32 - 1) : 0;
  }

  save() {
    const moved = this.scores.join() !== this.first.join();
    const values = {
      x: moved ? this.scores.map((score) => short(score, this.step / 100)).join() : undefined,
      by: this.chosen ? String(this.chosen + 1) : undefined,
    };
    for (const track of this.tracks) values[track.name] = track.value === track.first ? undefined : String(track.value);
    if (this.gumbel) {
      values.seed = this.seed ? String(this.seed) : undefined;
      values.hard = this.hard ? '1' : undefined;
    }
    this.write(values);
  }

  change(action) {
    action();
    this.save();
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      this.draw();
    });
  }

  /* What the state amounts to. */

  compute() {
    const { activation } = this;
    const setting = Object.fromEntries(this.tracks.map(({ name, value }) => [name, value]));
    const { T: temperature = 1 } = setting; // the reader's, where the function has none of its own
    const noise = this.gumbel?.(this.seed, this.scores.length);
    const parameters = { ...setting, [activation.noise]: noise };
    const inputs = this.scores.map((score) => score / temperature);
    const soft = activation.f(inputs, parameters);
    const top = soft.indexOf(Math.max(...soft));
    const outputs = this.hard ? soft.map((_, n) => Number(n === top)) : soft;
    const shares = activation.outputs === 'logs' ? outputs.map(Math.exp) : outputs;
    const slopes = activation.jacobian(inputs, soft, parameters).map((row) => row[this.chosen] / temperature);
    return { outputs, shares, slopes, noisy: noise?.map((g, n) => this.scores[n] + g) };
  }

  draw() {
    const found = this.compute();
    const { outputs } = found;
    const lowest = Math.min(LOWEST, 1.2 * Math.min(...outputs)); // with room for its number
    const span = this.activation.outputs === 'logs' ? [lowest, 0] : [0, 1];
    this.bars.draw({ ...found, scores: this.scores, reach: this.reach, span, chosen: this.chosen });
    this.tell(found);
  }

  tell({ outputs, shares }) {
    const nats = entropy(shares);
    const largest = Math.max(...shares);
    const listed = (numbers) => `(${numbers.map((value) => plain(value, 3)).join(', ')})`;
    this.stage.ariaLabel = `Bars of the scores ${listed(this.scores)} and of the outputs ${listed(outputs)}`;
    const values = { nats: plain(nats), bits: plain(nats / Math.LN2), largest: plain(largest) };
    for (const [name, text] of Object.entries(values)) this.find(`[data-value="${name}"]`).textContent = text;
    this.places.forEach((place, n) => {
      const input = this.inputs[n];
      place.hidden = n >= this.scores.length;
      if (place.hidden) return;
      input.value = this.scores[n];
      input.ariaValueText = `${plain(this.scores[n])}, output ${plain(outputs[n])}`;
      place.querySelector('.af-set').textContent = plain(this.scores[n]);
    });
    for (const track of this.tracks) track.show(this.figure);
    const count = this.scores.length;
    this.find('[data-count="1"]').disabled = count === this.inputs.length;
    this.find('[data-count="-1"]').disabled = count === this.first.length;
    if (this.gumbel) {
      const input = this.find('[data-seed]');
      if (input.valueAsNumber !== this.seed && input !== document.activeElement) input.value = this.seed;
      if (this.find('[data-hard]')) this.find('[data-hard]').checked = this.hard;
    }
    clearTimeout(this.speaking);
    this.speaking = setTimeout(() => {
      const where = `of score ${shares.indexOf(largest) + 1}`;
      this.find('.af-status').textContent =
        `Entropy ${values.nats} nats, ${values.bits} bits; largest share ${values.largest}, ${where}`;
    }, 300);
  }

  /* What the reader does. */

  listen() {
    const { svg } = this.bars;
    const drag = ({ target, clientY }) => {
      const box = svg.getBoundingClientRect();
      const py = ((clientY - box.top) / box.height) * this.bars.height;
      this.change(() => this.set(Number(target.dataset.grip), this.bars.score(py, this.reach)));
    };
    svg.addEventListener('pointerdown', (event) => {
      const n = event.target.dataset.grip;
      if (n === undefined || event.button > 0) return;
      event.preventDefault(); // or the press would take the focus away again
      event.target.setPointerCapture(event.pointerId);
      this.inputs[n].focus({ preventScroll: true });
      drag(event);
    });
    // Chromium does not heed touch-action on parts of an SVG: a finger on a bar would scroll the page.
    const hold = (event) => 'grip' in event.target.dataset && event.preventDefault();
    svg.addEventListener('touchstart', hold, { passive: false });
    svg.addEventListener('pointermove', (event) => {
      if (event.target.hasPointerCapture(event.pointerId)) drag(event);
    });
    this.figure.addEventListener('focusin', ({ target }) => {
      const n = Number(target.dataset.score ?? this.chosen);
      if (n !== this.chosen) this.change(() => (this.chosen = n));
    });
    this.figure.addEventListener('input', ({ target }) => {
      const { score, parameter, seed, hard } = target.dataset;
      this.change(() => {
        if (score) this.set(Number(score), target.valueAsNumber);
        if (parameter) this.tracks.find((track) => track.input === target).read();
        if (seed !== undefined) this.seed = this.whole(target.valueAsNumber);
        if (hard !== undefined) this.hard = target.checked;
      });
    });
    this.figure.addEventListener('focusout', ({ target }) => {
      if (target.dataset.seed !== undefined) target.value = this.seed;
    });
    this.figure.addEventListener('click', ({ target }) => {
      const { count, again, next, reset } = target.closest('button')?.dataset ?? {};
      if (count) this.change(() => this.resize(Number(count)));
      if (next !== undefined) this.change(() => (this.seed = (this.seed + 1) % 2 ** 32));
      if (reset) this.change(() => this.tracks.find((track) => track.name === reset).reset());
      if (again !== undefined) this.change(() => this.again());
    });
  }

  /** Set a score to the nearest step. */
  set(n, value) {
    const near = Number((Math.round(value / this.step) * this.step).toPrecision(12));
    this.scores[n] = Math.min(Math.max(near, -this.reach), this.reach) || 0;
    this.chosen = n;
  }

  resize(by) {
    if (by > 0) this.scores.push(0);
    else this.scores.pop();
    this.chosen = Math.min(this.chosen, this.scores.length - 1);
  }

  again() {
    this.scores = [...this.first];
    this.chosen = 0;
    this.seed = 0;
    this.hard = false;
    for (const track of this.tracks) track.reset();
  }
}

/** A slider of a parameter; on a logarithmic one the input holds the value's log10. */
class Track {
  constructor(input) {
    this.input = input;
    this.name = input.dataset.parameter;
    this.toValue = 'log' in input.dataset ? (at) => Number((10 ** at).toPrecision(3)) : Number;
    this.toPlace = 'log' in input.dataset ? Math.log10 : Number;
    this.low = this.toValue(input.min);
    this.high = this.toValue(input.max);
    this.first = this.toValue(input.defaultValue);
    this.value = this.first;
  }

  read() {
    this.value = this.toValue(this.input.value);
  }

  reset() {
    this.value = this.first;
  }

  show(figure) {
    const text = plain(this.value);
    this.input.value = this.toPlace(this.value);
    this.input.ariaValueText = text;
    figure.querySelector(`[data-set="${this.name}"]`).textContent = text;
  }
}
