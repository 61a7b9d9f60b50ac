// TeX to SVG, with the formula in words, by MathJax.
import { mathjax } from '@mathjax/src/js/mathjax.js';
import { SVG } from '@mathjax/src/js/output/svg.js';
import { adaptor, plain, tex } from './mathml.mjs';
import { speak } from './speech.mjs';

const svg = new SVG({ fontCache: 'global', linebreaks: { inline: false } });
const doc = mathjax.document('', { InputJax: tex, OutputJax: svg });

const reference = /href="#(MJX-[^"]+)"/g;
const namespace = / xmlns(:\w+)?="[^"]*"/g; // which HTML knows without being told
const noise = /^(data-.*|role|focusable)$/;
const isElement = (node) => !node.kind.startsWith('#');

// MathJax notes its sources in attributes that nobody reads; groups that carry nothing go too.
function strip(node) {
  for (const { name } of adaptor.allAttributes(node)) {
    if (noise.test(name)) adaptor.removeAttribute(node, name);
  }
  node.children.filter(isElement).forEach(strip);
  node.children = node.children.flatMap(lifted);
}

// What takes a group's place: its children, if it says nothing; its one child with what it says, if
// the child says nothing of the kind; else itself.
function lifted(node) {
  if (node.kind !== 'g') return [node];
  const said = adaptor.allAttributes(node);
  if (!said.length) return node.children;
  const [child, ...others] = node.children;
  if (!child || others.length || !isElement(child)) return [node];
  if (said.some(({ name }) => adaptor.hasAttribute(child, name))) return [node];
  for (const { name, value } of said) adaptor.setAttribute(child, name, value);
  return [child];
}

const paths = new Map();

// The outline of a glyph: MathJax appends to its cache what a formula is the first to use.
function outline(id) {
  const store = svg.fontCache.getCache().children;
  while (paths.size < store.length) {
    const glyph = store[paths.size];
    paths.set(adaptor.getAttribute(glyph, 'id'), adaptor.getAttribute(glyph, 'd'));
  }
  return paths.get(id);
}

export async function typeset({ tex: source, display }) {
  const item = new doc.options.MathItem(source, tex, display);
  item.setMetrics(16, 8, 1280, 1);
  await mathjax.handleRetriesFor(() => item.convert(doc));
  strip(item.typesetRoot);
  const drawn = adaptor.serializeXML(adaptor.firstChild(item.typesetRoot)).replace(namespace, '');
  const glyphs = {};
  for (const [, id] of drawn.matchAll(reference)) glyphs[id] = outline(id);
  // xlink:href stays: Material's instant navigation trips over an SVG element that has a plain href.
  return { svg: drawn, speech: speak(plain.visitTree(item.root)), glyphs };
}
