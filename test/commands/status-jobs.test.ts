import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { openWorld, rows, type World } from '../harness.js';
import { TempFolder } from '../temp-folder.js';
import { writeImages } from '../tiny-images.js';

const transports = ['rest', 'grpc'] as const;

interface Jobs {
  readonly world: World;
  /** Starts to read what is under a prefix; the id of the job. */
  readonly start: (prefix: string) => Promise<string>;
  readonly status: (words: string) => ReturnType<World['cli']>;
}

async function openJobs(t: TestContext, transport: string): Promise<Jobs> {
  const folder = new TempFolder(t);
  writeImages(folder.path, 3);
  folder.write('broken.jpg', 'no picture');
  const env = { CLARIFAI_INPUTS_TRANSPORT: transport };
  const world = await openWorld(t, { sandbox: { buckets: [{ name: 'b', folder: folder.path }] }, env });
  return {
    world,
    start: async (prefix) => (await world.cli(['add', `s3://b/${prefix}`, '--no-wait', '-o', 'ids'])).stdout.trim(),
    status: (words) => world.cli(['status', ...words.split(' ')]),
  };
}

for (const transport of transports) {
  test(`${transport}: status --job shows a job as it is, and with --wait as it ends`, async (t) => {
    const { start, status } = await openJobs(t, transport);
    const id = await start('000');
    const [now] = rows((await status(`--job ${id}`)).stdout);
    assert.deepEqual([now?.['id'], now?.['outcome'], now?.['source']], [id, 'pending', 's3://b/000']);
    assert.deepEqual(now?.['status'], { code: 64000, name: 'JOB_QUEUED', description: 'waiting to be read' });
    const ended = await status(`--job ${id} --wait`);
    assert.equal(ended.code, 0, ended.stderr);
    const [end] = rows(ended.stdout);
    assert.deepEqual([end?.['outcome'], end?.['succeeded']], ['done', 3]);
    assert.match(ended.stderr, /s3:\/\/b\/000: 3 files found: 3 added in/);
  });

  test(`${transport}: status --job of several names those that are missing, exit 3`, async (t) => {
    const { start, status } = await openJobs(t, transport);
    const id = await start('0001');
    const result = await status(`--job gone --job ${id} --job ${id} -o ids`);
    assert.equal(result.code, 3);
    assert.equal(result.stdout, `${id}\n`);
    assert.match(result.stderr, /^error: no job 'gone' in the app$/m);
    const waited = await status(`--job gone --job ${id} --wait -o ids`);
    assert.deepEqual([waited.code, waited.stdout], [3, `${id}\n`]);
  });

  test(`${transport}: status --jobs lists the jobs of the app, newest first, those of uploads too`, async (t) => {
    const { start, status, world } = await openJobs(t, transport);
    const url = { image: { url: 'https://example.com/a.jpg' } };
    await world.raw('POST', '/v2/inputs', { inputs: [{ id: 'a', data: url }], inputs_add_job_id: 'upload' });
    const id = await start('broken');
    assert.equal((await status(`--job ${id} --wait`)).code, 3);
    const { stdout, code } = await status('--jobs -o csv --fields id,source,outcome,code,succeeded,failed');
    assert.equal(code, 0);
    assert.deepEqual(stdout.trim().split(/\r?\n/), [
      'id,source,outcome,code,succeeded,failed',
      `${id},s3://b/broken,failed,64002,0,1`,
      'upload,,done,64002,1,0',
    ]);
    assert.equal((await status('--jobs -o ids')).stdout, `${id}\nupload\n`);
    const json: unknown = JSON.parse((await status('--jobs -o json')).stdout);
    assert.ok(Array.isArray(json) && json.length === 2);
  });
}

test('status --job without --wait is exit 0 for a job that failed: it was asked for and told', async (t) => {
  const { start, status } = await openJobs(t, 'rest');
  const id = await start('broken');
  await status(`--job ${id} --wait`);
  const result = await status(`--job ${id}`);
  assert.equal(result.code, 0);
  assert.equal(rows(result.stdout)[0]?.['outcome'], 'failed');
});

test('status --job --wait beyond --wait-timeout is exit 5, and says how to go on', async (t) => {
  const { start, status } = await openJobs(t, 'rest');
  const id = await start('000');
  const json = await status(`--job ${id} --wait --wait-timeout 0.2 -o json`);
  assert.equal(json.code, 5);
  assert.match(json.stderr, /^\{"error":\{"message":"1 job still running","hint":"resume with: .*"exit_code":5\}\}$/m);
  const result = await status(`--job ${id} --wait --wait-timeout 0.5`);
  assert.equal(result.code, 5);
  assert.match(result.stderr, new RegExp(`^hint: resume with: clarifai-inputs status --job ${id} --wait$`, 'm'));
});

test('on a terminal, jobs are a table, an app without any says so, and counts are drawn while waiting', async (t) => {
  const { start, world } = await openJobs(t, 'rest');
  const none = await world.cli(['status', '--jobs'], { tty: true });
  assert.match(none.stderr, /^no jobs$/m);
  const id = await start('000');
  const waited = await world.cli(['status', '--job', id, '--wait'], { tty: true, columns: 120 });
  assert.match(waited.stderr, /to_process 3/);
  assert.match(waited.stdout, new RegExp(`${id}.*done`));
  const added = await world.cli(['add', 's3://b/000'], { tty: true });
  assert.equal(added.stdout, '');
  assert.match(added.stderr, /3 files found/);
});

test('a service that fails while a job is awaited is passed over, one that is gone ends the wait with exit 6', async (t) => {
  const { start, status, world } = await openJobs(t, 'rest');
  const id = await start('000');
  let polls = 0;
  world.intercept = ({ path }) => {
    polls += path.includes('/jobs/') ? 1 : 0;
    return polls === 2 ? { status: 500, body: { status: { code: 98006 } } } : undefined;
  };
  assert.equal((await status(`--job ${id} --wait --retries 0`)).code, 0);
  assert.ok(polls > 3);
  const second = await start('000');
  polls = 0;
  world.intercept = ({ path }) => {
    polls += path.includes('/jobs/') ? 1 : 0;
    return polls >= 2 ? 'drop' : undefined;
  };
  const gone = await status(`--job ${second} --wait --retries 1`);
  assert.equal(gone.code, 6);
  assert.match(gone.stderr, /hint: resume with: clarifai-inputs status --job/);
});
