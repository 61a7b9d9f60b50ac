// What Material builds in the page once it has loaded, and no template can mend: navigation
// landmarks around copy buttons and tags, boxes of wide tables that no key scrolls, and a drawer
// that no key opens, since its button is a label.
const drawer = document.querySelector('#__drawer');
const label = document.querySelector('.md-header [for="__drawer"]');
const button = document.createElement('button');
const inDrawer = (element) => element.closest('.md-sidebar--primary');

const unmark = () => {
  for (const nav of document.querySelectorAll(':is(.md-code__nav, .md-search-result .md-tags):not([role])')) nav.role = 'none';
};

const marks = (box) => ({ tabindex: 0, ...(box.matches('code') ? {} : { role: 'group', 'aria-label': 'Wide table' }) });

// Material gives a block of code its stop as it comes into sight, which is late for who comes by keys
const reach = new ResizeObserver((entries) => {
  const wide = entries.map(({ target }) => target.scrollWidth > target.clientWidth); // all, before any is marked
  for (const [i, { target }] of entries.entries()) {
    for (const [name, value] of Object.entries(marks(target))) {
      if (wide[i]) target.setAttribute(name, value);
      else target.removeAttribute(name);
    }
  }
});

/** Open what is folded in the section that the address names; Material opens what holds the place. */
const unfold = () => {
  const named = location.hash && document.getElementById(location.hash.slice(1));
  for (let next = named?.nextElementSibling; next && next.tagName !== 'H2'; next = next.nextElementSibling) {
    if (named.tagName === 'H2' && next.matches('.af-whole')) next.open = true;
  }
};
addEventListener('hashchange', unfold);

/** Mend the page that has just come. */
export function start() {
  unfold();
  unmark();
  reach.disconnect();
  for (const box of document.querySelectorAll('.md-typeset__scrollwrap, pre > code')) reach.observe(box);
  document.querySelector('[data-search]')?.addEventListener('click', () => {
    document.querySelector('.md-search__input').focus();
  });
}

Object.assign(button, { type: 'button', className: `${label.className} af-drawer`, ariaLabel: 'Menu', ariaExpanded: false });
button.append(...label.childNodes);
label.replaceWith(button);
button.addEventListener('click', ({ detail: pointed }) => {
  drawer.click();
  if (pointed) return;
  const stops = [...document.querySelectorAll('.md-sidebar--primary :is(a, input)')];
  stops.find((stop) => stop.checkVisibility({ visibilityProperty: true })).focus();
});
drawer.addEventListener('change', () => { button.ariaExpanded = drawer.checked; });
// Firefox brings back how both stood before a reload
for (const toggle of [drawer, document.querySelector('#__search')]) {
  if (toggle.checked && !new URLSearchParams(location.search).has('q')) toggle.click();
}
document.addEventListener('focusout', ({ target, relatedTarget: next }) => {
  if (drawer.checked && inDrawer(target) && next && !inDrawer(next)) drawer.click();
});
document.addEventListener('keydown', ({ key }) => {
  if (key !== 'Escape' || !drawer.checked) return;
  drawer.click();
  button.focus();
});

// blocks of code get their buttons as they come into sight
new MutationObserver(unmark).observe(document.body, { childList: true, subtree: true });

// Material's rule that nothing fades while the colours change: with it in the page from the start,
// every element is styled twice more before there is any change
const all = ['*', '::before', '::after'].map((every) => `[data-md-color-switching] ${every}`);
document.querySelector('[data-md-component="palette"]').addEventListener('change', () => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`${all} { transition-duration: 0s !important }`);
  document.adoptedStyleSheets.push(sheet);
}, { capture: true, once: true });
