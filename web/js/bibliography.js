// Filters the bibliography by words; the address keeps them: ?find=hochreiter+2016
import { read, writer } from './address.js';
import { fold, words } from './words.js';

export function start(box) {
  const input = box.querySelector('input');
  const count = box.querySelector('output');
  const write = writer(box);
  const years = [...document.querySelectorAll('h2[id^="year-"]')].map((heading) => {
    const papers = [];
    for (let next = heading.nextElementSibling; next?.matches('.af-paper'); next = next.nextElementSibling) {
      papers.push({ element: next, text: fold(`${next.dataset.find} ${heading.id.slice(5)}`) });
    }
    return { heading, papers };
  });
  const all = years.flatMap(({ papers }) => papers);

  function filter() {
    const wanted = words(input.value);
    for (const { element, text } of all) {
      element.hidden = !wanted.every((word) => text.includes(word));
    }
    for (const { heading, papers } of years) {
      heading.hidden = papers.every(({ element }) => element.hidden);
    }
    const shown = all.filter(({ element }) => !element.hidden).length;
    count.value = wanted.length ? `${shown} of ${all.length} papers` : `${all.length} papers`;
  }

  input.addEventListener('input', () => {
    filter();
    write({ find: input.value || undefined });
  });
  input.value = read().get('find') ?? input.value; // a quick reader may have typed already
  filter();
}
