// TeX to SVG, with the formula in words, by MathJax.
import { mathjax } from '@mathjax/src/js/mathjax.js';
import { SVG } from '@mathjax/src/js/output/svg.js';
import { optimize } from 'svgo/browser'; // one file, which loads faster than many
import { adaptor, plain, tex } from './mathml.mjs';
import { speak } from './speech.mjs';

const svg = new SVG({ fontCache: 'none', linebreaks: { inline: false } });
const doc = mathjax.document('', { InputJax: tex, OutputJax: svg });

// One path for a formula, since a browser's work for a page grows with its elements. A unit is a
// thousandth of an em: whole ones are finer than any screen.
const flat = {
  js2svg: { pretty: false },
  plugins: [
    { name: 'removeAttrs', params: { attrs: ['data-.*', 'role', 'focusable', 'stroke.*', 'xmlns.*'] } },
    'convertShapeToPath', 'moveGroupAttrsToElems', 'collapseGroups', 'moveGroupAttrsToElems', 'collapseGroups',
    { name: 'convertPathData', params: { floatPrecision: 0, utilizeAbsolute: false, makeArcs: false } },
    { name: 'mergePaths', params: { force: true } },
    'removeEmptyContainers',
  ],
};

export async function typeset({ tex: source, display }) {
  const item = new doc.options.MathItem(source, tex, display);
  item.setMetrics(16, 8, 1280, 1);
  await mathjax.handleRetriesFor(() => item.convert(doc));
  const drawn = optimize(adaptor.innerHTML(item.typesetRoot), flat).data;
  return { svg: drawn, speech: speak(plain(item.root)) };
}
