// Reads one JSON request a line, writes one JSON answer a line.
// {tex, display} -> {svg, speech, glyphs: {id: path}} or {error}
// {mathml: tex}  -> {mathml} or {error}
// {references}   -> {html} or {error}: lists of CSL-JSON items, each list written in APA style
import { createInterface } from 'node:readline';
import { createRequire } from 'node:module';
import path from 'node:path';
import { mathjax } from '@mathjax/src/js/mathjax.js';
import { TeX } from '@mathjax/src/js/input/tex.js';
import { liteAdaptor } from '@mathjax/src/js/adaptors/liteAdaptor.js';
import { RegisterHTMLHandler } from '@mathjax/src/js/handlers/html.js';
import { SerializedMmlVisitor } from '@mathjax/src/js/core/MmlTree/SerializedMmlVisitor.js';
import '@mathjax/src/js/util/asyncLoad/esm.js';
import '@mathjax/src/js/input/tex/base/BaseConfiguration.js';
import '@mathjax/src/js/input/tex/ams/AmsConfiguration.js';

const adaptor = liteAdaptor();
RegisterHTMLHandler(adaptor);
const tex = new TeX({
  packages: ['base', 'ams'],
  formatError: (_, error) => { throw error; },
});
const doc = mathjax.document('', { InputJax: tex });
const mathml = new SerializedMmlVisitor();

const sreFolder = path.dirname(createRequire(import.meta.url).resolve('speech-rule-engine/package.json'));
// What only some requests need is loaded with the first of them.
let output;
async function loadOutput() {
  const { SVG } = await import('@mathjax/src/js/output/svg.js');
  const { optimize } = await import('svgo/browser'); // one file, which loads faster than many
  const svg = new SVG({ fontCache: 'global', linebreaks: { inline: false } });
  return { svg, optimize, doc: mathjax.document('', { InputJax: tex, OutputJax: svg }) };
}

let speech;
async function loadSpeech() {
  const { default: sre } = await import('speech-rule-engine');
  await sre.setupEngine({
    locale: 'en', domain: 'clearspeak', modality: 'speech', json: path.join(sreFolder, 'lib/mathmaps'),
  });
  return sre;
}
const speak = async (mml) => {
  speech ??= loadSpeech();
  return (await speech).toSpeech(mml).replaceAll('normal ', '');
};

const reference = /href="#(MJX-[^"]+)"/g;

// xlink:href stays: Material's instant navigation trips over an SVG element that has a plain href.
// MathJax notes its sources in attributes that nobody reads; groups that carry nothing go too.
const strip = {
  multipass: true,
  js2svg: { pretty: false },
  plugins: [
    { name: 'removeAttrs', params: { attrs: ['data-.*', 'role', 'focusable'] } },
    'collapseGroups',
  ],
};

async function typeset({ tex: source, display }) {
  output ??= loadOutput();
  const { svg, optimize, doc } = await output;
  const item = new doc.options.MathItem(source, tex, display);
  item.setMetrics(16, 8, 1280, 1);
  await mathjax.handleRetriesFor(() => item.convert(doc));
  const drawn = adaptor.innerHTML(item.typesetRoot);
  const cache = adaptor.innerHTML(svg.fontCache.getCache());
  const glyphs = {};
  for (const [, id] of drawn.matchAll(reference)) {
    glyphs[id] = cache.match(new RegExp(`<path id="${id}" d="([^"]*)"`))[1];
  }
  return {
    svg: optimize(drawn, strip).data.replace(/ xmlns:xlink="[^"]+"/, ''),
    speech: await speak(mathml.visitTree(item.root)),
    glyphs,
  };
}

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

async function toMathML(source) {
  const item = new doc.options.MathItem(source, tex, true);
  await mathjax.handleRetriesFor(() => item.compile(doc));
  const body = plain.childNodeMml(item.root, '', '').replaceAll('\n', '');
  const note = `<annotation encoding="application/x-tex">${plain.quoteHTML(source)}</annotation>`;
  return `<math xmlns="http://www.w3.org/1998/Math/MathML" display="block"><semantics>${body}${note}</semantics></math>`;
}

// Each list is disambiguated by itself (2020a, 2020b).
async function write(lists) {
  const { Cite } = await import('@citation-js/core');
  await import('@citation-js/plugin-csl');
  const options = { format: 'html', template: 'apa', lang: 'en-US', hyperlinks: true, asEntryArray: true };
  const entries = lists.flatMap((items) => new Cite(items).format('bibliography', options));
  return Object.fromEntries(entries.map(([id, html]) => [id, html.trim().replace(/^<div[^>]*>|<\/div>$/g, '')]));
}

async function answer(request) {
  if (request.references) return { html: await write(request.references) };
  if (request.tex !== undefined) return typeset(request);
  return { mathml: await toMathML(request.mathml) };
}

for await (const line of createInterface({ input: process.stdin })) {
  const reply = await answer(JSON.parse(line)).catch((error) => ({ error: error.message }));
  process.stdout.write(JSON.stringify(reply) + '\n');
}
