import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { onlyRest, openWorld, rows, type World } from '../harness.js';
import { writeImages } from '../tiny-images.js';

async function filled(t: TestContext, count: number): Promise<World> {
  const world = await openWorld(t);
  writeImages(join(world.dir, 'p'), count);
  assert.equal((await world.cli(['add', 'p', '--id-from', 'name', '-q'])).code, 0);
  assert.equal((await world.raw('POST', '/v2/datasets', { datasets: [{ id: 'train' }, { id: 'test' }] })).status, 200);
  return world;
}

async function members(world: World, dataset: string): Promise<readonly string[]> {
  const result = await world.cli(['list', '--all', '--where', `dataset=${dataset}`, '-o', 'ids']);
  assert.equal(result.code, 0, result.stderr);
  return result.stdout
    .split('\n')
    .filter((id) => id !== '')
    .toSorted();
}

test('patch puts inputs into a dataset and takes them out again, alone and beside other changes', async (t) => {
  const world = await filled(t, 3);
  const joined = await world.cli(['patch', '0000', '0001', '--dataset', 'train', '--dataset', 'test', '-o', 'ndjson']);
  assert.equal(joined.code, 0, joined.stderr);
  assert.deepEqual(
    rows(joined.stdout).map(({ outcome }) => outcome),
    ['patched', 'patched'],
  );
  assert.deepEqual(await members(world, 'train'), ['0000', '0001']);
  const moved = ['patch', '0001', '0002', '-c', 'dog', '--dataset', 'test', '--remove-dataset', 'train'];
  assert.equal((await world.cli(moved)).code, 0);
  assert.deepEqual([await members(world, 'train'), await members(world, 'test')], [['0000'], ['0000', '0001', '0002']]);
  assert.equal((await world.cli(['list', '--where', 'concept=dog', '-o', 'ids'])).stdout, '0002\n0001\n');
});

test('every command that takes --where selects by dataset, and rm deletes no other input', async (t) => {
  const world = await filled(t, 4);
  assert.equal((await world.cli(['patch', '0001', '0002', '--dataset', 'train'])).code, 0);
  const where = ['--where', 'dataset=train'];
  assert.equal((await world.cli(['stream', ...where, '-o', 'ids'])).stdout, '0001\n0002\n');
  assert.equal((await world.cli(['list', ...where, '--where', 'status=failed', '-o', 'ids'])).stdout, '');
  assert.equal((await world.cli(['export', 'out', ...where, '-o', 'ids'])).stdout, '0001\n0002\n');
  assert.equal((await world.cli(['patch', ...where, '-c', 'dog', '-o', 'ids'])).stdout, '0001\n0002\n');
  assert.equal((await world.cli(['rm', ...where, '--yes', '--wait'])).code, 0);
  assert.deepEqual((await world.ids()).toSorted(), ['0000', '0003']);
});

test('--undo says that it does not save datasets', async (t) => {
  const world = await filled(t, 1);
  const result = await world.cli(['patch', '0000', '--dataset', 'train', '--undo', 'u.ndjson']);
  assert.equal(result.code, 0);
  assert.match(result.stderr, /note: --undo does not save which datasets inputs are in/);
});

test('130 inputs join by 128 a request; joining again is good', async (t) => {
  const world = await filled(t, 130);
  for (const run of [1, 2]) {
    const result = await world.cli(['patch', '--where', 'status=ok', '--dataset', 'train']);
    assert.equal(result.code, 0, `run ${run}: ${result.stderr}`);
    assert.match(result.stderr, /130 inputs: 130 patched/);
  }
  assert.equal((await members(world, 'train')).length, 130);
});

test('a dataset that is not there is exit 2, and an input that is not is named and exit 3', async (t) => {
  const world = await filled(t, 1);
  const none = await world.cli(['patch', '0000', '--dataset', 'none']);
  assert.equal(none.code, 2, none.stderr);
  assert.match(none.stderr, /^error: no dataset none in the app\n/);
  assert.ok(none.requests.every(({ method }) => method === 'GET'));
  const missing = await world.cli(['patch', '0000', 'gone', '--dataset', 'train', '-o', 'ndjson']);
  assert.equal(missing.code, 3);
  assert.deepEqual(
    rows(missing.stdout).map(({ id, outcome }) => [id, outcome]),
    [
      ['0000', 'patched'],
      ['gone', 'failed'],
    ],
  );
  assert.equal((await world.cli(['list', '--where', 'dataset=none'])).code, 3);
});

test('--dry-run and --curl show what would be sent, and send nothing', async (t) => {
  const world = await filled(t, 2);
  const change = ['patch', '0000', '0001', '--dataset', 'train', '--remove-dataset', 'test'];
  const plan = await world.cli([...change, '--dry-run', '-o', 'json']);
  assert.match(
    plan.stdout,
    /"method":"DELETE","path":"\/v2\/datasets\/test\/inputs","body":\{"input_ids":\["0000","0001"\]\}/,
  );
  assert.match(plan.stdout, /"method":"POST","path":"\/v2\/datasets\/train\/inputs","body":\{"dataset_inputs":/);
  assert.match(plan.stderr, /would send 2 requests/);
  const curl = await world.cli([...change, '--curl']);
  assert.match(curl.stdout, /curl -sS -X POST .*\/v2\/datasets\/train\/inputs/);
  assert.deepEqual(await members(world, 'train'), []);
  assert.equal((await world.cli(['patch', '--from', 'x', '--dataset', 'train'])).code, 2);
  assert.equal((await world.cli(['patch', '0000', '--dataset', ''])).code, 2);
});

test('add puts inputs into datasets, by option and by row, and export brings them along', async (t) => {
  const world = await filled(t, 0);
  writeImages(join(world.dir, 'q'), 2);
  world.write('rows.ndjson', '{"path":"q/0000.png","dataset_ids":["test"]}\n{"path":"q/0001.png"}\n');
  const added = await world.cli(['add', '--manifest', 'rows.ndjson', '--id-from', 'name', '--dataset', 'train']);
  assert.equal(added.code, 0, added.stderr);
  assert.deepEqual([await members(world, 'train'), await members(world, 'test')], [['0000', '0001'], ['0000']]);
  assert.equal((await world.cli(['export', 'out'])).code, 0);
  const exported = rows(readFileSync(join(world.dir, 'out/inputs.ndjson'), 'utf8'));
  assert.deepEqual(exported.map(({ id, dataset_ids: datasets }) => [id, datasets]).toSorted(), [
    ['0000', ['test', 'train']],
    ['0001', ['train']],
  ]);
  assert.equal((await world.cli(['rm', '--all', '--yes', '--wait'])).code, 0);
  assert.deepEqual(await members(world, 'train'), []);
  assert.equal((await world.cli(['add', '--manifest', 'out/inputs.ndjson'])).code, 0);
  assert.deepEqual([await members(world, 'train'), await members(world, 'test')], [['0000', '0001'], ['0000']]);
});

test('an app whose datasets can not be seen is exported without them, with a word', onlyRest, async (t) => {
  const world = await filled(t, 1);
  world.intercept = ({ path }) =>
    /\/datasets|ListDatasets/.test(path)
      ? { status: 404, body: { status: { code: 10102, description: 'no route' } } }
      : undefined;
  const result = await world.cli(['export', 'out']);
  assert.equal(result.code, 0, result.stderr);
  assert.match(result.stderr, /warning: which datasets inputs are in is left out/);
});
