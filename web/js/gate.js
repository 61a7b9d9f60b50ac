// Reads the map of a gate: a crosshair over the static drawing, moved by pointer or by sliders.
import { number, read, writer } from './address.js';
import { plain, short } from './numbers.js';
import { colour, element, line, sizeOf } from './plot.js';

const HALVES = ['a', 'b'];

/** Take over the figure that gen/pages/activation/controls.py wrote. */
export async function start(figure, load) {
  const gate = await load(figure.dataset.slug);
  const axes = JSON.parse(figure.dataset.axes);
  const spans = { a: axes.x, b: axes.y };
  const [left, top, right, bottom] = axes.box;
  const stage = figure.querySelector('.af-stage');
  const [width, height] = sizeOf(stage.querySelector('svg'));
  const svg = element('svg', { viewBox: `0 0 ${width} ${height}`, 'aria-hidden': 'true', class: 'af-over' }, stage);
  const hairs = element('path', { style: line('ink', 0.8, 'stroke-dasharray: 2 2') }, svg);
  const dot = element('circle', { r: 3.4, style: `fill: ${colour('f')}; stroke: ${colour('paper')}; stroke-width: 1.2` }, svg);
  const input = (half) => figure.querySelector(`[data-parameter="${half}"]`);
  const step = Number(input('a').step);
  const write = writer(figure);
  const query = read();
  const setting = Object.fromEntries(gate.parameters.map(({ name, default: value }) => [name, value]));
  const at = {};
  for (const half of HALVES) at[half] = number(query.get(half), ...spans[half]) ?? 0;

  function draw() {
    const { a, b } = at;
    const x = left + ((a - axes.x[0]) / (axes.x[1] - axes.x[0])) * (right - left);
    const y = top + ((axes.y[1] - b) / (axes.y[1] - axes.y[0])) * (bottom - top);
    hairs.setAttribute('d', `M${x} ${bottom}V${top}M${left} ${y}H${right}`);
    dot.setAttribute('cx', x);
    dot.setAttribute('cy', y);
    const values = { a, b, f: gate.f(a, b, setting), da: gate.da(a, b, setting), db: gate.db(a, b, setting) };
    for (const [name, value] of Object.entries(values)) {
      figure.querySelector(`[data-value="${name}"]`).textContent = plain(value);
    }
    for (const half of HALVES) {
      input(half).value = at[half];
      input(half).ariaValueText = `${plain(at[half])}, output ${plain(values.f)}`;
      figure.querySelector(`[data-set="${half}"]`).textContent = plain(at[half]);
    }
  }

  function move(place) {
    Object.assign(at, place);
    write(Object.fromEntries(HALVES.map((half) => [half, at[half] ? short(at[half], step) : undefined])));
    draw();
  }

  function point(event) {
    const box = svg.getBoundingClientRect();
    const across = (((event.clientX - box.left) / box.width) * width - left) / (right - left);
    const up = 1 - (((event.clientY - box.top) / box.height) * height - top) / (bottom - top);
    const on = ([low, high], share) => {
      const value = low + Math.min(Math.max(share, 0), 1) * (high - low);
      return Number((Math.round(value / step) * step).toPrecision(12));
    };
    move({ a: on(spans.a, across), b: on(spans.b, up) });
  }

  stage.addEventListener('pointerdown', point);
  stage.addEventListener('pointermove', (event) => {
    if (event.buttons) point(event);
  });
  figure.addEventListener('input', ({ target }) => move({ [target.dataset.parameter]: target.valueAsNumber }));
  figure.addEventListener('click', ({ target }) => {
    const half = target.closest('button')?.dataset.reset;
    if (half) move({ [half]: 0 });
  });
  figure.querySelector('.af-controls').disabled = false;
  figure.classList.add('af-live');
  draw();
}
