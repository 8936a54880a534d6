import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { isList, valueAt, type Json } from '../../../src/wire/json.js';
import { Interrupt, openWorld, rows, type CliOptions, type CliResult, type World } from '../../harness.js';
import { TempFolder } from '../../temp-folder.js';
import { writeImages } from '../../tiny-images.js';

/** Both in one run, so that no transport is left to chance. */
const transports = ['rest', 'grpc'] as const;

interface Bucket {
  readonly world: World;
  readonly folder: TempFolder;
  readonly add: (words: string, options?: CliOptions) => Promise<CliResult>;
}

async function openBucket(t: TestContext, transport: string, files: number): Promise<Bucket> {
  const folder = new TempFolder(t);
  writeImages(join(folder.path, 'photos'), files);
  const locked = { name: 'locked', folder: folder.path, credentials: { id: 'AKIATEST', secret: 'open-sesame' } };
  const world = await openWorld(t, { sandbox: { buckets: [{ name: 'public', folder: folder.path }, locked] } });
  const env = { CLARIFAI_INPUTS_TRANSPORT: transport };
  const add: Bucket['add'] = async (words, options = {}) =>
    await world.cli(['add', ...words.split(' ')], { ...options, env: { ...env, ...options.env } });
  return { world, folder, add };
}

const aws = { AWS_ACCESS_KEY_ID: 'AKIATEST', AWS_SECRET_ACCESS_KEY: 'open-sesame', AWS_REGION: 'eu-central-1' };

function only<T>(items: readonly T[]): T {
  const [first] = items;
  assert.ok(first !== undefined && items.length === 1, `one of ${items.length}`);
  return first;
}

function posts({ requests }: CliResult): CliResult['requests'] {
  return requests.filter(({ method }) => method === 'POST');
}

for (const transport of transports) {
  test(`${transport}: a bucket of 5,000 files is one request, followed until the last file is indexed`, async (t) => {
    const { world, add } = await openBucket(t, transport, 5000);
    const result = await add('s3://public/photos/ -c holiday --meta camera=left --dataset trips');
    assert.equal(result.code, 0, result.stderr);
    assert.equal(only(posts(result)).path, '/v2/inputs/data_sources');
    const { id, created_at: createdAt, ...record } = only(rows(result.stdout));
    assert.match(String(id), /^[\da-f-]{36}$/);
    assert.match(String(createdAt), /^2026-01-02T03:04:05/);
    assert.deepEqual(record, {
      source: 's3://public/photos/',
      status: { code: 64002, name: 'JOB_COMPLETED', description: 'read to the end' },
      outcome: 'done',
      found: { image: 5000, video: 0, audio: 0, text: 0 },
      failed_archives: 0,
      pending: 0,
      in_progress: 0,
      succeeded: 5000,
      failed: 0,
    });
    assert.match(result.stderr, /^s3:\/\/public\/photos\/: 5000 files found: 5000 added in \d+ s$/m);
    const { body } = await world.raw('GET', '/v2/inputs/status');
    assert.match(JSON.stringify(body), /"processed":5000,/);
    const [input] = await world.inputs();
    assert.deepEqual(input?.data['metadata'], { camera: 'left' });
    assert.match(JSON.stringify(input.data['concepts']), /"holiday"/);
    const members = await world.raw('GET', '/v2/datasets/trips/inputs?per_page=1000');
    assert.match(JSON.stringify(members.body), /"0000"/);
  });

  test(`${transport}: what fails in a bucket is counted, exit 3, and the hint lists it`, async (t) => {
    const { folder, add, world } = await openBucket(t, transport, 3);
    folder.write('photos/broken.jpg', 'no picture');
    folder.write('photos/more.zip', 'PK');
    const result = await add('s3://public/photos/');
    assert.equal(result.code, 3);
    const record = only(rows(result.stdout));
    assert.deepEqual([record['outcome'], record['succeeded'], record['failed']], ['failed', 3, 1]);
    assert.equal(record['failed_archives'], 1);
    assert.match(result.stderr, /4 files found: 3 added, 1 failed/);
    assert.match(result.stderr, /1 archive could not be unpacked/);
    const hint = /hint: list the failed inputs with: clarifai-inputs (.*)$/m.exec(result.stderr)?.[1] ?? '';
    const listed = await world.cli([...hint.split(' '), '-o', 'ids']);
    assert.deepEqual([listed.code, listed.stdout], [0, 'broken\n']);
  });

  test(`${transport}: credentials are sent only when they are asked for, and open the bucket`, async (t) => {
    const { add } = await openBucket(t, transport, 2);
    const without = await add('s3://locked/photos/', { env: aws });
    assert.equal(without.code, 3);
    assert.doesNotMatch(only(posts(without)).body.toString('latin1'), /open-sesame|AKIATEST/);
    assert.match(
      without.stderr,
      /failed: s3:\/\/locked\/photos\/: 64003 JOB_FAILED: Access to the bucket locked is den/,
    );
    assert.match(without.stderr, /hint: .*--send-credentials/);
    assert.doesNotMatch(without.stderr, /files found/);
    const wrong = await add('s3://locked/photos/ --send-credentials', {
      env: { ...aws, AWS_SECRET_ACCESS_KEY: 'wrong-sesame' },
    });
    assert.equal(wrong.code, 3);
    assert.match(wrong.stderr, /credentials for the bucket locked are not valid/);
    const token = 'token-of-a-session';
    const right = await add('s3://locked/photos/ --send-credentials', { env: { ...aws, AWS_SESSION_TOKEN: token } });
    assert.equal(right.code, 0, right.stderr);
    assert.match(right.stderr, /sending the AWS credentials of the environment to 127\.0\.0\.1:\d+/);
    const [source] = sourcesOf(only(posts(right)).json);
    assert.deepEqual(valueAt(source, ['url', 'credentials', 's3_creds']), {
      region: 'eu-central-1',
      id: 'AKIATEST',
      secret: 'open-sesame',
      token,
    });
  });

  test(`${transport}: Ctrl-C tells how to go on, and status --job --wait does`, async (t) => {
    const { add, world } = await openBucket(t, transport, 20);
    const interrupt = new Interrupt();
    world.intercept = ({ path }) => {
      if (path.includes('/jobs/add/')) interrupt.press();
      return undefined;
    };
    const stopped = await add('s3://public/photos/', { interrupt });
    assert.equal(stopped.code, 130);
    assert.match(stopped.stderr, /^note: the service is still reading$/m);
    assert.match(stopped.stderr, /files? found so far/);
    const record = only(rows(stopped.stdout));
    assert.equal(record['outcome'], 'pending');
    const hint = /^hint: resume with: clarifai-inputs (status --job \S+ --wait)$/m.exec(stopped.stderr)?.[1] ?? '';
    assert.ok(hint.includes(String(record['id'])), stopped.stderr);
    world.intercept = () => undefined;
    const resumed = await world.cli(hint.split(' '), { env: { CLARIFAI_INPUTS_TRANSPORT: transport } });
    assert.equal(resumed.code, 0, resumed.stderr);
    const end = only(rows(resumed.stdout));
    assert.deepEqual([end['id'], end['outcome'], end['succeeded']], [record['id'], 'done', 20]);
  });

  test(`${transport}: a lost answer is looked up, not posted twice`, async (t) => {
    const { add, world } = await openBucket(t, transport, 3);
    let losses = 0;
    world.intercept = ({ method }) => (method === 'POST' && (losses += 1) === 1 ? 'lose' : undefined);
    const result = await add('s3://public/photos/');
    assert.equal(result.code, 0, result.stderr);
    assert.equal(posts(result).length, 1);
    const jobs = await world.cli(['status', '--jobs'], { env: { CLARIFAI_INPUTS_TRANSPORT: transport } });
    assert.equal(rows(jobs.stdout).length, 1);
  });

  test(`${transport}: several buckets are one request with a record each, in their order`, async (t) => {
    const { add } = await openBucket(t, transport, 3);
    const result = await add(
      's3://public/photos/0001 gs://public/photos/0002 azure://me/public/photos/0000 s3://gone/x',
    );
    assert.equal(result.code, 3);
    const urls = sourcesOf(only(posts(result)).json).map((source) => valueAt(source, ['url', 'url']));
    assert.deepEqual(urls, [
      's3://public/photos/0001',
      'gs://public/photos/0002',
      'https://me.blob.core.windows.net/public/photos/0000',
      's3://gone/x',
    ]);
    assert.deepEqual(
      rows(result.stdout).map(({ source, outcome, succeeded }) => [source, outcome, succeeded]),
      [
        ['s3://public/photos/0001', 'done', 1],
        ['gs://public/photos/0002', 'done', 1],
        ['azure://me/public/photos/0000', 'done', 1],
        ['s3://gone/x', 'failed', 0],
      ],
    );
  });
}

function sourcesOf(json: unknown): readonly Json[] {
  const sources = typeof json === 'object' && json !== null && 'data_sources' in json ? json.data_sources : undefined;
  assert.ok(isList(sources));
  return sources;
}

test('add --no-wait of a bucket prints its job and how to follow it', async (t) => {
  const { add, world } = await openBucket(t, 'rest', 3);
  const result = await add('s3://public/photos/ --no-wait -o ids --user-id me --app-id shots');
  assert.equal(result.code, 0);
  assert.equal(result.requests.length, 1);
  const id = result.stdout.trim();
  const hint = `hint: follow with: clarifai-inputs status --job ${id} --wait --user-id me --app-id shots`;
  assert.ok(result.stderr.split('\n').includes(hint), result.stderr);
  const followed = await world.cli(['status', '--job', id, '--wait', '--user-id', 'me', '--app-id', 'shots']);
  assert.equal(followed.code, 0, followed.stderr);
});

test('a bucket that is not read in time is exit 5, naming the way on', async (t) => {
  const { add } = await openBucket(t, 'rest', 3);
  const result = await add('s3://public/photos/ --wait-timeout 1');
  assert.equal(result.code, 5);
  assert.match(result.stderr, /^error: 1 job still running$/m);
  assert.match(result.stderr, /hint: resume with: clarifai-inputs status --job \S+ --wait/);
  assert.equal(only(rows(result.stdout))['outcome'], 'pending');
});

test('files whose ids are taken are not added, which ends the wait once the counts stand still', async (t) => {
  const { add, world } = await openBucket(t, 'rest', 3);
  await add('s3://public/photos/0001');
  const again = await add('s3://public/photos/');
  assert.equal(again.code, 0, again.stderr);
  assert.match(again.stderr, /3 files found: 2 added, 1 not added/);
  assert.match(again.stderr, /note: the service does not add a file whose ID the app already has/);
  assert.deepEqual([...(await world.ids())].sort(), ['0000', '0001', '0002']);
});

test('a prefix with nothing under it is a note, and exit 3 with --fail-empty', async (t) => {
  const { add } = await openBucket(t, 'rest', 1);
  const result = await add('s3://public/none/');
  assert.equal(result.code, 0);
  assert.match(result.stderr, /note: nothing to add under s3:\/\/public\/none\/; is the prefix right\?/);
  assert.equal((await add('s3://public/none/ --fail-empty')).code, 3);
  assert.match((await add('s3://public/*.jpg')).stderr, /it is a prefix, not a pattern/);
});

test('a service that lists no extraction jobs is followed by its counters, one that renames a job by its name', async (t) => {
  const { add, world } = await openBucket(t, 'rest', 4);
  world.intercept = async ({ method, path, body }) => {
    if (!/data_sources|jobs\/add/.test(path)) return undefined;
    const answer = await world.raw(method, path, method === 'POST' ? JSON.parse(body.toString()) : undefined);
    const text = JSON.stringify(answer.body);
    return { status: answer.status, body: JSON.parse(text.replace(/"extraction_jobs":\[.*?\}\],/, '')) };
  };
  const unlisted = await add('s3://public/photos/');
  assert.equal(unlisted.code, 0, unlisted.stderr);
  assert.equal(only(rows(unlisted.stdout))['succeeded'], 4);
  assert.match(unlisted.stderr, /^s3:\/\/public\/photos\/: 4 inputs: 4 added in/m);
  let given = '';
  world.intercept = async ({ method, path, body, json }) => {
    if (method !== 'POST' || !path.includes('data_sources')) return undefined;
    const [source] = sourcesOf(json);
    given = JSON.stringify(valueAt(source, ['inputs_add_job_id']));
    const answer = await world.raw(method, path, JSON.parse(body.toString().replace(given, '"theirs"')));
    return { status: answer.status, body: answer.body };
  };
  const renamed = await add('s3://public/photos/');
  assert.equal(renamed.code, 0, renamed.stderr);
  assert.equal(only(rows(renamed.stdout))['id'], 'theirs');
});

test('a job that is there already after a lost answer is joined, one that is there for no reason is an error', async (t) => {
  const { add, world } = await openBucket(t, 'rest', 2);
  const conflict = { status: 400, body: { status: { code: 64007, description: 'Job conflict.' } } };
  let tries = 0;
  world.intercept = async ({ method, path, body }) => {
    if (method !== 'POST') return undefined;
    tries += 1;
    if (tries === 1) await world.raw(method, path, JSON.parse(body.toString()));
    return conflict;
  };
  const joined = await add('s3://public/photos/');
  assert.equal(joined.code, 0, joined.stderr);
  assert.equal(tries, 1);
  world.intercept = ({ method }) => (method === 'POST' ? conflict : undefined);
  const refused = await add('s3://public/photos/');
  assert.equal(refused.code, 3);
  assert.match(refused.stderr, /64007/);
});

test('an answer that is lost again and again leaves the ids of the jobs that may be there', async (t) => {
  const { add, world } = await openBucket(t, 'rest', 2);
  world.intercept = ({ method }) => (method === 'POST' ? { status: 502, body: 'bad gateway' } : undefined);
  const result = await add('s3://public/photos/');
  assert.equal(result.code, 6);
  assert.equal(posts(result).length, 3);
  assert.match(result.stderr, /hint: see whether the service has started to read with: .* status --job [\da-f-]{36}$/m);
  const interrupt = new Interrupt();
  world.intercept = ({ method }) => {
    if (method !== 'POST') return undefined;
    interrupt.press();
    return 'lose';
  };
  const stopped = await add('s3://public/photos/', { interrupt });
  assert.equal(stopped.code, 130);
  const hint = /started to read with: clarifai-inputs (.*)$/m.exec(stopped.stderr)?.[1] ?? '';
  world.intercept = () => undefined;
  assert.equal((await world.cli(hint.split(' '))).code, 0);
});

const refusals: readonly (readonly [words: string, message: string])[] = [
  ['s3://public/ ./photos', 'buckets cannot be added together with other sources'],
  ['s3://public/ -', 'buckets cannot be added together with other sources'],
  ['s3://public/ --manifest rows.csv', 'a bucket cannot be used with --manifest'],
  ['s3://public/ --id-from name --shard 0/2', 'a bucket cannot be used with --shard or --id-from'],
  ['s3://public/ --dry-run', 'a bucket cannot be used with --dry-run'],
  ['s3://public/ --curl', 'a bucket cannot be used with --curl'],
  ['s3://public/ --sidecars', 'a bucket cannot be used with --sidecars'],
  ['s3://public/ --watch', 'a bucket cannot be used with --watch'],
  ['s3://public/ --failures f', 'a bucket cannot be used with --failures'],
  ['s3://public/ --on-conflict update', 'a bucket cannot be used with --on-conflict'],
  ['gs://public/ --send-credentials', '--send-credentials is only supported with buckets of S3 (s3://BUCKET/PREFIX)'],
  ['photos --send-credentials', '--send-credentials is only supported with buckets of S3 (s3://BUCKET/PREFIX)'],
  ['s3:///photos', "'s3:///photos' is not an address such as s3://BUCKET/PREFIX"],
  ['azure://account', "'azure://account' is not an address such as azure://ACCOUNT/CONTAINER/PREFIX"],
  ['azure://a/c/p?sv=1&sig=abc', 'a signature in the address of a bucket would be shown in every output'],
  ['s3://public/ --send-credentials', '--send-credentials: AWS_ACCESS_KEY_ID is not set'],
];

for (const [words, message] of refusals) {
  test(`add ${words} is a usage error, and nothing is sent`, async (t) => {
    const { add } = await openBucket(t, 'rest', 1);
    const result = await add(words);
    assert.equal(result.code, 2);
    assert.ok(result.stderr.startsWith(`error: ${message}\n`), result.stderr);
    assert.equal(result.requests.length, 0);
  });
}
