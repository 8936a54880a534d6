import assert from 'node:assert/strict';
import { test } from 'node:test';
import { byUrl, raw, startTime } from '../raw-http.js';

const running = { code: 64001, description: 'Job is running.' };
const done = { code: 64002, description: 'Job successfully ran.' };
const cancelled = { code: 64004, description: 'Job is cancelled.' };
const path = '/v2/inputs/jobs/add';

test('an add job counts its inputs from pending to their ends, over several requests', async (t) => {
  const { call, clock } = await raw(t, { indexMs: 1000 });
  const first = await call('POST', '/v2/inputs', { inputs: [byUrl('a'), byUrl('b')], inputs_add_job_id: 'job 1' });
  assert.deepEqual(first.body.inputs_add_job, { id: 'job 1', progress: {} });
  const times = { created_at: startTime, modified_at: startTime };
  assert.deepEqual((await call('GET', `${path}/job%201`)).body, {
    status: { code: 10000, description: 'Ok' },
    inputs_add_job: { id: 'job 1', progress: { pending_count: 2 }, ...times, status: running },
  });
  clock.ms += 700;
  const bad = { id: 'c', data: { image: { base64: Buffer.from('no image').toString('base64') } } };
  await call('POST', '/v2/inputs', { inputs: [bad, byUrl('other')], inputs_add_job_id: 'job 1' });
  await call('POST', '/v2/inputs', { inputs: [byUrl('elsewhere')] });
  const progress = async (): Promise<unknown> => {
    const { inputs_add_job: job } = (await call('GET', `${path}/job%201`)).body;
    assert.ok(typeof job === 'object' && job !== null && 'progress' in job && 'status' in job);
    return [job.progress, job.status];
  };
  assert.deepEqual(await progress(), [{ pending_count: 2, in_progress_count: 2 }, running]);
  clock.ms += 300;
  assert.deepEqual(await progress(), [{ pending_count: 2, success_count: 2 }, running]);
  clock.ms += 700;
  assert.deepEqual(await progress(), [{ success_count: 3, failed_count: 1 }, done]);
});

test('jobs are listed newest first, by pages, each app with its own', async (t) => {
  const { call } = await raw(t);
  for (const job of ['b', 'a', 'c', 'a']) {
    await call('POST', '/v2/inputs', { inputs: [{ data: byUrl(job)['data'] ?? {} }], inputs_add_job_id: job });
  }
  const idsOf = async (query: string): Promise<readonly unknown[]> => {
    const { http, body } = await call('GET', path + query);
    assert.equal(http, 200);
    return (body.inputs_add_jobs ?? []).map((job) => typeof job === 'object' && job && 'id' in job && job.id);
  };
  assert.deepEqual(await idsOf(''), ['c', 'a', 'b']);
  assert.deepEqual(await idsOf('?per_page=2&page=2'), ['b']);
  assert.deepEqual((await call('GET', `/v2/users/jo/apps/x/inputs/jobs/add`)).body.inputs_add_jobs, []);
  assert.equal((await call('GET', `/v2/users/jo/apps/x/inputs/jobs/add/a`)).http, 404);
});

test('a cancelled job says so, and its inputs stay; one that is done stays done', async (t) => {
  const { call, clock } = await raw(t, { indexMs: 1000 });
  await call('POST', '/v2/inputs', { inputs: [byUrl('a')], inputs_add_job_id: 'early' });
  await call('POST', '/v2/inputs', { inputs: [byUrl('b')], inputs_add_job_id: 'late' });
  const statusOf = (body: { readonly inputs_add_job?: unknown }): unknown => {
    const { inputs_add_job: job } = body;
    return typeof job === 'object' && job !== null && 'status' in job ? job.status : undefined;
  };
  assert.deepEqual(statusOf((await call('PATCH', `${path}/early`, {})).body), cancelled);
  clock.ms += 1000;
  assert.deepEqual(statusOf((await call('GET', `${path}/early`)).body), cancelled);
  assert.deepEqual(statusOf((await call('PATCH', `${path}/late`, { id: 'late' })).body), done);
  assert.equal((await call('GET', '/v2/inputs/a')).body.input?.status.code, 30000);
  assert.equal((await call('PATCH', `${path}/none`, {})).http, 404);
});

test('an input that is deleted is counted no more', async (t) => {
  const { call, clock } = await raw(t, { indexMs: 1000, deleteMs: 0 });
  await call('POST', '/v2/inputs', { inputs: [byUrl('a'), byUrl('b')], inputs_add_job_id: 'j' });
  clock.ms += 1000;
  await call('DELETE', '/v2/inputs/a');
  const { inputs_add_job: job } = (await call('GET', `${path}/j`)).body;
  assert.ok(typeof job === 'object' && job !== null && 'progress' in job);
  assert.deepEqual(job.progress, { success_count: 1 });
});
