// Reads a JSON list of {latex} and {mathml}, writes the list of their MathJSON: the reading of
// parsers that know nothing of this project.
import { ComputeEngine } from '@cortex-js/compute-engine';
import { MathMLToLaTeX } from 'mathml-to-latex';
import { readFileSync } from 'node:fs';

const engine = new ComputeEngine();

// The converter writes <mi>tanh</mi> as four letters; several in one element are one name.
const convert = (mathml) => {
  const names = [...mathml.matchAll(/<m[io][^>]*>([A-Za-z]{2,})<\/m[io]>/g)].map(([, name]) => name);
  const tex = MathMLToLaTeX.convert(mathml);
  if (!names.length) return tex;
  const name = new RegExp(`(?<![\\\\A-Za-z]|\\\\text(?:rm)?{)(${names.join('|')})(?![A-Za-z])`, 'g');
  return tex.replace(name, '\\operatorname{$1}');
};

const read = ({ latex, mathml }) => engine.parse(latex ?? convert(mathml), { form: 'raw' }).json;

process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, 'utf8')).map(read)));
