// Overlays functions of one number: their values, derivatives, or differences from one of them.
import { pageOf, read, writer } from './address.js';
import { functions, titles } from './entries.js'; // made by gen/pages/compare.py
import { Chosen, parse } from './chosen.js';
import { ROLES, dots, extent, stretches } from './curve.js';
import { farthest, minus } from './difference.js';
import { Moving } from './moving.js';
import { clipped, plain } from './numbers.js';
import { Overlay, look, stroke } from './overlay.js';
import { note, png, save, svgText } from './picture.js';
import { fill } from './sidebyside.js';
import { fold, words } from './words.js';

const LABELS = { f: 'f(x)', df: 'f′(x)', ddf: 'f″(x)' };
const MOST = 16; // functions at once
const TROUBLE = 8; // things told that the address says in vain
const PIXELS = 1.3; // for each unit of the drawing
const LEAST = 200; // pixels of width and height, while the page has no room yet
const NARROW = 560; // below this many pixels the names are in the list alone
const PICTURE = [640, 400]; // units of an exported drawing

/** Take over the element that gen/pages/compare.py wrote. */
export async function start(place, load, { put }) {
  await new Comparison(place, load, put).begin();
}

const swatch = (place) =>
  `<svg class="af-swatch" viewBox="0 0 40 8" aria-hidden="true"><path d="M1 4H39" style="${stroke(look(place))}"/></svg>`;

/** The function with that name or alias, or else the first with one that begins so, or has it in it. */
function nearest(wanted) {
  const called = Object.entries(functions).map(([slug, { names }]) => [slug, [slug, ...names].map(fold)]);
  const ways = [(name) => name === wanted, (name) => name.startsWith(wanted), (name) => name.includes(wanted)];
  return ways.map((fits) => called.find(([, names]) => names.some(fits))).find(Boolean)?.[0];
}

class Comparison extends Moving {
  constructor(place, load, put) {
    super();
    this.figure = place;
    this.load = load;
    this.put = put;
    this.page = place.closest('article');
    this.write = writer(place);
    this.find = (name) => this.page.querySelector(name);
    this.chosen = [];
  }

  async begin() {
    this.plot = new Overlay(this.room());
    this.find('.af-stage').append(...this.handle('Comparison'));
    await this.restore(read());
    this.listen();
    this.find('.af-tools').disabled = false;
    this.figure.classList.add('af-live');
  }

  /** The drawing's size in its units: it fills its place on the page. */
  room() {
    const stage = this.find('.af-stage');
    return [stage.clientWidth, stage.clientHeight].map((pixels) => Math.max(pixels, LEAST) / PIXELS);
  }

  /* The state, and the address that keeps it. */

  /** Show what an address's query says; tell what of it means nothing. */
  async restore(query) {
    const trouble = [];
    const terms = (query.get('f') ?? this.figure.dataset.start).split(',').filter((term) => term.trim());
    const made = await Promise.all(terms.slice(0, MOST).map((term) => this.make(term, trouble)));
    if (terms.length > MOST) trouble.push(`${terms.length - MOST} functions more than the ${MOST} that fit`);
    this.chosen = made.filter(Boolean);
    const role = query.get('show') ?? 'f';
    if (!ROLES.includes(role)) trouble.push(`show is one of ${ROLES.join(', ')}`);
    this.role = ROLES.includes(role) ? role : 'f';
    const from = query.get('from');
    const wanted = from === null ? undefined : (await this.make(from, []))?.term;
    this.reference = this.chosen.find(({ term }) => term === wanted);
    if (from !== null && !this.reference) trouble.push(`${from} is not among the functions`);
    this.restoreView(query);
    if (query.has('view') && !this.view) trouble.push('view is four numbers: left, right, bottom, top');
    if (query.has('at') && this.at === undefined) trouble.push('at is no number');
    const told = trouble.map((words) => clipped(words, 120)).slice(0, TROUBLE);
    if (trouble.length > TROUBLE) told.push(`${trouble.length - TROUBLE} more`);
    this.say(told.length ? `Ignored in the address: ${told.join('; ')}.` : '');
    for (const radio of this.page.querySelectorAll('[name=af-role]')) radio.checked = radio.value === this.role;
    this.list();
    this.draw();
  }

  /** The function that a term of the address means; undefined, and a word on it, if none. */
  async make(term, trouble) {
    const { slug, given } = parse(term);
    if (!Object.hasOwn(functions, slug)) {
      trouble.push(`${slug} is no function of one number here`);
      return undefined;
    }
    const chosen = new Chosen(await this.load(slug), functions[slug].choices);
    trouble.push(...given.map(([name, text]) => chosen.set(name, text)).filter(Boolean));
    return chosen;
  }

  save() {
    const terms = this.chosen.map(({ term }) => term).join();
    this.write({
      f: terms === this.figure.dataset.start ? undefined : terms,
      show: this.role === 'f' ? undefined : this.role,
      from: this.reference?.term,
      ...this.viewInAddress,
    });
  }

  say(text) {
    this.find('.af-message').textContent = text;
  }

  /* Drawing. */

  /** The shared first window: wide enough for each function's own. */
  get axes() {
    const windows = this.chosen.map(({ activation }) => activation.window);
    if (!windows.length) return { x: [-6, 6], y: [-1, 1] };
    return { x: [Math.min(...windows.map(([low]) => low)), Math.max(...windows.map(([, high]) => high))] };
  }

  joints() {
    return this.chosen.flatMap((chosen) => chosen.curve().joints);
  }

  /** What is drawn of each function on the window `x`: all, or all but the one they differ from. */
  curves(x) {
    const other = this.reference?.curve();
    return this.chosen.flatMap((chosen, place) => {
      if (chosen === this.reference) return [];
      const curve = other ? minus(chosen.curve(), other) : chosen.curve();
      return [{ chosen, place, curve, name: chosen.label, stretches: stretches(curve[this.role], this.role, curve.joints, x) }];
    });
  }

  /** The height that shows all of the curves, and the axis. */
  height(curves) {
    const [low, high] = extent(curves.flatMap(({ stretches: found }) => found), [0, 0]);
    const margin = 0.06 * (high - low) || 1;
    return [low - margin, high + margin];
  }

  draw() {
    const x = this.view?.x ?? this.axes.x;
    const curves = this.curves(x);
    this.window = { x, y: this.view?.y ?? this.height(curves) };
    this.at = this.at === undefined ? undefined : this.snap(this.at, this.joints());
    const scene = {
      ...this.window,
      curves,
      dots: curves.flatMap(({ place, curve }) =>
        dots(this.role, curve.joints).map(([dx, y, closed]) => ({ ...look(place), x: dx, y, closed })),
      ),
    };
    this.scene = { ...scene, curves: curves.map((curve) => ({ ...curve, label: curve.name })) };
    const points = curves.map(({ place, curve }) => ({ ...look(place), y: curve[this.role](this.at) }));
    const wide = this.find('.af-stage').clientWidth >= NARROW;
    this.plot.draw({ ...(wide ? this.scene : scene), cursor: this.at === undefined ? undefined : { x: this.at, points } });
    this.tell(curves);
  }

  /** The readings in the list, the caption, and what a screen reader hears. */
  tell(curves) {
    const spoken = [];
    this.find('[data-value=x]').textContent = plain(this.readAt);
    this.chosen.forEach((chosen, place) => {
      const row = this.find('.af-chosen').children[place];
      const drawn = curves.find((curve) => curve.chosen === chosen);
      const reading = this.reading(drawn?.curve ?? chosen.curve(), drawn);
      row.querySelector('.af-number').textContent = reading;
      row.querySelector('.af-farthest').textContent = this.distance(chosen, drawn);
      if (this.at !== undefined && drawn) spoken.push(`${chosen.label}: ${reading.replace(' | ', ' on the left, ')}`);
    });
    this.tellNames(curves);
    this.tellPoint(spoken.join('; '));
  }

  /** Above the plot: what is drawn, and how each function's line looks. */
  tellNames(curves) {
    const [before, after] = this.caption.split(': ', 2);
    if (after === undefined) return this.find('.af-caption').replaceChildren(before);
    const names = curves.map(({ place, name }) => {
      const label = document.createElement('span');
      label.innerHTML = swatch(place);
      label.append(name);
      return label;
    });
    this.find('.af-caption').replaceChildren(`${before}: `, ...names);
  }

  reading(curve, drawn) {
    if (!drawn) return '–';
    const joint = curve.joints.find(({ x }) => x === this.readAt);
    const [left, right] = joint ? [joint[this.role][0], joint[this.role].at(-1)] : [];
    if (joint && Math.abs(left - right) > 1e-12 && this.role !== 'f') return `${plain(left)} | ${plain(right)}`;
    return plain(curve[this.role](this.readAt));
  }

  distance(chosen, drawn) {
    if (!this.reference) return '';
    if (!drawn) return 'the others differ from it';
    const found = farthest(drawn, this.role, this.window.x);
    return found ? `differs most by ${plain(Math.abs(found[1]), 3)}, at x = ${plain(found[0], 3)}` : '';
  }

  get caption() {
    if (!this.chosen.length) return 'Nothing is chosen.';
    const names = this.chosen.filter((chosen) => chosen !== this.reference).map(({ label }) => label);
    const of = names.join('; ');
    return this.reference ? `${LABELS[this.role]} minus that of ${this.reference.label}: ${of}.` : `${LABELS[this.role]}: ${of}.`;
  }

  /* The list of what is chosen, and the facts. */

  list() {
    this.find('.af-chosen').replaceChildren(...this.chosen.map((chosen, place) => this.row(chosen, place)));
    this.name();
  }

  row(chosen, place) {
    const row = document.createElement('li');
    row.innerHTML =
      swatch(place) +
      `<a href="${pageOf(chosen.activation.slug)}">${chosen.activation.name}</a>` +
      '<span class="af-fields"></span><span class="af-number">–</span><span class="af-farthest"></span>' +
      '<button type="button" class="af-remove">×</button>';
    const remove = row.querySelector('.af-remove');
    remove.ariaLabel = `Remove ${chosen.label}`;
    remove.addEventListener('click', () => this.remove(place));
    for (const parameter of chosen.activation.parameters) row.querySelector('.af-fields').append(this.numberField(chosen, parameter));
    for (const [name, values] of Object.entries(chosen.choices)) row.querySelector('.af-fields').append(this.choiceField(chosen, name, values));
    return row;
  }

  numberField(chosen, { name, symbol, low, high, step }) {
    const input = document.createElement('input');
    Object.assign(input, { type: 'number', min: low, max: high, step, value: Number(chosen.setting[name].toPrecision(6)), title: name });
    input.addEventListener('change', () => this.adjust(chosen, name, input.value, input));
    return this.field(chosen, symbol, name, input);
  }

  choiceField(chosen, name, values) {
    const select = document.createElement('select');
    select.append(...values.map((value) => new Option(value)));
    select.value = chosen.choice[name];
    select.addEventListener('change', () => this.adjust(chosen, name, select.value, select));
    return this.field(chosen, name, name, select);
  }

  field(chosen, text, name, control) {
    const label = document.createElement('label');
    control.ariaLabel = `${chosen.activation.name}, ${name}`;
    control.autocomplete = 'off';
    label.append(`${text} `, control);
    return label;
  }

  adjust(chosen, name, text, control) {
    this.say(chosen.set(name, text) ?? '');
    control.value = chosen.setting[name] ?? chosen.choice[name];
    this.change(() => this.name());
  }

  /** Names depend on the parameters: in the menu of references, and in the facts. */
  name() {
    const menu = this.find('[name=af-from]');
    menu.replaceChildren(new Option('nothing', ''), ...this.chosen.map(({ label }, place) => new Option(label, place)));
    menu.value = this.reference ? this.chosen.indexOf(this.reference) : '';
    const columns = this.chosen.map((chosen) => ({
      label: chosen.label,
      href: pageOf(chosen.activation.slug),
      facts: functions[chosen.activation.slug].facts,
      moved: chosen.changes.length > 0,
    }));
    fill(this.find('.af-sidebyside'), titles, columns);
    this.find('.af-moved-facts').hidden = !columns.some(({ moved }) => moved);
  }

  /* Acting. */

  listen() {
    this.follow();
    this.find('.af-add').addEventListener('submit', (event) => {
      event.preventDefault();
      this.add(event.target.elements.add);
    });
    for (const radio of this.page.querySelectorAll('[name=af-role]')) {
      radio.addEventListener('change', () => this.show(() => (this.role = radio.value)));
    }
    const from = this.find('[name=af-from]');
    from.addEventListener('change', () => this.show(() => (this.reference = from.value ? this.chosen[from.value] : undefined)));
    this.find('[data-save=svg]').addEventListener('click', () => save(new Blob([this.picture()], { type: 'image/svg+xml' }), `${this.fileName}.svg`));
    this.find('[data-save=png]').addEventListener('click', async () => save(await png(this.picture()), `${this.fileName}.png`));
    this.find('[data-copy]').addEventListener('click', ({ target }) => this.put(target, location.href, 'link'));
    this.page.addEventListener('click', (event) => this.preset(event), { capture: true });
    new ResizeObserver(() => {
      this.plot.resize(this.room());
      this.redraw();
    }).observe(this.find('.af-stage'));
  }

  /** Show something else of the same functions: the window keeps its width and fits its height. */
  show(action) {
    this.change(() => {
      action();
      if (this.view) this.view = { x: this.view.x, y: this.height(this.curves(this.view.x)) };
    });
  }

  async add(input) {
    const wanted = words(input.value).join(' ');
    const found = wanted && nearest(wanted);
    if (!found) return this.say(wanted ? `No function of one number here is called “${input.value.trim()}”.` : 'Write a name first.');
    if (this.chosen.length >= MOST) return this.say(`${MOST} functions are the most that fit; remove one first.`);
    const added = await this.make(found, []);
    input.value = '';
    this.say(`${added.label} is added.`);
    this.change(() => {
      this.chosen.push(added);
      this.list();
    });
  }

  remove(place) {
    const [gone] = this.chosen.splice(place, 1);
    if (gone === this.reference) this.reference = undefined;
    this.say(`${gone.label} is removed.`);
    this.change(() => this.list());
    const buttons = this.page.querySelectorAll('.af-remove');
    (buttons[Math.min(place, buttons.length - 1)] ?? this.find('.af-add input')).focus();
  }

  /** A link to another comparison on the page shows it in place. */
  preset(event) {
    const link = event.target.closest('.af-presets a');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    this.restore(new URL(link.href).searchParams).then(() => this.save());
  }

  /* Exporting. */

  picture() {
    const drawing = new Overlay(PICTURE);
    drawing.draw(this.scene);
    return svgText(drawing.svg, this.caption, this.figure, note());
  }

  get fileName() {
    return ['compare', ...new Set(this.chosen.map(({ activation }) => activation.slug))].join('-').slice(0, 80);
  }
}
