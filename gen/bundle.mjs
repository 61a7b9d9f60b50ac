// node gen/bundle.mjs FROM TO: bundles the scripts that pages load, split into shared chunks, and
// the styles into one file; prints the npm packages that are in them, as JSON.
import { build } from 'esbuild';
import path from 'node:path';

const [from, to] = process.argv.slice(2).map((folder) => path.resolve(folder));

const { metafile } = await build({
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
  legalComments: 'none', // the page on licences names the packages
  metafile: true,
  logLevel: 'warning',
});

const names = Object.keys(metafile.inputs).map((input) => input.match(/(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)\//)?.[1]);
console.log(JSON.stringify([...new Set(names.filter(Boolean))].sort()));
