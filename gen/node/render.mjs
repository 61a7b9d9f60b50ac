// Reads one JSON request a line, writes one JSON answer a line.
// {tex, display} -> {svg, speech} or {error}
// {mathml: tex}  -> {mathml} or {error}
// {references}   -> {html} or {error}: lists of CSL-JSON items, each list written in APA style
// What a request needs is loaded with the first that needs it.
import { createInterface } from 'node:readline';

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
  if (request.tex !== undefined) return (await import('./typeset.mjs')).typeset(request);
  return (await import('./mathml.mjs')).toMathML(request.mathml);
}

for await (const line of createInterface({ input: process.stdin })) {
  const reply = await answer(JSON.parse(line)).catch((error) => ({ error: error.message }));
  process.stdout.write(JSON.stringify(reply) + '\n');
}
