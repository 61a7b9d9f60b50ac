// Reads {"path": [[name, argument, …], …]} as JSON; writes what the functions of each module return.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
const asked = JSON.parse(readFileSync(0, 'utf8'));
const found = {};
for (const [path, calls] of Object.entries(asked)) {
  const { default: module } = await import(pathToFileURL(path));
  found[path] = calls.map(([name, ...given]) => module[name](...given));
}
console.log(JSON.stringify(found));
