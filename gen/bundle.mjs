// node gen/bundle.mjs FROM TO: bundles the modules that pages load, split into shared chunks.
import { build } from 'esbuild';
import path from 'node:path';

const [from, to] = process.argv.slice(2).map((folder) => path.resolve(folder));

await build({
  absWorkingDir: from,
  entryPoints: ['main.js', 'activations/*.js'],
  outdir: to,
  bundle: true,
  splitting: true,
  format: 'esm',
  target: 'es2022',
  minify: true,
  charset: 'utf8',
  chunkNames: 'chunks/[name]-[hash]',
  preserveSymlinks: true, // the names of chunks depend on where modules are; the link is always there
  legalComments: 'linked',
  logLevel: 'warning',
});
