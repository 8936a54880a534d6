import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fixture } from '../../harness.js';
import { byUrl, gif, ids, png, raw, startMs } from '../raw-http.js';
import { codesOf, failsWith, idsOf, vendorClient } from './vendor-client.js';

const hosted = { data: { image: { base64: Buffer.from(gif, 'base64') } } };

test("the vendor's client adds by URL and reads back what REST shows too", async (t) => {
  const { port, call, clock } = await raw(t);
  const { ask } = vendorClient(t, port);
  const data = {
    image: { url: 'https://pictures.example/a.jpg' },
    concepts: [{ id: 'yes', value: 1 }, { id: 'no' }, { id: 'most', name: 'Most', value: 0.9 }],
    metadata: { fields: { k: { structValue: { fields: { n: { numberValue: 2 } } } } } },
    geo: { geo_point: { longitude: -30.1, latitude: 40.5 } },
    regions: [{ id: 'r', region_info: { bounding_box: { top_row: 0, left_col: 0.1, bottom_row: 1, right_col: 0.3 } } }],
  };
  const added = await ask('PostInputs', { inputs: [{ id: 'a', data }] });
  assert.deepEqual([added.status.code, added.status.details], [10000, 'All inputs successfully added']);
  assert.deepEqual([idsOf(added), codesOf(added)], [['a'], [30001]]);
  assert.equal(added.inputs[0]?.created_at.seconds, String(Math.floor(startMs / 1000)));
  clock.ms += 1500;
  const { input } = await ask('GetInput', { input_id: 'a' });
  assert.equal(input.status.code, 30000);
  const { concepts, geo, regions, image } = input.data;
  assert.equal(image?.url, 'https://pictures.example/a.jpg');
  // a value left out is 0 over gRPC
  const values = [1, 0, Math.fround(0.9)];
  assert.deepEqual(
    concepts.map(({ value }) => value),
    values,
  );
  assert.deepEqual(geo?.geo_point, { longitude: Math.fround(-30.1), latitude: 40.5 });
  assert.deepEqual(regions[0]?.region_info.bounding_box, {
    top_row: 0,
    left_col: Math.fround(0.1),
    bottom_row: 1,
    right_col: Math.fround(0.3),
  });
  // and REST prints floats as they were written, and edges at 0
  const shown = (await call('GET', '/v2/inputs/a')).body.input?.data;
  assert.deepEqual(shown, {
    image: { url: 'https://pictures.example/a.jpg' },
    concepts: [
      { id: 'yes', name: 'yes', value: 1, app_id: 'sandbox' },
      { id: 'no', name: 'no', value: 0, app_id: 'sandbox' },
      { id: 'most', name: 'Most', value: 0.9, app_id: 'sandbox' },
    ],
    metadata: { k: { n: 2 } },
    geo: { geo_point: { longitude: -30.1, latitude: 40.5 } },
    regions: [{ id: 'r', region_info: { bounding_box: { top_row: 0, left_col: 0.1, bottom_row: 1, right_col: 0.3 } } }],
  });
});

test('bytes arrive as they are, and are hosted at the address of who asks', async (t) => {
  const { port, clock, call } = await raw(t);
  const { ask } = vendorClient(t, port);
  const photo = readFileSync(fixture('photos', 'flower', 'Daisies.jpg'));
  const { inputs } = await ask('PostInputs', { inputs: [{ id: 'a', data: { image: { base64: photo } } }, hosted] });
  clock.ms += 1500;
  const url = inputs[0]?.data.image?.url ?? '';
  assert.ok(url.startsWith(`http://127.0.0.1:${port}/media/`), url);
  assert.deepEqual(Buffer.from(await (await fetch(url)).arrayBuffer()), photo);
  const { image } = (await ask('GetInput', { input_id: 'a' })).input.data;
  const info = (await call('GET', '/v2/inputs/a')).body.input?.data['image']?.['image_info'];
  assert.deepEqual({ ...image?.image_info, mode: undefined }, { ...Object(info), mode: undefined });
  assert.notEqual(image?.hosted, null);
});

test('inputs are listed and streamed, by pages, ids and status', async (t) => {
  const { port, clock } = await raw(t);
  const { ask } = vendorClient(t, port);
  for (const id of ['c', 'a', 'b']) await ask('PostInputs', { inputs: [byUrl(id)] });
  await ask('PostInputs', { inputs: [{ id: 'bad', data: { image: { base64: Buffer.from('none') } } }] });
  clock.ms += 1500;
  assert.deepEqual(idsOf(await ask('ListInputs', { per_page: 2, page: 2 })), ['a', 'c']);
  assert.deepEqual(idsOf(await ask('ListInputs', { ids: ['a', 'c', 'x'] })), ['a', 'c']);
  assert.deepEqual(idsOf(await ask('ListInputs', { status: { code: 30000 } })), ['b', 'a', 'c']);
  const all = await ask('ListInputs');
  assert.deepEqual([all.status.code, codesOf(all)], [10010, [30101, 30000, 30000, 30000]]);
  assert.deepEqual(idsOf(await ask('StreamInputs', { per_page: 2, last_id: 'c' })), ['a', 'b']);
  assert.deepEqual(idsOf(await ask('StreamInputs', { order_by_id: true, descending: true })), ['c', 'bad', 'b', 'a']);
  const { processed, errors } = (await ask('GetInputCount')).counts;
  assert.deepEqual([processed, errors], [3, 1]);
  const { status, inputs } = await ask('ListInputs', { per_page: 1001 });
  assert.deepEqual([status.code, inputs], [11102, []]);
});

test('inputs are changed in the three ways', async (t) => {
  const { port } = await raw(t);
  const { ask } = vendorClient(t, port);
  const concepts = [
    { id: 'a', value: 1 },
    { id: 'b', value: 1 },
  ];
  const data = { ...(byUrl('x')['data'] as object), concepts, metadata: { fields: { k: { stringValue: 'v' } } } };
  await ask('PostInputs', { inputs: [{ id: 'x', data }] });
  const patch = async (action: string, changes: object): Promise<unknown> => {
    const { status, inputs } = await ask('PatchInputs', { action, inputs: [{ id: 'x', data: changes }] });
    const found = (inputs[0]?.data.concepts ?? []).map(({ id, value }) => [id, value]);
    return [status.code, inputs[0]?.status.code, found, inputs[0]?.data.metadata !== null];
  };
  const b = { concepts: [{ id: 'b' }] };
  assert.deepEqual(await patch('merge', b), [
    10000,
    30200,
    [
      ['a', 1],
      ['b', 0],
    ],
    true,
  ]);
  assert.deepEqual(await patch('remove', b), [10000, 30200, [['a', 1]], true]);
  assert.deepEqual(await patch('overwrite', b), [10000, 30200, [['b', 0]], false]);
  assert.equal((await ask('PatchInputs', { action: 'other', inputs: [{ id: 'x' }] })).status.code, 11102);
  assert.deepEqual(codesOf(await ask('PatchInputs', { action: 'merge', inputs: [{ id: 'none' }] })), [30102]);
});

test('inputs are deleted one by one and as a list', async (t) => {
  const { port, clock, call } = await raw(t);
  const { ask } = vendorClient(t, port);
  await ask('PostInputs', { inputs: ['a', 'b', 'c', 'd'].map((id) => byUrl(id)) });
  assert.equal((await ask('DeleteInput', { input_id: 'a' })).status.code, 10000);
  assert.equal((await ask('DeleteInput', { input_id: 'none' })).status.code, 11101);
  assert.equal((await ask('DeleteInputs', { ids: ['b', 'none'] })).status.code, 10000);
  assert.equal((await ask('DeleteInputs', {})).status.code, 11102);
  clock.ms += 300;
  assert.deepEqual(ids(await call('GET', '/v2/inputs')), ['d', 'c']);
  assert.equal((await ask('GetInput', { input_id: 'a' })).status.code, 11101);
});

test('concepts are listed and found', async (t) => {
  const { port } = await raw(t);
  const { ask } = vendorClient(t, port);
  const data = { image: { url: 'http://h/a' }, concepts: [{ id: 'a', name: 'A', value: 1 }, { id: 'b' }] };
  await ask('PostInputs', { inputs: [{ data }] });
  const { concepts } = await ask('ListConcepts', { per_page: 5 });
  assert.deepEqual(
    concepts.map(({ id, name, app_id: app }) => [id, name, app]),
    [
      ['a', 'A', 'sandbox'],
      ['b', 'b', 'sandbox'],
    ],
  );
  assert.equal((await ask('GetConcept', { concept_id: 'a' })).concept.name, 'A');
  assert.equal((await ask('GetConcept', { concept_id: 'x' })).status.code, 11101);
});

test('an add job is polled as both SDKs of the vendor do it', async (t) => {
  const { port, clock } = await raw(t);
  const { ask } = vendorClient(t, port);
  const add = await ask('PostInputs', { inputs: [byUrl('a'), byUrl('b')], inputs_add_job_id: 'job' });
  assert.deepEqual([add.inputs_add_job?.id, add.inputs_add_job?.progress?.['pending_count']], ['job', '0']);
  const poll = async (): Promise<unknown> => (await ask('GetInputsAddJob', { id: 'job' })).inputs_add_job?.progress;
  const none = { pending_count: '0', in_progress_count: '0', success_count: '0', failed_count: '0' };
  assert.deepEqual(await poll(), { ...none, pending_count: '2' });
  clock.ms += 750;
  assert.deepEqual(await poll(), { ...none, in_progress_count: '2' });
  clock.ms += 750;
  assert.deepEqual(await poll(), { ...none, success_count: '2' });
  assert.deepEqual(
    (await ask('ListInputsAddJobs')).inputs_add_jobs.map(({ id }) => id),
    ['job'],
  );
  assert.equal((await ask('CancelInputsAddJob', { id: 'job' })).inputs_add_job?.status?.code, 64002);
  assert.equal((await ask('GetInputsAddJob', { id: 'none' })).status.code, 11101);
});

test('errors of the application stand in the message, as REST has them', async (t) => {
  const { port, call } = await raw(t);
  const { ask } = vendorClient(t, port);
  const { status, inputs } = await vendorClient(t, port, { key: 'wrong' }).ask('ListInputs');
  assert.deepEqual([status.code, status.description, inputs], [11009, 'API key not found', []]);
  assert.equal(
    (await vendorClient(t, port, { key: 'two words' }).ask('GetInput', { input_id: 'a' })).status.code,
    11008,
  );
  assert.equal((await ask('PostInputs', {})).status.code, 11100);
  assert.equal((await ask('PostInputs', { inputs: [{ ...byUrl('a'), id: 'a b' }] })).status.code, 39999);
  await ask('PostInputs', { inputs: [byUrl('a')] });
  const twice = await ask('PostInputs', { inputs: [byUrl('a'), byUrl('b'), hosted] });
  assert.deepEqual([twice.status.code, codesOf(twice)], [10010, [30104, 30001, 30001]]);
  const suffixed = await ask('PostInputs', {
    inputs: [{ ...hosted, id: 'a' }],
    input_id_conflict_resolution: 'SUFFIX',
  });
  assert.deepEqual(idsOf(suffixed), ['a-1']);
  const videos = [1, 2].map((n) => ({ data: { video: { url: `http://h/${n}` } } }));
  assert.equal((await ask('PostInputs', { inputs: videos })).status.code, 11102);
  assert.equal((await call('GET', '/v2/inputs/status')).body.counts?.['to_process'], 4);
  await failsWith(ask('ListModels'), 12, /No method/);
});

test('apps are kept apart by user_app_id', async (t) => {
  const { port, call } = await raw(t);
  const { ask } = vendorClient(t, port);
  const other = { user_id: 'jo', app_id: 'my app' };
  await ask('PostInputs', { user_app_id: other, inputs: [byUrl('a')] });
  assert.deepEqual(idsOf(await ask('ListInputs')), []);
  assert.deepEqual(idsOf(await ask('ListInputs', { user_app_id: other })), ['a']);
  assert.deepEqual(ids(await call('GET', '/v2/users/jo/apps/my%20app/inputs')), ['a']);
  assert.deepEqual(idsOf(await ask('ListInputs', { user_app_id: { user_id: 'me' } })), []);
});

test('both protocols work on one state at the same time', async (t) => {
  const { port, call } = await raw(t);
  const { ask } = vendorClient(t, port);
  const name = (way: string, n: number): string => `${way}-${n}`;
  const rounds = Array.from({ length: 50 }, (_, n) => n);
  await Promise.all(
    rounds.flatMap((n) => [
      ask('PostInputs', { inputs: [{ ...hosted, id: name('grpc', n) }] }),
      call('POST', '/v2/inputs', { inputs: [{ id: name('rest', n), data: { image: { base64: png } } }] }),
    ]),
  );
  const found = idsOf(await ask('StreamInputs', { per_page: 1000 }));
  assert.equal(new Set(found).size, 100);
  assert.deepEqual(ids(await call('GET', '/v2/inputs/stream?per_page=1000')), found);
});
