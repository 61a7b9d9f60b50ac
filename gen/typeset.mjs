// TeX to SVG with its words, and to MathML, by MathJax.
import { mathjax } from '@mathjax/src/js/mathjax.js';
import { TeX } from '@mathjax/src/js/input/tex.js';
import { SVG } from '@mathjax/src/js/output/svg.js';
import { liteAdaptor } from '@mathjax/src/js/adaptors/liteAdaptor.js';
import { RegisterHTMLHandler } from '@mathjax/src/js/handlers/html.js';
import { SerializedMmlVisitor } from '@mathjax/src/js/core/MmlTree/SerializedMmlVisitor.js';
import '@mathjax/src/js/util/asyncLoad/esm.js';
import '@mathjax/src/js/input/tex/base/BaseConfiguration.js';
import '@mathjax/src/js/input/tex/ams/AmsConfiguration.js';
import { optimize } from 'svgo';

const adaptor = liteAdaptor();
RegisterHTMLHandler(adaptor);
const tex = new TeX({
  packages: ['base', 'ams'],
  formatError: (_, error) => { throw error; },
});
const svg = new SVG({ fontCache: 'none', linebreaks: { inline: false } });
const doc = mathjax.document('', { InputJax: tex, OutputJax: svg });

// Presentation MathML without the notes that MathJax keeps of its sources.
class PlainMathML extends SerializedMmlVisitor {
  getAttributeList(node) {
    const all = Object.entries(super.getAttributeList(node));
    return Object.fromEntries(all.filter(([name]) => !name.startsWith('data-')));
  }
  visitNode(node) {
    return super.visitNode(node, '');
  }
  quoteHTML(value) {
    return value.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
  }
}
const plain = new PlainMathML();

// One path for a formula, since a browser's work for a page grows with its elements. A unit is a
// thousandth of an em: whole ones are finer than any screen.
const flat = {
  multipass: true,
  js2svg: { pretty: false },
  plugins: [
    { name: 'removeAttrs', params: { attrs: ['data-.*', 'role', 'focusable', 'stroke.*', 'xmlns.*'] } },
    'convertShapeToPath', 'moveGroupAttrsToElems', 'collapseGroups',
    { name: 'convertPathData', params: { floatPrecision: 0, utilizeAbsolute: false, makeArcs: false } },
    { name: 'mergePaths', params: { force: true } },
    'removeEmptyContainers',
  ],
};

export async function typeset({ tex: source, display }) {
  const { speak } = await import('./speech.mjs');
  const item = new doc.options.MathItem(source, tex, display);
  item.setMetrics(16, 8, 1280, 1);
  await mathjax.handleRetriesFor(() => item.convert(doc));
  const drawn = optimize(adaptor.innerHTML(item.typesetRoot), flat).data;
  return { svg: drawn, speech: speak(plain.visitTree(item.root)) };
}

export async function toMathML(source) {
  const item = new doc.options.MathItem(source, tex, true);
  await mathjax.handleRetriesFor(() => item.compile(doc));
  const body = plain.childNodeMml(item.root, '', '').replaceAll('\n', '');
  const note = `<annotation encoding="application/x-tex">${plain.quoteHTML(source)}</annotation>`;
  return { mathml: `<math xmlns="http://www.w3.org/1998/Math/MathML" display="block"><semantics>${body}${note}</semantics></math>` };
}

