// Reads a JSON list of formulas in LaTeX, writes the list of their MathJSON: the reading of a parser
// that knows nothing of this project.
import { ComputeEngine } from '@cortex-js/compute-engine';
import { readFileSync } from 'node:fs';

const engine = new ComputeEngine();
const read = (latex) => engine.parse(latex, { form: 'raw' }).json;

process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, 'utf8')).map(read)));
