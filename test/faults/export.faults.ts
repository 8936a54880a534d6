import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isObject } from '../../src/wire/json.js';
import { Scene } from './scene.js';

const there = 120;
const kills = 20;
/** About as long as an undisturbed run takes. */
const lastsMs = 2500;

/** The rows of an export without what differs from run to run, by id. */
function rowsOf(scene: Scene, folder: string): readonly string[] {
  const lines = readFileSync(join(scene.folder, folder, 'inputs.ndjson'), 'utf8')
    .trimEnd()
    .split('\n');
  return lines
    .map((line) => {
      const row: unknown = JSON.parse(line);
      return isObject(row) ? JSON.stringify({ ...row, created_at: undefined }) : line;
    })
    .toSorted();
}

function kill(run: number): { readonly kill: { readonly signal: NodeJS.Signals; readonly afterMs: number } } {
  return { kill: { signal: 'SIGKILL', afterMs: 150 + ((run * 7919) % lastsMs) } };
}

test('an export and its restore, each killed 20 times, lose nothing and double nothing', async (t) => {
  const scene = await Scene.open({ photos: 0, there, latencyMs: 40 });
  t.after(() => scene.close());
  const codes = new Set<number | null>();
  assert.equal((await scene.run(['export', 'reference'])).code, 0);
  const exporting = ['export', 'out', '--concurrency', '2'];
  for (let run = 0; run < kills; run += 1) codes.add((await scene.run(exporting, kill(run))).code);
  assert.equal((await scene.run(exporting)).code, 0);
  assert.deepEqual(rowsOf(scene, 'out'), rowsOf(scene, 'reference'));
  assert.deepEqual(
    readdirSync(join(scene.folder, 'out/media')).toSorted(),
    readdirSync(join(scene.folder, 'reference/media')).toSorted(),
  );

  const other = ['--app-id', 'other', '--user-id', 'me'];
  const restoring = ['add', '--manifest', 'out/inputs.ndjson', '--batch-size', '8', '--concurrency', '2', ...other];
  for (let run = 0; run < kills; run += 1) codes.add((await scene.run(restoring, kill(run))).code);
  const last = await scene.run(restoring);
  assert.equal(last.code, 0, last.stderr);
  assert.equal((await scene.run(['export', 'again', ...other])).code, 0);
  assert.deepEqual(rowsOf(scene, 'again'), rowsOf(scene, 'reference'));
  assert.ok(codes.has(null), 'some were killed');
  t.diagnostic(`exit codes: ${[...codes].join(', ')}`);
});

for (const transport of ['rest', 'grpc']) {
  test(`a copy over ${transport}, killed 20 times, loses nothing and doubles nothing`, async (t) => {
    const scene = await Scene.open({ photos: 0, there, latencyMs: 40 });
    t.after(() => scene.close());
    assert.equal((await scene.run(['export', 'reference'])).code, 0);
    const copying = ['copy', 'sandbox/sandbox', 'me/other', '--transport', transport, '--concurrency', '2'];
    const codes = new Set<number | null>();
    for (let run = 0; run < kills; run += 1) codes.add((await scene.run(copying, kill(run))).code);
    const last = await scene.run(copying);
    assert.equal(last.code, 0, last.stderr);
    assert.equal((await scene.run(['export', 'copied', '--app-id', 'other', '--user-id', 'me'])).code, 0);
    assert.deepEqual(rowsOf(scene, 'copied'), rowsOf(scene, 'reference'));
    assert.ok(codes.has(null), 'some were killed');
    t.diagnostic(`exit codes: ${[...codes].join(', ')}`);
  });
}
