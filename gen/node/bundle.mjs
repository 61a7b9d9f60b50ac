// node gen/node/bundle.mjs FROM TO: bundles the scripts that pages load, split into shared chunks, and
// the styles into one file; and the scripts again as classic ones, into TO/offline, for pages that
// are opened from a disk. The search, which runs in a worker, is a classic script in both. OFFLINE tells
// the scripts which they are. It prints the npm packages that are in them, as JSON.
import { build } from 'esbuild';
import path from 'node:path';

const [from, to] = process.argv.slice(2).map((folder) => path.resolve(folder));

const common = {
  absWorkingDir: from,
  bundle: true,
  target: 'es2022',
  minify: true,
  charset: 'utf8',
  preserveSymlinks: true, // the names of chunks depend on where modules are; the link is always there
  legalComments: 'none', // the page on licences names the packages
  metafile: true,
  logLevel: 'warning',
};

const served = await build({
  ...common,
  entryPoints: ['js/main.js', 'js/activations/*.js', 'site.css'],
  outdir: to,
  splitting: true,
  format: 'esm',
  chunkNames: 'js/chunks/[name]-[hash]',
  define: { OFFLINE: 'false' },
});

const worker = await build({
  ...common,
  entryPoints: { search: 'js/search/worker.js' },
  outdir: path.join(to, 'js'),
  format: 'iife',
});

const onDisk = await build({
  ...common,
  entryPoints: { main: 'js/main.js', search: 'js/search/worker.js', 'iframe-worker': 'iframe-worker/shim' },
  outdir: path.join(to, 'offline'),
  format: 'iife',
  define: { OFFLINE: 'true' },
});

const inputs = [served, worker, onDisk].flatMap(({ metafile }) => Object.keys(metafile.inputs));
const names = inputs.map((input) => input.match(/(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)\//)?.[1]);
console.log(JSON.stringify([...new Set(names.filter(Boolean))].sort()));
