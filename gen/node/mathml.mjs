// TeX to MathML, by MathJax.
import { mathjax } from '@mathjax/src/js/mathjax.js';
import { TeX } from '@mathjax/src/js/input/tex.js';
import { liteAdaptor } from '@mathjax/src/js/adaptors/liteAdaptor.js';
import { RegisterHTMLHandler } from '@mathjax/src/js/handlers/html.js';
import { SerializedMmlVisitor } from '@mathjax/src/js/core/MmlTree/SerializedMmlVisitor.js';
import '@mathjax/src/js/util/asyncLoad/esm.js';
import '@mathjax/src/js/input/tex/base/BaseConfiguration.js';
import '@mathjax/src/js/input/tex/ams/AmsConfiguration.js';

export const adaptor = liteAdaptor();
RegisterHTMLHandler(adaptor);
export const tex = new TeX({
  packages: ['base', 'ams'],
  formatError: (_, error) => { throw error; },
});
const doc = mathjax.document('', { InputJax: tex });

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
export const plain = new PlainMathML();

export async function toMathML(source) {
  const item = new doc.options.MathItem(source, tex, true);
  await mathjax.handleRetriesFor(() => item.compile(doc));
  const body = plain.childNodeMml(item.root, '', '').replaceAll('\n', '');
  const note = `<annotation encoding="application/x-tex">${plain.quoteHTML(source)}</annotation>`;
  return { mathml: `<math xmlns="http://www.w3.org/1998/Math/MathML" display="block"><semantics>${body}${note}</semantics></math>` };
}

