import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Figure } from './figures.js';
import { median, runNode, scratch } from './processes.js';

const rounds = 5;
const folders = 100;
const filesEach = 1000;

/** Finding 100,000 files and asking each for its size, beside a plain walk of readdir and stat. */
export async function globbing(): Promise<readonly Figure[]> {
  const root = join(scratch, 'many');
  for (let folder = 0; folder < folders; folder += 1) {
    const path = join(root, String(folder));
    mkdirSync(path, { recursive: true });
    for (let file = 0; file < filesEach; file += 1) writeFileSync(join(path, `${file}.jpg`), '');
  }
  const script = fileURLToPath(new URL('walks.mjs', import.meta.url));
  const seconds = { ours: [] as number[], plain: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    seconds.ours.push((await runNode([script, 'ours', root])).seconds);
    seconds.plain.push((await runNode([script, 'plain', root])).seconds);
  }
  return [
    { name: 'glob and stat of 100,000 files', value: median(seconds.ours), unit: ' s' },
    {
      name: 'glob and stat of 100,000 files / readdir walk and stat',
      value: median(seconds.ours) / median(seconds.plain),
      unit: '',
    },
  ];
}
