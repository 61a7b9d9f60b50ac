// Sorts, filters and folds the catalogue, or another table below its filters; the address keeps
// order and filters: ?family=Rectifiers&sort=-gain
import { read, writer } from './address.js';
import { fold, words } from './words.js';

const AT_ONCE = 30; // rows that come into sight in one frame

export function start(box) {
  const columns = box.dataset.columns.split(' ');
  const output = box.querySelector('output');
  const inputs = [...box.querySelectorAll('input, select')];
  const table = document.querySelector('.af-catalogue table');
  const { counted } = box.dataset;
  const all = [...table.tHead.rows[0].cells];
  const first = all.length - columns.length; // after the thumbnails, where there are any
  const headings = all.slice(first);
  const write = writer(box);
  const groups = [...table.tBodies].map((body) => ({ body, heading: body.querySelector('.af-group') }));
  const rows = groups.flatMap((group) => [...group.body.querySelectorAll('tr:not(.af-group)')].map((element) => ({
    element,
    group,
    text: fold(element.textContent),
    values: Object.fromEntries(columns.map((key, i) => [key, element.cells[first + i].querySelector('data').value])),
  })));
  let sort = '';
  let coming;

  const order = (a, b) => {
    if (a === '' || b === '') return (a === '') - (b === '');
    return isNaN(a) || isNaN(b) ? a.localeCompare(b) : a - b;
  };

  /** Put the rows in the order that is asked for: all in one body, or each in that of its group. */
  function arrange() {
    const key = sort.replace('-', '');
    const sign = sort.startsWith('-') ? -1 : 1;
    const sorted = key ? rows.toSorted((a, b) => {
      const [one, other] = [a.values[key], b.values[key]];
      return one === '' || other === '' ? order(one, other) : sign * order(one, other);
    }) : rows;
    for (const { element, group } of sorted) (key ? groups[0] : group).body.append(element);
    headings.forEach((heading, i) => {
      if (columns[i] === key) heading.ariaSort = sign > 0 ? 'ascending' : 'descending';
      else heading.removeAttribute('aria-sort');
    });
  }

  function show() {
    const wanted = words(inputs[0].value);
    const menus = inputs.slice(1).filter((menu) => menu.value);
    const folds = !(sort || wanted.length || menus.length);
    const found = rows.filter(({ text, values }) => wanted.every((word) => text.includes(word))
      && menus.every((menu) => values[menu.name] === menu.value));
    const shown = found.filter(({ group }) => !folds || group.button?.ariaExpanded !== 'false');
    const kept = new Set(shown);
    for (const row of rows) if (!kept.has(row)) row.element.hidden = true;
    reveal(shown);
    if (!folds) table.closest('details')?.setAttribute('open', '');
    const filled = new Set(found.map(({ group }) => group));
    for (const group of groups) if (group.heading) group.heading.hidden = Boolean(sort) || !filled.has(group);
    output.value = found.length < rows.length ? `${found.length} of ${rows.length} ${counted}` : `${rows.length} ${counted}`;
    more.textContent = menus.length ? `Filters: ${menus.length}` : 'Filters';
  }

  /** The first rows at once, those far down in the frames that follow. */
  function reveal([...shown]) {
    cancelAnimationFrame(coming);
    for (const { element } of shown.splice(0, AT_ONCE)) element.hidden = false;
    if (shown.length) coming = requestAnimationFrame(() => reveal(shown));
  }

  function keep() {
    show();
    const values = [...inputs, { name: 'sort', value: sort }].map(({ name, value }) => [name, value || undefined]);
    write(Object.fromEntries(values));
  }

  function reorder(next) {
    sort = next;
    arrange();
  }

  headings.forEach((heading, i) => {
    const button = buttonOf(heading);
    button.addEventListener('click', () => {
      reorder(sort === columns[i] ? `-${columns[i]}` : columns[i]);
      keep();
    });
  });
  for (const group of groups) {
    if (!group.heading) continue;
    group.button = buttonOf(group.heading.querySelector('strong'));
    group.button.ariaExpanded = true;
    group.button.addEventListener('click', () => {
      flip(group.button);
      show();
    });
  }
  const more = box.querySelector('.af-more'); // on a phone: shows the menus
  more.addEventListener('click', () => flip(more));
  box.addEventListener('input', keep);
  box.querySelector('[data-all]').addEventListener('click', () => {
    for (const input of inputs) input.value = '';
    for (const { button } of groups) if (button) button.ariaExpanded = true;
    reorder('');
    keep();
    inputs[0].focus();
  });
  const state = read();
  for (const input of inputs) {
    const value = state.get(input.name) ?? input.value; // a quick reader may have typed already
    if (input.tagName === 'INPUT' || [...input.options].some((o) => o.value === value)) input.value = value;
  }
  const asked = state.get('sort') ?? '';
  if (columns.includes(asked.replace('-', ''))) reorder(asked);
  show();
}

const flip = (button) => {
  button.ariaExpanded = button.ariaExpanded !== 'true';
};

/** A button that takes over what the element holds. */
function buttonOf(element) {
  const button = document.createElement('button');
  button.type = 'button';
  button.append(...element.childNodes);
  element.append(button);
  return button;
}
