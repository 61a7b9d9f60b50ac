// Loaded on every page: starts the widgets that the page holds, each by its own script.
const widgets = {
  compare: () => import('./compare.js'),
  explore: () => import('./explore.js'),
  gate: () => import('./gate.js'),
  vector: () => import('./vector.js'),
};

/** The module of an activation's functions, printed from its formula. */
const load = async (slug) => (await import(new URL(`activations/${slug}.js`, import.meta.url))).default;

function start() {
  for (const place of document.querySelectorAll('[data-widget]:not([data-started])')) {
    place.dataset.started = '';
    widgets[place.dataset.widget]().then((widget) => widget.start(place, load));
  }
}

// Material's instant navigation replaces the page's content and tells so by document$.
if (window.document$) window.document$.subscribe(start);
else start();
