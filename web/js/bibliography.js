// Filters the bibliography by words; the address keeps them: ?find=hochreiter+2016
import { read, writer } from './address.js';
import { fold, words } from './words.js';

export function start(box, _, copy) {
  const input = box.querySelector('input');
  const count = box.querySelector('output');
  const write = writer(box);
  const years = [...document.querySelectorAll('h2[id^="year-"]')].map((heading) => {
    const papers = [];
    for (let next = heading.nextElementSibling; next?.matches('.af-paper'); next = next.nextElementSibling) {
      const { find, introduces = '' } = next.dataset;
      papers.push({ element: next, text: fold(`${find} ${heading.id.slice(5)}`), names: introduces ? fold(introduces).split('|') : [] });
    }
    const entries = [...document.querySelectorAll(`.md-nav a[href$="#${heading.id}"]`)].map((link) => link.closest('li'));
    return { heading, entries, papers };
  });
  const all = years.flatMap(({ papers }) => papers);
  let above = new Set();

  /** Papers that introduced what is looked for, above all years; those of the whole name first. */
  function lift(name) {
    const begun = name ? all.filter(({ names }) => names.some((own) => own.startsWith(name))) : [];
    const whole = begun.filter(({ names }) => names.includes(name));
    const lifted = new Set([...whole, ...begun]);
    if (!lifted.size && !above.size) return above; // to move papers is to lay out the page again
    for (const { heading, papers } of years) heading.after(...papers.map(({ element }) => element));
    above = lifted;
    years[0].heading.before(...[...above].map(({ element }) => element));
    return above;
  }

  function filter() {
    const wanted = words(input.value);
    for (const { element, text } of all) {
      element.hidden = !wanted.every((word) => text.includes(word));
    }
    const lifted = lift(wanted.join(' '));
    for (const { heading, entries, papers } of years) {
      heading.hidden = papers.every((paper) => paper.element.hidden || lifted.has(paper));
      for (const entry of entries) entry.hidden = heading.hidden;
    }
    const shown = all.filter(({ element }) => !element.hidden).length;
    count.value = wanted.length ? `${shown} of ${all.length} papers` : `${all.length} papers`;
  }

  input.addEventListener('input', () => {
    filter();
    write({ find: input.value || undefined });
  });
  for (const button of document.querySelectorAll('.af-paper [data-copy]')) {
    const { id } = button.closest('.af-paper');
    const text = () => copy.load().then((forms) => forms[id][button.dataset.copy]);
    button.addEventListener('click', () => copy.put(button, text(), button.textContent.replace('Copy ', '')));
  }
  input.value = read().get('find') ?? input.value; // a quick reader may have typed already
  filter();
}
