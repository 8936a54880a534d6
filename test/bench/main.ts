import { cpus, totalmem } from 'node:os';
import { figureRows, tableHead, type Figure } from './figures.js';
import { overGrpc } from './grpc.js';
import { globbing } from './globbing.js';
import { newerNodes } from './newer-nodes.js';
import { Sink } from './processes.js';
import { reading } from './reading.js';
import { manyRows } from './rows.js';
import { scale } from './scale.js';
import { startUp } from './start-up.js';
import { uploads } from './uploads.js';
import { waiting } from './waiting.js';

// npm run bench [-- PART... [quick]]: each figure is a ratio of two things measured in the same run, side by side.

const words = process.argv.slice(2);
const quick = words.includes('quick');
const named = words.filter((word) => word !== 'quick');

const parts: Readonly<Record<string, (sink: Sink) => Promise<readonly Figure[]>>> = {
  'start-up': (sink) => startUp(sink),
  uploads: (sink) => uploads(sink, quick),
  grpc: (sink) => overGrpc(sink, quick),
  scale: (sink) => scale(sink, quick),
  rows: () => manyRows(quick),
  nodes: (sink) => newerNodes(sink, quick),
  waiting: () => waiting(quick),
  reading: (sink) => reading(sink),
  globbing: () => globbing(),
};

const unknown = named.filter((name) => !Object.hasOwn(parts, name));
if (unknown.length > 0) {
  process.stderr.write(`no part '${unknown.join("', '")}'; there are: ${Object.keys(parts).join(', ')}\n`);
  process.exitCode = 2;
} else {
  const gib = Math.round(totalmem() / 2 ** 30);
  process.stdout.write(`${cpus().length} cores, ${gib} GiB, Node ${process.version}, ${new Date().toISOString()}\n\n`);
  process.stdout.write(tableHead);
  const sink = await Sink.start('sink.mjs');
  try {
    for (const [name, measure] of Object.entries(parts)) {
      if (named.length > 0 && !named.includes(name)) continue;
      process.stderr.write(`${name} …\n`);
      process.stdout.write(figureRows(name, await measure(sink)));
    }
  } finally {
    sink.stop();
  }
}
