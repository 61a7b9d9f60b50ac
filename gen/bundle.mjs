// node gen/bundle.mjs FROM TO: bundles the scripts that pages load, split into shared chunks, and
// the styles into one file.
import { build } from 'esbuild';
import path from 'node:path';

const [from, to] = process.argv.slice(2).map((folder) => path.resolve(folder));

await build({
  absWorkingDir: from,
  entryPoints: ['js/main.js', 'js/activations/*.js', 'site.css'],
  outdir: to,
  bundle: true,
  splitting: true,
  format: 'esm',
  target: 'es2022',
  minify: true,
  charset: 'utf8',
  chunkNames: 'js/chunks/[name]-[hash]',
  preserveSymlinks: true, // the names of chunks depend on where modules are; the link is always there
  legalComments: 'linked',
  logLevel: 'warning',
});
