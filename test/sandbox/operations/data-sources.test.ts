import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { isList, isObject, valueAt, type Json } from '../../../src/wire/json.js';
import type { SandboxOptions } from '../../../src/sandbox/server.js';
import { TempFolder } from '../../temp-folder.js';
import { pngOf, writeImages } from '../../tiny-images.js';
import { gif, raw, startTime, type Raw } from '../raw-http.js';

const extractionPath = '/v2/inputs/jobs/extraction';

interface BucketWorld extends Raw {
  readonly folder: string;
  /** Asks, and takes what is at a path of the answer. */
  readonly at: (method: string, path: string, body: unknown, ...keys: readonly string[]) => Promise<Json | undefined>;
  /** Starts to read a URL; the ids of the add job and the extraction job. */
  readonly start: (source: object) => Promise<readonly [string, string]>;
}

async function openBucket(t: TestContext, options: Partial<SandboxOptions> = {}): Promise<BucketWorld> {
  const folder = new TempFolder(t).path;
  const world = await raw(t, { indexMs: 1000, buckets: [{ name: 'pictures', folder }], ...options });
  const at: BucketWorld['at'] = async (method, path, body, ...keys) => {
    const { body: answer } = await world.call(method, path, body);
    let found: unknown = answer;
    for (const key of keys) found = isObject(found) ? found[key] : undefined;
    return isJson(found) ? found : undefined;
  };
  const start = async (source: object): Promise<readonly [string, string]> => {
    const jobs = await at('POST', '/v2/inputs/data_sources', { data_sources: [source] }, 'inputs_add_jobs');
    assert.ok(isList(jobs) && isObject(jobs[0]) && isList(jobs[0]['extraction_jobs']), 'one job with its extraction');
    return [textOf(jobs[0]['id']), textOf(valueAt(jobs[0]['extraction_jobs'][0], ['id']))];
  };
  return { ...world, folder, at, start };
}

/** Answers are parsed JSON, so that what is there is JSON. */
function isJson(value: unknown): value is Json {
  return value !== undefined;
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

const url = (text: string): object => ({ url: { url: text } });

test('reading a bucket is answered as recorded: an add job that says done, with a queued extraction job', async (t) => {
  const { call, folder } = await openBucket(t);
  writeImages(folder, 2);
  const template = { dataset_ids: ['d'], data: { concepts: [{ id: 'sea', value: 1 }], metadata: { from: 's3' } } };
  const { http, body } = await call('POST', '/v2/inputs/data_sources/', {
    data_sources: [{ inputs_add_job_id: 'j1', ...url('s3://pictures/'), input_template: template }],
  });
  assert.equal(http, 200);
  const [job] = body.inputs_add_jobs ?? [];
  assert.ok(isObject(job) && isList(job['extraction_jobs']));
  const [extraction] = job['extraction_jobs'];
  const times = { created_at: startTime, modified_at: startTime };
  assert.deepEqual(job, {
    id: 'j1',
    progress: {},
    ...times,
    extraction_jobs: [extraction],
    status: { code: 64002, description: 'Job successfully ran.' },
  });
  assert.deepEqual(extraction, {
    status: { code: 64000, description: 'Job is queued to be ran.' },
    id: valueAt(extraction, ['id']),
    url: 's3://pictures/',
    progress: {},
    ...times,
    input_template: {
      dataset_ids: ['d'],
      data: { concepts: [{ id: 'sea', name: 'sea', value: 1, app_id: 'sandbox' }], metadata: { from: 's3' } },
    },
  });
});

test('an extraction job runs by time, its counts grow, and its files become inputs with the template', async (t) => {
  const { at, start, clock, folder, call } = await openBucket(t);
  writeImages(folder, 8);
  writeFileSync(join(folder, 'notes.txt'), 'a text');
  writeFileSync(join(folder, 'about.pdf'), 'no media');
  const [addJob, id] = await start({
    ...url('s3://pictures/'),
    input_template: { dataset_ids: ['d'], data: { concepts: [{ id: 'sea' }] } },
  });
  const job = async (...keys: readonly string[]): Promise<Json | undefined> =>
    await at('GET', `${extractionPath}/${id}`, undefined, 'inputs_extraction_job', ...keys);
  assert.equal(await job('status', 'code'), 64000);
  clock.ms += 500 + 260; // half of the time that reading takes
  assert.equal(await job('status', 'code'), 64001);
  assert.deepEqual(await job('progress'), { image_inputs_count: 5 });
  clock.ms += 260;
  assert.equal(await job('status', 'code'), 64002);
  assert.deepEqual(await job('progress'), { image_inputs_count: 8, text_inputs_count: 1 });
  clock.ms += 1000;
  const progress = await at('GET', `/v2/inputs/jobs/add/${addJob}`, undefined, 'inputs_add_job', 'progress');
  assert.deepEqual(progress, { success_count: 9 });
  const { inputs = [] } = (await call('GET', '/v2/inputs')).body;
  assert.deepEqual(inputs.map((input) => input.id).sort(), [
    ...['0000', '0001', '0002', '0003', '0004', '0005', '0006', '0007', 'notes'],
  ]);
  for (const { data } of inputs) assert.ok(isList(data['concepts']));
  const members = await at('GET', '/v2/datasets/d/inputs', undefined, 'dataset_inputs');
  assert.equal(isList(members) && members.length, 9);
});

test('a prefix takes what begins with it, in every spelling of an address', async (t) => {
  const { start, at, clock, folder } = await openBucket(t);
  for (const name of ['sea/a.gif', 'seaside/b.gif', 'hill/c.gif']) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), Buffer.from(gif, 'base64'));
  }
  const found: [string, string][] = [
    ['s3://pictures/sea', '{"image_inputs_count":2}'],
    ['s3://pictures/sea/', '{"image_inputs_count":1}'],
    ['s3://pictures', '{"image_inputs_count":3}'],
    ['gs://pictures/hill/', '{"image_inputs_count":1}'],
    ['https://storage.googleapis.com/pictures/hill/', '{"image_inputs_count":1}'],
    ['https://me.blob.core.windows.net/pictures/sea', '{"image_inputs_count":2}'],
    ['s3://pictures/none', '{}'],
  ];
  for (const [address, progress] of found) {
    const [, id] = await start(url(address));
    clock.ms += 2000;
    const job = await at('GET', `${extractionPath}/${id}`, undefined, 'inputs_extraction_job', 'progress');
    assert.equal(JSON.stringify(job), progress, address);
  }
});

test('broken files are inputs that fail, archives are counted as failed, taken ids are skipped or get a suffix', async (t) => {
  const { start, at, clock, folder, call } = await openBucket(t);
  writeFileSync(join(folder, 'broken.jpg'), 'no picture');
  writeFileSync(join(folder, 'more.zip'), 'PK');
  writeFileSync(join(folder, 'a.png'), pngOf(1));
  const progressOf = async (id: string): Promise<Json | undefined> => {
    clock.ms += 3000;
    return await at('GET', `/v2/inputs/jobs/add/${id}`, undefined, 'inputs_add_job', 'progress');
  };
  const [first, extraction] = await start(url('s3://pictures/'));
  assert.deepEqual(await progressOf(first), { pending_count: 2 });
  assert.deepEqual(await progressOf(first), { success_count: 1, failed_count: 1 });
  const job = await at('GET', `${extractionPath}/${extraction}`, undefined, 'inputs_extraction_job', 'progress');
  assert.deepEqual(job, { image_inputs_count: 2, failed_archives_count: 1 });
  const [skipping] = await start({ ...url('s3://pictures/a'), input_id_conflict_resolution: 'SKIP' });
  await progressOf(skipping);
  assert.deepEqual(await progressOf(skipping), {});
  const [suffixing] = await start({ ...url('s3://pictures/a'), input_id_conflict_resolution: 'SUFFIX' });
  await progressOf(suffixing);
  assert.deepEqual(await progressOf(suffixing), { success_count: 1 });
  assert.ok((await call('GET', '/v2/inputs')).body.inputs?.some(({ id }) => id === 'a-1'));
});

test('a bucket that is not there, and credentials that are missing or wrong, are failed jobs', async (t) => {
  const folder = new TempFolder(t).path;
  const bucket = { name: 'private', folder, credentials: { id: 'me', secret: 'sesame' } };
  const { start, at, clock } = await openBucket(t, { buckets: [bucket] });
  const s3 = (id: string, secret: string): object => ({ credentials: { s3_creds: { id, secret, region: 'r' } } });
  const cases: [object, number, RegExp][] = [
    [{ url: { url: 's3://elsewhere/x' } }, 64003, /elsewhere does not exist/],
    [{ url: { url: 's3://private/' } }, 64003, /denied/],
    [{ url: { url: 's3://private/', ...s3('me', 'wrong') } }, 64003, /not valid/],
    [{ url: { url: 's3://private/', ...s3('me', 'sesame') } }, 64002, /^$/],
  ];
  for (const [source, code, details] of cases) {
    const [, id] = await start(source);
    const status = async (key: string): Promise<Json | undefined> =>
      await at('GET', `${extractionPath}/${id}`, undefined, 'inputs_extraction_job', 'status', key);
    assert.equal(await status('code'), 64000);
    clock.ms += 1000;
    assert.equal(await status('code'), code);
    assert.match(textOf(await status('details')), details);
  }
});

test('a cancelled extraction adds no more, one that is done stays done, and jobs are listed newest first', async (t) => {
  const { start, at, clock, folder, call } = await openBucket(t);
  writeImages(folder, 4);
  const [, done] = await start(url('s3://pictures/0000'));
  clock.ms += 2000;
  const [addJob, id] = await start(url('s3://pictures/'));
  const codes = await at('PATCH', extractionPath, { ids: [id, done] }, 'inputs_extraction_jobs');
  assert.ok(isList(codes));
  assert.deepEqual(
    codes.map((job) => valueAt(job, ['status', 'code'])),
    [64004, 64002],
  );
  clock.ms += 5000;
  assert.deepEqual(await at('GET', `/v2/inputs/jobs/add/${addJob}`, undefined, 'inputs_add_job', 'progress'), {});
  const listed = await at('GET', extractionPath, undefined, 'inputs_extraction_jobs');
  assert.deepEqual(isList(listed) && listed.map((job) => valueAt(job, ['id'])), [id, done]);
  assert.equal((await call('GET', `${extractionPath}/none`)).http, 404);
  assert.equal((await call('PATCH', extractionPath, { ids: ['none'] })).http, 404);
});

test('a request without a source, or with an address of another kind, is refused', async (t) => {
  const { call } = await openBucket(t);
  for (const sources of [[], [url('ftp://x/y')], [{}]]) {
    const { http, body } = await call('POST', '/v2/inputs/data_sources', { data_sources: sources });
    assert.deepEqual([http, body.status.code], [400, 11102]);
  }
});

test('another sandbox on the same state goes on reading, and no file becomes two inputs', async (t) => {
  const state = new TempFolder(t).path;
  const folder = new TempFolder(t).path;
  writeImages(folder, 100);
  const buckets = [{ name: 'pictures', folder }];
  const first = await openBucket(t, { dataDir: state, buckets });
  const [addJob] = await first.start(url('s3://pictures/'));
  first.clock.ms += 850;
  await first.call('GET', '/v2/inputs');
  await first.close();
  const second = await openBucket(t, { dataDir: state, buckets });
  second.clock.ms += 9000;
  await second.call('GET', '/v2/inputs');
  second.clock.ms += 9000;
  const progress = await second.at('GET', `/v2/inputs/jobs/add/${addJob}`, undefined, 'inputs_add_job', 'progress');
  assert.deepEqual(progress, { success_count: 100 });
});
