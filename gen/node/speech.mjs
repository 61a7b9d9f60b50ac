// A formula in words, by the Speech Rule Engine.
import { createRequire } from 'node:module';
import path from 'node:path';

const home = createRequire(import.meta.url).resolve('speech-rule-engine/package.json');

// The engine asks some five hundred XPath questions of a formula, all of the same 150 or so, and
// its library reads each anew, which takes longer than to answer it.
const xpath = createRequire(home)('wicked-good-xpath');
const { install } = xpath;
xpath.install = (window, force) => {
  install(window, force);
  const { document } = window;
  const read = new Map();
  document.evaluate = (question, node, resolver, type, result) => {
    if (!read.has(question)) read.set(question, document.createExpression(question, resolver));
    return read.get(question).evaluate(node, type, result);
  };
};

const { default: sre } = await import('speech-rule-engine');
await sre.setupEngine({
  locale: 'en', domain: 'clearspeak', modality: 'speech', json: path.join(path.dirname(home), 'lib/mathmaps'),
});

export const speak = (mathml) => sre.toSpeech(mathml).replaceAll('normal ', '');
