import { join } from 'node:path';
import type { Figure } from './figures.js';
import { bin, runNode, scratch, Sink } from './processes.js';
import { urls } from './scale.js';

/** One input in so many ends as failed. */
const failEvery = 1000;
const linesPerChunk = 1000;

interface Job {
  readonly name: string;
  readonly words: readonly string[];
  readonly stdin: Iterable<string>;
  /** Exit 3 where some are meant to fail. */
  readonly code: number;
}

/** Time and memory of the commands and options that could keep something of each of many rows. */
export async function manyRows(quick: boolean): Promise<readonly Figure[]> {
  const count = quick ? 100_000 : 1_000_000;
  const figures: Figure[] = [];
  const sink = await Sink.start('sink.mjs', ['0', String(failEvery)]);
  try {
    for (const job of jobsOf(count)) figures.push(...(await measureJob(job, sink)));
    return figures;
  } finally {
    sink.stop();
  }
}

function jobsOf(count: number): readonly Job[] {
  const many = count.toLocaleString('en');
  const failing = `${many} URLs, 1 in ${failEvery.toLocaleString('en')} fails`;
  const add = ['add', '-', '-q', '-o', 'ndjson'];
  const failures = ['--failures', join(scratch, 'failures.ndjson')];
  const download = ['get', '-', '-q', '-o', 'ndjson', '--download', join(scratch, 'downloads')];
  return [
    { name: `${failing}, \`--failures\``, words: [...add, ...failures], stdin: urls(count), code: 3 },
    { name: `${failing}, \`--on-failed retry\``, words: [...add, '--on-failed', 'retry'], stdin: urls(count), code: 0 },
    { name: `${many} rows, \`patch --from -\``, words: ['patch', '--from', '-', '-q'], stdin: rows(count), code: 0 },
    { name: `${many} ids, \`patch -\``, words: ['patch', '-', '-q', '-c', 'dog'], stdin: ids(count), code: 0 },
    { name: `${many} ids, \`rm -\``, words: ['rm', '-', '-q', '--yes'], stdin: ids(count), code: 0 },
    { name: `${many} ids, \`get - --download\``, words: download, stdin: ids(count), code: 0 },
  ];
}

async function measureJob({ name, words, stdin, code }: Job, sink: Sink): Promise<readonly Figure[]> {
  process.stderr.write(`  ${name} …\n`);
  await sink.seen();
  const used = await runNode([bin, ...words, '--rps', '0'], { env: sink.env, stdin, code });
  const valueOf = (value: number): number => (used.code === code ? value : Number.NaN);
  return [
    { name: `${name}: seconds`, value: valueOf(used.seconds), unit: ' s' },
    { name: `${name}: peak memory`, value: valueOf(used.peakMiB), unit: ' MiB' },
  ];
}

/** The sink has every input of these ids. */
function idOf(index: number): string {
  return `input${String(index).padStart(8, '0')}`;
}

function ids(count: number): Iterable<string> {
  return linesOf(count, idOf);
}

function rows(count: number): Iterable<string> {
  const row = (index: number): object => ({ id: idOf(index), concepts: [{ id: 'dog' }], metadata: { index } });
  return linesOf(count, (index) => JSON.stringify(row(index)));
}

function* linesOf(count: number, line: (index: number) => string): Generator<string> {
  for (let from = 0; from < count; from += linesPerChunk) {
    const length = Math.min(linesPerChunk, count - from);
    yield Array.from({ length }, (_, index) => `${line(from + index)}\n`).join('');
  }
}
