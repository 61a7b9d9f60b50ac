// Filters the bibliography by words; the address keeps them: ?find=hochreiter+2016
(() => {
  const box = document.querySelector('.af-filter');
  const input = box.querySelector('input');
  const count = box.querySelector('output');
  const fold = (text) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const years = [...document.querySelectorAll('h2[id^="year-"]')].map((heading) => {
    const papers = [];
    for (let next = heading.nextElementSibling; next?.matches('.af-paper'); next = next.nextElementSibling) {
      papers.push({ element: next, text: fold(`${next.dataset.find} ${heading.id.slice(5)}`) });
    }
    return { heading, papers };
  });
  const all = years.flatMap(({ papers }) => papers);

  function filter() {
    const words = fold(input.value).split(/\s+/).filter(Boolean);
    for (const { element, text } of all) {
      element.hidden = !words.every((word) => text.includes(word));
    }
    for (const { heading, papers } of years) {
      heading.hidden = papers.every(({ element }) => element.hidden);
    }
    const shown = all.filter(({ element }) => !element.hidden).length;
    count.value = words.length ? `${shown} of ${all.length} papers` : `${all.length} papers`;
  }

  input.addEventListener('input', () => {
    filter();
    const address = new URL(location.href);
    if (input.value) address.searchParams.set('find', input.value);
    else address.searchParams.delete('find');
    history.replaceState(history.state, '', address);
  });
  input.value = new URL(location.href).searchParams.get('find') ?? '';
  filter();
})();
