import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { SandboxOptions } from '../../src/sandbox/server.js';
import { openWorld, testKey, type CliOptions, type CliResult, type World } from '../harness.js';
import { TempFolder } from '../temp-folder.js';
import { writeImages } from '../tiny-images.js';

interface Way {
  readonly name: string;
  /** Makes a world in which the key is given in this way alone. */
  readonly prepare: (world: World) => Promise<void>;
  readonly words: readonly string[];
  readonly options: CliOptions;
}

const noVariable = { env: { CLARIFAI_PAT: undefined } };

const ways: readonly Way[] = [
  { name: 'a variable', prepare: () => Promise.resolve(), words: [], options: {} },
  {
    name: 'a file',
    prepare: (world) => {
      world.write('key.txt', `${testKey}\n`);
      return Promise.resolve();
    },
    words: ['--api-key-file', 'key.txt'],
    options: noVariable,
  },
  {
    name: 'stdin',
    prepare: () => Promise.resolve(),
    words: ['--api-key-file', '-'],
    options: { ...noVariable, stdin: testKey },
  },
  {
    name: 'a profile',
    prepare: async (world) => {
      await world.cli(['config', 'set', 'api-key', '-'], { ...noVariable, stdin: testKey });
    },
    words: [],
    options: noVariable,
  },
];

/** Every command that has a client or shows settings, in its order: one fills the app, the last one empties it. */
const commands: readonly (readonly string[])[] = [
  ['add', 'p', '--id-from', 'name', '-c', 'dog', '--failures', 'failed.ndjson', '-o', 'json'],
  ['add', 'p', '--dry-run', '-o', 'json'],
  ['add', 'p', '--curl'],
  ['list'],
  ['stream', '--limit', '1'],
  ['get', '0000', '--download', 'media', '--preview'],
  ['get', 'gone'],
  ['status'],
  ['status', '--wait'],
  ['status', '--jobs'],
  ['status', '--job', 'gone'],
  ['add', 's3://gone/'],
  ['patch', '0000', '-c', 'cat', '--undo', 'undo.ndjson'],
  ['patch', '0000', '-c', 'cat', '--dry-run'],
  ['patch', '0000', '-c', 'cat', '--curl'],
  ['patch', 'gone', '-c', 'cat'],
  ['config', 'list'],
  ['config', 'list', '-o', 'json'],
  ['config', 'get', 'api-key'],
  ['completion', 'bash'],
  ['__complete', '3', 'clarifai-inputs', 'patch', '-c', ''],
  ['rm', '0000', '--dry-run'],
  ['rm', '0000', '--curl'],
  ['rm', '0000', '0001', '--yes', '--wait'],
];

/** Files that hold a key because they are where it was put. */
const keepers = ['key.txt', 'config.json'];

function mustNotHold(text: string, what: string): void {
  assert.ok(!text.includes(testKey), `${what} holds the key`);
  // as it stands in a header, and as it would in a URL
  assert.ok(!text.includes(Buffer.from(testKey).toString('base64')), `${what} holds the key as base64`);
}

function mustHide(result: CliResult, what: string): void {
  mustNotHold(result.stdout, `${what}: stdout`);
  mustNotHold(result.stderr, `${what}: stderr`);
}

function mustHideInFiles(world: World): number {
  const files = readdirSync(world.dir, { recursive: true, encoding: 'utf8' })
    .filter((name) => !keepers.some((keeper) => name.endsWith(keeper)))
    .map((name) => join(world.dir, name))
    .filter((path) => statSync(path).isFile());
  for (const path of files) mustNotHold(readFileSync(path, 'latin1'), path);
  return files.length;
}

async function filled(t: TestContext): Promise<World> {
  const world = await openWorld(t);
  writeImages(join(world.dir, 'p'), 2);
  world.write('p/empty.jpg', '');
  return world;
}

for (const { name, prepare, words, options } of ways) {
  test(`a key that is given by ${name} is used, and shown or kept by no command`, async (t) => {
    const world = await filled(t);
    await prepare(world);
    for (const command of commands) {
      const own = command[0] === '__complete' ? [] : [...words, '-v'];
      const result = await world.cli([...command, ...own], options);
      mustHide(result, command.join(' '));
      assert.ok([0, 3].includes(result.code), `${command.join(' ')}: ${result.stderr}`);
    }
    assert.ok(world.requests.length > 10);
    for (const { headers } of world.requests) assert.equal(headers.authorization, `Key ${testKey}`);
    // photos, failures, undo and media among them
    assert.ok(mustHideInFiles(world) > 4);
  });
}

test('a service that repeats the key in its answer does not get it shown', async (t) => {
  const world = await filled(t);
  for (const status of [400, 401, 403, 404, 500]) {
    world.intercept = () => ({
      status,
      body: { status: { code: 11009, description: `Key ${testKey} is no key`, details: `${testKey}?` } },
    });
    for (const words of [['list'], ['add', 'p'], ['patch', 'a', '-c', 'x'], ['rm', 'a', '--yes'], ['status']]) {
      const result = await world.cli([...words, '-v', '--retries', '0', '-o', 'json']);
      assert.notEqual(result.code, 0);
      mustHide(result, `${words.join(' ')} at ${status}`);
    }
  }
});

for (const transport of ['rest', 'grpc']) {
  test(`${transport}: AWS credentials that are sent are in no output, nor where a service repeats them`, async (t) => {
    const secrets = ['AKIACANARY7F3A', 'canary/secret+7f3a', 'canary-token-7f3a'];
    const [id = '', secret = '', token = ''] = secrets;
    const locked = (folder: string): SandboxOptions['buckets'] => [
      { name: 'locked', folder, credentials: { id, secret } },
    ];
    const folder = new TempFolder(t).path;
    writeImages(folder, 2);
    const world = await openWorld(t, { sandbox: { buckets: locked(folder) } });
    const env = {
      AWS_ACCESS_KEY_ID: id,
      AWS_SECRET_ACCESS_KEY: secret,
      AWS_SESSION_TOKEN: token,
      CLARIFAI_INPUTS_TRANSPORT: transport,
    };
    const hides = ({ stdout, stderr }: CliResult, what: string): void => {
      for (const text of [stdout, stderr]) {
        for (const one of secrets) assert.ok(!text.includes(one), `${what} shows ${one}`);
      }
    };
    const send = ['add', 's3://locked/', '--send-credentials', '-v'];
    let sent = 0;
    for (const form of ['json', 'ndjson', 'csv', 'table', 'ids']) {
      for (const tty of [true, false]) {
        const result = await world.cli([...send, '-o', form], { env, tty });
        assert.equal(result.code, 0, result.stderr);
        hides(result, `add -o ${form}`);
        sent += result.requests.filter(({ body }) => body.includes(token)).length;
        hides(await world.cli(['status', '--jobs', '-v', '-o', form], { env, tty }), `status -o ${form}`);
      }
    }
    assert.equal(sent, 10);
    for (const refused of ['--dry-run', '--curl', '--failures=f']) {
      hides(await world.cli([...send, refused], { env }), `add ${refused}`);
    }
    const repeating = { code: 64003, description: `${id} is not allowed`, details: `${secret} with ${token}` };
    for (const status of [400, 401, 500]) {
      world.intercept = () => ({ status, body: { status: { ...repeating, code: 11102 } } });
      for (const form of ['json', 'table']) {
        const result = await world.cli([...send, '-o', form, '--retries', '0'], { env });
        assert.notEqual(result.code, 0);
        hides(result, `add at ${status}`);
      }
    }
    const extraction = { id: 'e', url: `s3://locked/?${secret}`, status: repeating };
    const job = { id: 'j', status: repeating, extraction_jobs: [extraction] };
    const answer = { status: { code: 10000 }, inputs_add_job: job, inputs_add_jobs: [job] };
    world.intercept = () => ({ status: 200, body: answer });
    for (const words of [send, ['status', '--jobs'], ['status', '--job', 'j'], ['status', '--job', 'j', '--wait']]) {
      for (const form of ['json', 'table']) {
        const result = await world.cli([...words, '-o', form], { env });
        assert.match(result.stdout, /JOB_FAILED|failed/);
        hides(result, `${words.join(' ')} of a service that repeats`);
      }
    }
  });
}

test('a proxy that is named with a password is told without it', async (t) => {
  const world = await filled(t);
  const proxy = `http://ann:${testKey}@127.0.0.1:1`;
  const env = { HTTP_PROXY: proxy, HTTPS_PROXY: proxy, NO_PROXY: undefined, no_proxy: undefined };
  for (const words of [['list'], ['add', 'p'], ['status']]) {
    const result = await world.cli([...words, '-v', '--retries', '1'], {
      env: { ...env, CLARIFAI_API_BASE: 'http://inputs.invalid' },
    });
    assert.notEqual(result.code, 0);
    mustHide(result, words.join(' '));
  }
  const insecure = await world.cli(['list', '-v', '--retries', '1', '--insecure-http'], {
    env: { ...env, CLARIFAI_API_BASE: 'http://inputs.invalid' },
  });
  assert.equal(insecure.code, 6);
  assert.match(insecure.stderr, /proxy/);
  mustHide(insecure, 'list through it');
});

test('a password in the URL of a source is masked in every message', async (t) => {
  const world = await filled(t);
  const url = `http://ann:${testKey}@127.0.0.1:9/a.jpg`;
  world.write('urls.txt', `${url}\n${url}\n`);
  world.intercept = () => undefined;
  const result = await world.cli(['add', url, '--url-list', 'urls.txt', '--no-wait'], { tty: true });
  mustHide({ ...result, stdout: '' }, 'add');
});
