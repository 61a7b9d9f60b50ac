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

// Presentation MathML as text that is not cut into ASCII.
class Visitor extends SerializedMmlVisitor {
  quoteHTML(value) {
    return value.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
  }
}
const visitor = new Visitor();

// Without the notes that MathJax keeps of its sources, and without indentation.
export const plain = (root) => visitor.visitTree(root).replace(/ data-[\w-]+="[^"]*"|\n\s*/g, '');

export async function toMathML(source) {
  const item = new doc.options.MathItem(source, tex, true);
  await mathjax.handleRetriesFor(() => item.compile(doc));
  const note = `<annotation encoding="application/x-tex">${visitor.quoteHTML(source)}</annotation>`;
  const [, opening, body] = plain(item.root).match(/^(<math[^>]*>)(.*)<\/math>$/);
  return { mathml: `${opening}<semantics>${body}${note}</semantics></math>` };
}
