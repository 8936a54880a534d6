import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openWorld } from '../../harness.js';

const url = (n: number): string => `https://example.com/${n}.jpg`;

test('datasets are made, hold inputs by id, and let go of them', async (t) => {
  const world = await openWorld(t);
  const inputs = [1, 2].map((n) => ({ id: `i${n}`, data: { image: { url: url(n) } } }));
  assert.equal((await world.raw('POST', '/v2/inputs', { inputs })).status, 200);
  assert.equal((await world.raw('POST', '/v2/datasets', { datasets: [{ id: 'b' }, { id: 'a' }] })).status, 200);
  const listed = await world.raw('GET', '/v2/datasets?per_page=1');
  assert.match(JSON.stringify(listed.body), /"datasets":\[\{"id":"a",[^\]]*"app_id":/);
  const join = (ids: readonly string[]): ReturnType<typeof world.raw> =>
    world.raw('POST', '/v2/datasets/a/inputs', { dataset_inputs: ids.map((id) => ({ input: { id } })) });
  const mixed = await join(['i1', 'none']);
  assert.match(JSON.stringify(mixed.body), /"code":10010.*"code":64100.*"code":30102/);
  assert.match(JSON.stringify((await join(['i1'])).body), /"code":64101/);
  assert.match(
    JSON.stringify((await world.raw('GET', '/v2/datasets/a/inputs')).body),
    /"dataset_inputs":\[\{"created_at"/,
  );
  assert.equal((await world.raw('DELETE', '/v2/datasets/a/inputs', { input_ids: ['i1', 'i2'] })).status, 200);
  assert.match(JSON.stringify((await world.raw('GET', '/v2/datasets/a/inputs')).body), /"dataset_inputs":\[\]/);
  assert.equal((await world.raw('GET', '/v2/datasets/none/inputs')).status, 404);
  assert.equal((await world.raw('POST', '/v2/datasets/a/inputs', { dataset_inputs: [] })).status, 400);
});

test('a new input joins the datasets that it names, and leaves them when it is deleted', async (t) => {
  const world = await openWorld(t);
  const inputs = [{ id: 'one', dataset_ids: ['new', 'other'], data: { image: { url: url(1) } } }];
  assert.equal((await world.raw('POST', '/v2/inputs', { inputs })).status, 200);
  assert.match(JSON.stringify((await world.raw('GET', '/v2/datasets/new/inputs')).body), /"id":"one"/);
  await world.raw('DELETE', '/v2/inputs/one');
  await world.clock.sleep(1000);
  assert.match(JSON.stringify((await world.raw('GET', '/v2/datasets/other/inputs')).body), /"dataset_inputs":\[\]/);
});
