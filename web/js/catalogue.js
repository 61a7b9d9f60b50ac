// Sorts and filters the catalogue, or another table below its filters; the address keeps the state: ?family=Rectifiers&sort=-gain
import { read, writer } from './address.js';
import { fold, words } from './words.js';

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
  const rows = [...table.tBodies[0].rows].map((element) => ({
    element,
    text: fold(element.textContent),
    values: Object.fromEntries(columns.map((key, i) => [key, element.cells[first + i].querySelector('data').value])),
  }));
  let sort = '';

  const order = (a, b) => {
    if (a === '' || b === '') return (a === '') - (b === '');
    return isNaN(a) || isNaN(b) ? a.localeCompare(b) : a - b;
  };

  function show() {
    const wanted = words(inputs[0].value);
    const menus = inputs.slice(1).filter((menu) => menu.value);
    for (const { element, text, values } of rows) {
      element.hidden = !(wanted.every((word) => text.includes(word))
        && menus.every((menu) => values[menu.name] === menu.value));
    }
    const key = sort.replace('-', '');
    const sign = sort.startsWith('-') ? -1 : 1;
    const sorted = key ? rows.toSorted((a, b) => {
      const [one, other] = [a.values[key], b.values[key]];
      return one === '' || other === '' ? order(one, other) : sign * order(one, other);
    }) : rows;
    table.tBodies[0].append(...sorted.map(({ element }) => element));
    headings.forEach((heading, i) => {
      if (columns[i] === key) heading.ariaSort = sign > 0 ? 'ascending' : 'descending';
      else heading.removeAttribute('aria-sort');
    });
    const shown = rows.filter(({ element }) => !element.hidden).length;
    output.value = shown < rows.length ? `${shown} of ${rows.length} ${counted}` : `${shown} ${counted}`;
  }

  function keep() {
    show();
    const values = [...inputs, { name: 'sort', value: sort }].map(({ name, value }) => [name, value || undefined]);
    write(Object.fromEntries(values));
  }

  headings.forEach((heading, i) => {
    if (columns[i] === 'formula') return;
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...heading.childNodes);
    button.addEventListener('click', () => {
      sort = sort === columns[i] ? `-${columns[i]}` : columns[i];
      keep();
    });
    heading.append(button);
  });
  box.addEventListener('input', keep);
  box.querySelector('button').addEventListener('click', () => {
    for (const input of inputs) input.value = '';
    sort = '';
    keep();
    inputs[0].focus();
  });
  const state = read();
  for (const input of inputs) {
    const value = state.get(input.name) ?? input.value; // a quick reader may have typed already
    if (input.tagName === 'INPUT' || [...input.options].some((o) => o.value === value)) input.value = value;
  }
  const asked = state.get('sort') ?? '';
  if (columns.includes(asked.replace('-', ''))) sort = asked;
  show();
}
