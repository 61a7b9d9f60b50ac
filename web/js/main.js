// Loaded on every page: mends what Material leaves, and starts the widgets that the page holds, each
// by its own script.
import * as access from './access.js';
import * as copy from './copy.js';

const widgets = {
  bibliography: () => import('./bibliography.js'),
  catalogue: () => import('./catalogue.js'),
  compare: () => import('./compare.js'),
  explore: () => import('./explore.js'),
  gate: () => import('./gate.js'),
  guide: () => import('./guide.js'),
  lost: () => import('./lost.js'),
  vector: () => import('./vector.js'),
};

/** The module of an activation's functions, printed from its formula. */
const load = async (slug) => {
  if (OFFLINE) return (await import('./functions.js')).load(slug);
  return (await import(new URL(`activations/${slug}.js`, import.meta.url))).default;
};

document.addEventListener('click', async ({ target }) => {
  const button = target.closest('[data-picture]');
  if (button) (await import('./picture.js')).take(button.closest('figure'), button.dataset.picture);
});

function start() {
  access.start();
  copy.start();
  for (const place of document.querySelectorAll('[data-widget]:not([data-started])')) {
    place.dataset.started = '';
    widgets[place.dataset.widget]().then((widget) => widget.start(place, load, copy));
  }
}

// Material's instant navigation replaces the page's content and tells so by document$.
if (window.document$) window.document$.subscribe(start);
else start();
