// Makes the plot of a function of one number interactive.
import { number, read, writer } from './address.js';
import { ROLES, dots, extent, stretches } from './curve.js';
import { Moving } from './moving.js';
import { plain, short } from './numbers.js';
import { Plot, sizeOf } from './plot.js';

const LABELS = { f: 'f(x)', df: 'f′(x)', ddf: 'f″(x)' };
const NOISE_STEP = 1e-3; // as in gen/pages/activation/controls.py

/** Take over the figure that gen/pages/activation/controls.py wrote. */
export async function start(figure, load) {
  new Explorer(figure, await load(figure.dataset.slug)).begin();
}

class Explorer extends Moving {
  constructor(figure, activation) {
    super();
    this.figure = figure;
    this.activation = activation;
    this.axes = JSON.parse(figure.dataset.axes);
    this.controls = figure.querySelector('.af-controls');
    this.write = writer(figure);
    this.find = (name) => figure.querySelector(name);
  }

  begin() {
    this.build();
    this.restore();
    this.listen();
    this.controls.disabled = false;
    this.draw();
    this.figure.classList.add('af-live');
  }

  /* What is shown, and how it is put together. */

  build() {
    const still = this.find('.af-stage > svg');
    this.plot = new Plot(sizeOf(still), this.axes);
    this.find('.af-stage').append(...this.handle(this.activation.name));
    this.caption = this.find('figcaption');
    this.caption.innerHTML = `<span class="af-still">${this.caption.innerHTML}</span><span class="af-moved" hidden></span>`;
  }

  /** The definition in use: the entry's own, or the variant that an argument selects. */
  get definition() {
    const { variants = [] } = this.activation;
    const chosen = (variant) => Object.entries(variant.settings).every(([name, value]) => this.choice[name] === value);
    return variants.find(chosen) ?? this.activation;
  }

  get isDefault() {
    const { parameters } = this.activation;
    const moved = parameters.some(({ name, default: first }) => this.setting[name] !== first);
    return !moved && this.drawn === undefined && this.definition === this.activation;
  }

  /** The parameters of the functions: the setting, and the random number if there is one. */
  parameters(setting = this.setting) {
    const { noise, evaluation } = this.activation;
    if (!noise) return setting;
    const low = setting[noise.low];
    const high = setting[noise.high];
    const drawn = this.drawn === undefined ? evaluation(setting) : Math.min(Math.max(this.drawn, low), high);
    return { ...setting, [noise.name]: drawn };
  }

  /* The state, and the address that keeps it. */

  restore() {
    const query = read();
    const { parameters, noise } = this.activation;
    this.setting = Object.fromEntries(
      parameters.map(({ name, default: value, low, high }) => [name, number(query.get(name), Math.min(low, value), Math.max(high, value)) ?? value]),
    );
    this.drawn = noise ? number(query.get(`noise-${noise.name}`)) : undefined;
    this.choice = {};
    for (const select of this.figure.querySelectorAll('[data-choice]')) {
      const wanted = query.get(select.dataset.choice);
      if ([...select.options].some((option) => option.value === wanted)) select.value = wanted;
      this.choice[select.dataset.choice] = select.value;
    }
    const asked = query.get('show');
    const known = ROLES.filter((role) => asked?.split(',').includes(role));
    const shown = asked === '' || known.length ? known : ['f', 'df'];
    this.show = Object.fromEntries(ROLES.map((role) => [role, shown.includes(role)]));
    for (const box of this.figure.querySelectorAll('[data-show]')) box.checked = this.show[box.dataset.show];
    this.restoreView(query);
  }

  save() {
    const values = {};
    for (const { name, default: value, step } of this.activation.parameters) {
      values[name] = this.setting[name] === value ? undefined : short(this.setting[name], step);
    }
    const { noise } = this.activation;
    if (noise) values[`noise-${noise.name}`] = this.drawn === undefined ? undefined : short(this.drawn, NOISE_STEP / 100);
    for (const select of this.figure.querySelectorAll('[data-choice]')) {
      values[select.dataset.choice] = select.selectedIndex ? select.value : undefined;
    }
    const shown = ROLES.filter((role) => this.show[role]);
    values.show = shown.join() === 'f,df' ? undefined : shown.join();
    Object.assign(values, this.viewInAddress);
    this.write(values);
  }

  /* Drawing. */

  draw() {
    const parameters = this.parameters();
    const joints = this.definition.joints(parameters);
    const roles = ROLES.filter((role) => this.show[role]);
    const x = this.view?.x ?? this.axes.x;
    const curves = roles.map((role) => ({
      role,
      stretches: stretches((t) => this.definition[role](t, parameters), role, joints, x),
    }));
    const bands = this.bands(x);
    const scene = {
      x,
      y: this.view?.y ?? this.height(curves, bands),
      curves: curves.reverse(),
      bands,
      dots: roles.toReversed().flatMap((role) => dots(role, joints).map(([dx, y, closed]) => ({ role, x: dx, y, closed }))),
      legend: roles.map((role) => [role, LABELS[role]]),
    };
    this.at = this.at === undefined ? undefined : this.snap(this.at, joints);
    if (this.at !== undefined) {
      const points = roles.map((role) => ({ role, y: this.definition[role](this.at, parameters) }));
      scene.cursor = { x: this.at, points };
    }
    this.window = { x: scene.x, y: scene.y };
    this.plot.draw(scene);
    this.tell(parameters, joints);
  }

  /** The first window's height, grown where a curve of this setting leaves it. */
  height(curves, bands) {
    const [low, high] = this.axes.y;
    const found = extent([...curves.map(({ stretches: s }) => s), bands].flat(), [low, high]);
    const margin = 0.06 * (found[1] - found[0]);
    return [found[0] < low ? found[0] - margin : low, found[1] > high ? found[1] + margin : high];
  }

  /** Between the smallest and the largest number that can be drawn, on the whole window. */
  bands(x) {
    const { noise } = this.activation;
    if (!noise) return [];
    const edge = (name) => {
      const parameters = { ...this.setting, [noise.name]: this.setting[noise[name]] };
      const joints = this.definition.joints(parameters);
      return stretches((t) => this.definition.f(t, parameters), 'f', joints, x, 60).flat();
    };
    return [[...edge('low'), ...edge('high').reverse()]];
  }

  /* Reading. */

  joints() {
    return this.definition.joints(this.parameters());
  }

  tell(parameters, joints) {
    const set = (name, text) => {
      const place = this.find(`[data-value="${name}"]`);
      if (place.textContent !== text) place.textContent = text;
    };
    const at = this.readAt;
    const joint = joints.find(({ x }) => x === at);
    set('x', plain(at));
    const spoken = [];
    for (const role of ROLES) {
      const value = this.definition[role](at, parameters);
      const ends = joint ? [joint[role][0], joint[role].at(-1)] : [];
      const breaks = ends.length && Math.abs(ends[0] - ends[1]) > 1e-12;
      const sides = ends.map((end) => plain(end));
      set(role, breaks && role !== 'f' ? sides.join(' | ') : plain(value));
      if (!this.show[role] || this.at === undefined) continue;
      if (!breaks) spoken.push(`${LABELS[role]} = ${plain(value)}`);
      else if (role === 'f') spoken.push(`f(x) = ${plain(value)}, ${sides[0]} from the left, ${sides[1]} from the right`);
      else spoken.push(`${LABELS[role]}: ${sides[0]} on the left, ${sides[1]} on the right` + (role === 'df' ? `, autograd picks ${plain(value)}` : ''));
    }
    this.tellPoint(spoken.join('; '));
    this.tellSetting(parameters);
  }

  tellSetting(parameters) {
    const { activation } = this;
    const words = [];
    const set = (name, symbol, value) => {
      const input = this.find(`[data-parameter="${name}"]`);
      if (Math.abs(input.valueAsNumber - value) > input.step / 2) input.value = value;
      input.ariaValueText = plain(value);
      this.find(`[data-set="${name}"]`).textContent = plain(value);
      words.push(`${symbol} = ${plain(value)}`);
    };
    for (const { name, symbol } of activation.parameters) set(name, symbol, this.setting[name]);
    if (activation.noise) {
      const { name, low, high } = activation.noise;
      const input = this.find(`[data-parameter="noise-${name}"]`);
      input.min = this.setting[low];
      input.max = this.setting[high];
      set(`noise-${name}`, name, parameters[name]);
    }
    for (const [name, value] of Object.entries(this.definition.settings ?? {})) words.push(`${name} = ${value}`);
    const moved = this.find('.af-moved');
    moved.hidden = this.isDefault;
    this.find('.af-still').hidden = !this.isDefault;
    moved.textContent = `${activation.name}, ${words.join(', ')}.`;
  }

  /* Acting. */

  listen() {
    this.follow();
    this.figure.addEventListener('click', (event) => {
      const button = event.target.closest('button[data-reset]');
      if (button) this.change(() => this.set(button.dataset.reset));
    });
    this.figure.addEventListener('input', ({ target }) => {
      const { parameter, show, choice } = target.dataset;
      this.change(() => {
        if (parameter) this.set(parameter, target.valueAsNumber);
        if (show) this.show[show] = target.checked;
        if (choice) this.choice[choice] = target.value;
      });
    });
  }

  /** Set a parameter, or put it back to where it started; near the start it is the start itself. */
  set(name, value) {
    if (name.startsWith('noise-')) {
      const top = this.setting[this.activation.noise.high]; // which need not lie on a step
      this.drawn = top - value < NOISE_STEP ? top : value;
      return;
    }
    const { default: first, step } = this.activation.parameters.find((parameter) => parameter.name === name);
    this.setting[name] = value === undefined || Math.abs(value - first) < step / 2 ? first : value;
  }
}
