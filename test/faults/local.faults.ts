import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pngOf } from '../tiny-images.js';
import { localFaults } from './local-faults.js';
import { endured, mustBeHarmless } from './local-matrix.js';
import { Scene } from './scene.js';
import { tableOf, type Row } from './table.js';

// npm run test:faults: what can be wrong with the machine, on the commands that meet it; prints the matrix

const rows: Row[] = [];

for (const local of localFaults) {
  test(`${local.command}: ${local.fault}: nothing lost, nothing doubled, one line and a hint`, async (t) => {
    const row = await endured(local);
    if (row === undefined) {
      t.skip('can not be made on this machine');
      return;
    }
    rows.push(row);
    mustBeHarmless(row, local);
  });
}

const many = 100_000;
/** Measured: 175 to 201, of which the files' names and ids are a part. */
const mostMiB = 250;

test('add: 100,000 files in one folder: each has its id once, in little memory', async (t) => {
  const scene = await Scene.open();
  t.after(() => scene.close());
  const folder = join(scene.folder, 'many');
  mkdirSync(folder);
  for (let index = 0; index < many; index += 1) writeFileSync(join(folder, `${index}.png`), pngOf(index));
  const peakFile = join(scene.folder, 'peak');
  const outcome = await scene.run(['add', 'many', '--dry-run', '-o', 'ids'], {
    preloads: ['peak'],
    env: { PEAK_FILE: peakFile },
    limitMs: 300_000,
  });
  const ids = outcome.stdout.split('\n').slice(0, -1);
  const distinct = new Set(ids).size;
  const lost = many - distinct;
  const doubled = ids.length - distinct;
  rows.push({
    fault: '100,000 files in one folder',
    command: 'add',
    times: Infinity,
    outcome,
    lost,
    doubled,
    again: 0,
  });
  const peakMiB = Number(readFileSync(peakFile, 'utf8')) / 1024;
  t.diagnostic(`${outcome.seconds.toFixed(1)} s, ${peakMiB.toFixed(0)} MiB`);
  assert.deepEqual({ code: outcome.code, lost, doubled }, { code: 0, lost: 0, doubled: 0 }, outcome.stderr);
  assert.ok(peakMiB < mostMiB, `${peakMiB} MiB`);
});

after(() => {
  process.stdout.write(`\n${tableOf(rows)}`);
});
