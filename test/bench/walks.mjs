// `ours`: the walk of the tool. `plain`: the least that a walk can do.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

const [way, root] = process.argv.slice(2);
let bytes = 0;

function plain(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) plain(path);
    else bytes += statSync(path).size;
  }
}

if (way === 'plain') plain(root);
else {
  const { walk } = await import('../../dist/core/sources/glob.js');
  for await (const { path } of walk('**', root, false)) bytes += statSync(join(root, path)).size;
}
process.stdout.write(`${bytes}\n`);
