import { cpus, totalmem } from 'node:os';
import { figureTable, type Figure } from './figures.js';
import { globbing } from './globbing.js';
import { Sink } from './processes.js';
import { reading } from './reading.js';
import { scale } from './scale.js';
import { startUp } from './start-up.js';
import { uploads } from './uploads.js';
import { waiting } from './waiting.js';

// npm run bench [-- NAME... [quick]]: each figure is a ratio of two things measured in the same run, side by side.

const words = process.argv.slice(2);
const quick = words.includes('quick');
const named = words.filter((word) => word !== 'quick');

const sink = await Sink.start('sink.mjs');
const parts: Readonly<Record<string, () => Promise<readonly Figure[]>>> = {
  'start-up': () => startUp(sink),
  uploads: () => uploads(sink, quick),
  scale: () => scale(sink, quick),
  waiting: () => waiting(quick),
  reading: () => reading(sink),
  globbing: () => globbing(),
};

const unknown = named.filter((name) => !Object.hasOwn(parts, name));
if (unknown.length > 0) {
  process.stderr.write(`no part '${unknown.join("', '")}'; there are: ${Object.keys(parts).join(', ')}\n`);
  process.exitCode = 2;
} else {
  const gib = Math.round(totalmem() / 2 ** 30);
  process.stdout.write(`${cpus().length} cores, ${gib} GiB, Node ${process.version}, ${new Date().toISOString()}\n\n`);
  const figures: Figure[] = [];
  for (const [name, part] of Object.entries(parts)) {
    if (named.length > 0 && !named.includes(name)) continue;
    process.stderr.write(`${name} …\n`);
    figures.push(...(await part()));
  }
  process.stdout.write(figureTable(figures));
}
sink.stop();
