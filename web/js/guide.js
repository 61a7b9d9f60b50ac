// The guided choice: it asks with this page's own lists, and answers with them and with facts.
// ?for=Transformer&need=alive,second-derivative
import { pageOf, read, writer } from './address.js';

export function start(form) {
  const write = writer(form);
  const menu = form.querySelector('select');
  const demands = form.querySelector('fieldset');
  const list = form.querySelector('.af-guide-list');
  const known = JSON.parse(document.querySelector('#af-guide-data').textContent);
  const make = (tag, attributes, ...children) => {
    const element = Object.assign(document.createElement(tag), attributes);
    element.append(...children);
    return element;
  };
  const label = (item) => item.querySelector('strong').textContent;
  const under = (id) => document.querySelector(`h2#${id}`);
  const link = (slug) => make('a', { href: pageOf(slug) }, known[slug].name);

  const outputs = [...under('by-layer').parentElement.querySelector('table').tBodies[0].rows];
  const models = [...document.querySelectorAll('li[data-suggests]')];
  const tests = [...document.querySelectorAll('li[data-test]')];
  const notes = [...document.querySelectorAll('li[data-for]')];

  // a copy has no id twice
  const copy = (item) => {
    const clone = item.cloneNode(true);
    for (const element of clone.querySelectorAll('[id]')) element.removeAttribute('id');
    return [...clone.childNodes];
  };

  function last(row) {
    const [, gives, loss] = row.cells;
    const reasons = notes.filter((item) => item.dataset.for.split(', ').includes(row.cells[0].textContent)
      || item.dataset.for === row.cells[0].textContent);
    return [
      make('p', {}, 'Let the last layer give ', ...copy(gives), '; loss: ', ...copy(loss), '.'),
      make('ul', {}, ...reasons.map((item) => make('li', {}, ...copy(item)))),
    ];
  }

  const verdict = (slug, need) => known[slug].tests[need] ?? [false, 'it is no function of one number'];

  const cards = (slugs, needs) => make('ul', { className: 'af-short' }, ...slugs.map((slug) =>
    make('li', {}, link(slug), ...tests.filter((item) => needs.includes(item.dataset.test)).map((item) => {
      const [met, reason] = verdict(slug, item.dataset.test);
      return make('span', { className: met ? 'af-met' : 'af-unmet' },
        `${label(item)}: ${met ? 'yes' : 'no'}, ${reason}`);
    }))));

  function hidden(item, needs) {
    const suggested = item ? item.dataset.suggests.split(' ').filter(Boolean) : [];
    const meets = (slug) => needs.every((need) => verdict(slug, need)[0]);
    const ordered = [...suggested.filter(meets), ...suggested.filter((slug) => !meets(slug))];
    const others = needs.length ? Object.keys(known).filter((slug) => !suggested.includes(slug) && meets(slug)) : [];
    const found = [];
    if (item) found.push(make('p', {}, ...copy(item)));
    if (ordered.length && needs.length) found.push(cards(ordered, needs));
    if (others.length) {
      const more = suggested.length ? `${others.length} more that meet all of it` : `${others.length} meet all of it`;
      const open = !suggested.some(meets);
      found.push(make('details', { open }, make('summary', {}, more), cards(others, needs)));
    } else if (needs.length && !suggested.some(meets)) {
      found.push(make('p', {}, 'No function here meets all of it.'));
    }
    return found;
  }

  function show() {
    const needs = [...new FormData(form).getAll('need')];
    const row = outputs.find((found) => found.cells[0].textContent === menu.value);
    demands.disabled = Boolean(row);
    list.replaceChildren(...(row ? last(row) : hidden(models.find((item) => label(item) === menu.value), needs)));
  }

  form.addEventListener('input', () => {
    show();
    write({ for: menu.value || undefined, need: new FormData(form).getAll('need').join() || undefined });
  });
  form.addEventListener('submit', (event) => event.preventDefault());

  const state = read();
  const asked = state.get('for') ?? menu.value; // a quick reader may have chosen already
  if ([...menu.options].some((option) => option.value === asked)) menu.value = asked;
  for (const box of demands.querySelectorAll('input')) {
    if (state.has('need')) box.checked = state.get('need').split(',').includes(box.value);
  }
  show();
}
