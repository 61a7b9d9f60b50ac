// TeX to SVG, with the formula in words, by MathJax.
import { mathjax } from '@mathjax/src/js/mathjax.js';
import { SVG } from '@mathjax/src/js/output/svg.js';
import { optimize } from 'svgo/browser'; // one file, which loads faster than many
import { adaptor, plain, tex } from './mathml.mjs';
import { speak } from './speech.mjs';

const NARROW = 32; // ex: what fits beside a plot, and on a phone
const BETWEEN_FACTORS = /\\right\) *(?=\\left\(|\\sqrt)/g;
const output = (inline) => mathjax.document('', { InputJax: tex, OutputJax: new SVG({ fontCache: 'none', linebreaks: { inline } }) });
const whole = output(false);
const inParts = output(true);

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

const width = (svg) => parseFloat(adaptor.getAttribute(svg, 'width'));

async function converted(doc, source) {
  const item = new doc.options.MathItem(source, tex, false);
  item.setMetrics(16, 8, 1280, 1);
  await mathjax.handleRetriesFor(() => item.convert(doc));
  const drawn = adaptor.childNodes(item.typesetRoot).filter((node) => adaptor.kind(node) === 'svg' && width(node) > 0);
  return { root: item.root, drawn };
}

// A wide formula is one drawing for each part, with spaces where lines may break.
export async function typeset({ tex: source, display }) {
  const styled = display ? `\\displaystyle ${source}` : source;
  const { root, drawn } = await converted(whole, styled);
  const breakable = styled.replace(BETWEEN_FACTORS, '\\right) \\allowbreak ');
  const parts = width(drawn[0]) > NARROW ? (await converted(inParts, breakable)).drawn : drawn;
  const flattened = parts.map((part) => optimize(adaptor.outerHTML(part), flat).data);
  return { svg: flattened.join(' '), speech: speak(plain(root)) };
}
