import assert from 'node:assert/strict';
import test from 'node:test';
import { openWorld, testKey, type CliOptions, type World } from '../harness.js';
import { pngOf, writeImages } from '../tiny-images.js';

const url = 'https://x.test/a.jpg';

function saveProfiles(world: World, file: unknown): void {
  world.write('.config/clarifai-inputs/config.json', typeof file === 'string' ? file : JSON.stringify(file));
}

/** The path of the first request that `list` sends. */
async function listedPath(world: World, words: readonly string[], env: CliOptions['env'] = {}): Promise<string> {
  const { requests, stderr } = await world.cli(['list', ...words], { env });
  assert.ok(requests[0] !== undefined, stderr);
  return requests[0].path;
}

test('an option wins over the environment, that over the profile, that over the default', async (t) => {
  const world = await openWorld(t);
  const env = { CLARIFAI_USER_ID: 'env', CLARIFAI_APP_ID: 'env' };
  assert.equal(await listedPath(world, []), '/v2/inputs');
  saveProfiles(world, { profiles: { default: { 'user-id': 'saved', 'app-id': 'saved' } } });
  assert.equal(await listedPath(world, []), '/v2/users/saved/apps/saved/inputs');
  assert.equal(await listedPath(world, [], env), '/v2/users/env/apps/env/inputs');
  assert.equal(await listedPath(world, ['--app-id', 'opt'], env), '/v2/users/env/apps/opt/inputs');
  assert.equal(await listedPath(world, ['--app-id', 'opt', '--user-id=me2'], env), '/v2/users/me2/apps/opt/inputs');
  assert.equal(
    await listedPath(world, [], { CLARIFAI_APP_ID: '' }),
    '/v2/users/saved/apps/saved/inputs',
    'empty is unset',
  );
});

test('--profile, else its variable, else the one in use, chooses the profile', async (t) => {
  const world = await openWorld(t);
  const profiles = { default: { 'app-id': 'first' }, work: { 'app-id': 'labels' }, home: { 'app-id': 'home' } };
  saveProfiles(world, { profiles });
  assert.equal(await listedPath(world, []), '/v2/users/me/apps/first/inputs');
  saveProfiles(world, { profile: 'work', profiles });
  assert.equal(await listedPath(world, []), '/v2/users/me/apps/labels/inputs');
  const env = { CLARIFAI_INPUTS_PROFILE: 'home' };
  assert.equal(await listedPath(world, [], env), '/v2/users/me/apps/home/inputs');
  assert.equal(await listedPath(world, ['--profile', 'default'], env), '/v2/users/me/apps/first/inputs');
  const unknown = await world.cli(['list', '--profile', 'nope']);
  assert.equal(unknown.code, 2);
  assert.match(unknown.stderr, /no profile 'nope'/);
  assert.deepEqual(unknown.requests, []);
});

test('CLARIFAI_PAT wins over CLARIFAI_API_KEY, and a key file over both', async (t) => {
  const world = await openWorld(t);
  world.write('key', ` ${testKey} \n`);
  const wrong = { CLARIFAI_PAT: undefined, CLARIFAI_API_KEY: 'wrong' };
  assert.equal((await world.cli(['list'], { env: wrong })).code, 4);
  assert.equal((await world.cli(['list'], { env: { ...wrong, CLARIFAI_API_KEY: testKey } })).code, 0);
  assert.equal((await world.cli(['list'], { env: { ...wrong, CLARIFAI_PAT: testKey } })).code, 0);
  assert.equal((await world.cli(['list', '--api-key-file', 'key'], { env: wrong })).code, 0);
  assert.equal((await world.cli(['list', '--api-key-file', '-'], { env: wrong, stdin: `${testKey}\n` })).code, 0);
});

test('a key file that is not there or empty is a usage error, and a key with odd characters no key', async (t) => {
  const world = await openWorld(t);
  world.write('empty', '\n');
  world.write('odd', 'my secret\u0001key');
  for (const [file, code] of [
    ['nowhere', 2],
    ['empty', 2],
    ['odd', 4],
  ] as const) {
    const result = await world.cli(['list', '--api-key-file', file]);
    assert.equal(result.code, code, file);
    assert.ok(!result.stderr.includes('secret'));
    assert.deepEqual(result.requests, []);
  }
});

test('stdin has one reader', async (t) => {
  const world = await openWorld(t);
  for (const words of [
    ['get', '-', '--api-key-file', '-'],
    ['rm', '-', '--yes', '--api-key-file', '-'],
    ['get', '-', '-'],
  ]) {
    const result = await world.cli(words, { stdin: testKey });
    assert.equal(result.code, 2, words.join(' '));
    assert.match(result.stderr, /stdin/);
    assert.deepEqual(result.requests, []);
  }
});

test('a damaged profile file is named, without what it holds', async (t) => {
  const world = await openWorld(t);
  for (const text of ['{"profiles": {"default": {"api-key": "secret"', '[]', '"secret"']) {
    saveProfiles(world, text);
    const result = await world.cli(['list']);
    assert.equal(result.code, 1, text);
    assert.match(result.stderr, /config\.json/);
    assert.ok(!result.stderr.includes('secret'));
  }
});

test('options work before the command, after it, and written with =', async (t) => {
  const world = await openWorld(t);
  for (const words of [
    ['--app-id', 'demo', '-o', 'csv', 'list'],
    ['list', '--app-id', 'demo', '-o', 'csv'],
    ['list', '--app-id=demo', '--output=csv'],
    ['-ocsv', 'list', '--app-id', 'demo'],
  ]) {
    const result = await world.cli(words);
    assert.equal(result.stdout, 'id,type,status,concepts,url,created_at,metadata,geo\n', words.join(' '));
    assert.equal(result.requests[0]?.path, '/v2/users/me/apps/demo/inputs');
  }
});

test('what is not a command, option or value is exit 2, with what was meant', async (t) => {
  const world = await openWorld(t);
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [['lst'], /Did you mean list/],
    [['--app-id', 'x', 'lst'], /Did you mean list/],
    [['--app-id', 'x'], /Usage/],
    [['help', 'lst'], /Did you mean list/],
    [['help', 'exit-cods'], /Did you mean exit-codes/],
    [['list', '--pge', '2'], /Did you mean --page/],
    [['list', '-o', 'xml'], /table, json, ndjson, csv, ids/],
    [['list', '--per-page', '1001'], /at most 1000/],
    [['list', '--per-page', '1.5'], /whole number/],
    [['list', '--rps', '-1'], /number/],
    [['list', '--timeout', '0'], /at least/],
    [['list', '--retries', '101'], /at most 100/],
    [['list', '--concurrency', '0'], /at least 1/],
    [['list', '--fields', 'id,,x'], /empty path/],
    [['list', '--app-id'], /argument missing/],
    [['list', 'extra'], /too many arguments/],
    [['list', '--api-base', 'ftp://x.test'], /not http/],
    [['list', '--api-base', 'https://ann:canary@x.test'], /must not contain a password/],
    [['list', '--ca-cert', 'nowhere.pem'], /--ca-cert nowhere\.pem/],
  ];
  for (const [words, expected] of cases) {
    const { code, stdout, stderr, requests } = await world.cli(words);
    assert.equal(code, 2, words.join(' '));
    assert.match(stderr, expected);
    assert.ok(!stderr.includes('canary'));
    assert.deepEqual([stdout, requests], ['', []]);
  }
});

test('-v tells each request with its answer, and never the key', async (t) => {
  const world = await openWorld(t);
  world.write('a.png', pngOf(1));
  const result = await world.cli(['add', 'a.png', '-v']);
  const lines = result.stderr.split('\n').filter((line) => line.includes(' -> '));
  assert.equal(lines.length, result.requests.length);
  assert.match(lines[1] ?? '', /^POST \/inputs -> 200 10000 in \d+ ms req_id=\w+$/);
  assert.ok(!result.stderr.includes(testKey));
  const quietly = await world.cli(['list']);
  assert.equal(quietly.stderr, '');
});

test('-v shows the request id of a refusal', async (t) => {
  const world = await openWorld(t);
  world.intercept = () => ({
    status: 400,
    body: { status: { code: 11102, description: 'Invalid', req_id: 'abc123' } },
  });
  const plainly = await world.cli(['list']);
  assert.equal(plainly.code, 3);
  assert.match(plainly.stderr, /^error: GET \/inputs: HTTP 400, code 11102 Invalid\n/);
  assert.ok(!plainly.stderr.includes('abc123'));
  assert.match((await world.cli(['list', '-v'])).stderr, /^req_id: abc123$/m);
});

test('what the service says is stripped of what could repaint a terminal', async (t) => {
  const world = await openWorld(t);
  const status = { code: 11102, description: 'a\u001b[2Jb\nerror: forged', req_id: '\u001b[31m' };
  world.intercept = () => ({ status: 400, body: { status } });
  for (const words of [['list'], ['list', '-v'], ['list', '-o', 'json']]) {
    const { stderr } = await world.cli(words, { tty: true });
    assert.ok(!stderr.includes('\u001b'), words.join(' '));
    assert.ok(!stderr.includes('\nerror: forged'));
  }
});

test('a refusal with -o json or ndjson is an object on stderr', async (t) => {
  const world = await openWorld(t);
  world.intercept = () => ({ status: 400, body: { status: { code: 11102, description: 'Invalid', req_id: 'r1' } } });
  for (const form of ['json', 'ndjson']) {
    const { code, stderr } = await world.cli(['status', '-o', form]);
    assert.equal(code, 3);
    assert.deepEqual(JSON.parse(stderr), {
      error: {
        message: 'GET /inputs/status: HTTP 400, code 11102 Invalid',
        exit_code: 3,
        code: 11102,
        http_status: 400,
        req_id: 'r1',
      },
    });
  }
  const usage = await world.cli(['rm', 'a', '-o', 'json']);
  assert.equal(usage.code, 2);
  assert.match(usage.stderr, /"message":"--yes required[^]*"exit_code":2/);
});

test('-q leaves on stderr the errors alone, and stdout as it is', async (t) => {
  const world = await openWorld(t);
  world.write('a.png', pngOf(1));
  const quiet = await world.cli(['add', 'a.png', 'gone.png', '-q', '-o', 'ids']);
  assert.match(quiet.stderr, /^failed: gone\.png: [^\n]*\n$/);
  const [id = ''] = await world.ids();
  assert.equal(quiet.stdout, `${id}\n`);
  assert.equal((await world.cli(['get', '-', '-q'], { stdin: '' })).stderr, '');
  assert.equal((await world.cli(['rm', id, '--yes', '-q'])).stderr, '');
  const bars = await world.cli(['add', 'a.png', '-q'], { tty: true });
  assert.equal(bars.stderr, '');
});

const coloured = { tty: true, env: { TERM: 'xterm' } };
const colourless: readonly (readonly [string, CliOptions, readonly string[]])[] = [
  ['--no-color', coloured, ['--no-color']],
  ['NO_COLOR', { ...coloured, env: { TERM: 'xterm', NO_COLOR: '1' } }, []],
  ['TERM=dumb', { ...coloured, env: { TERM: 'dumb' } }, []],
  ['no terminal', {}, []],
];

for (const [name, options, words] of colourless) {
  test(`there is colour on a terminal, but not with ${name}`, async (t) => {
    const world = await openWorld(t);
    const withColour = await world.cli(['status'], { ...coloured });
    assert.ok(withColour.stdout.includes('\u001b[32m'));
    assert.ok(!(await world.cli(['status', '-o', 'table', ...words], options)).stdout.includes('\u001b['));
    const failing = ['add', 'gone.png', '--no-progress'];
    assert.ok((await world.cli(failing, coloured)).stderr.includes('\u001b[31mfailed'));
    const plain = await world.cli([...failing, ...words], options);
    assert.ok(!plain.stderr.includes('\u001b'), plain.stderr);
    assert.equal(plain.code, 3);
  });
}

test('an empty NO_COLOR forbids nothing', async (t) => {
  const world = await openWorld(t);
  assert.ok((await world.cli(['status'], { tty: true, env: { NO_COLOR: '' } })).stdout.includes('\u001b['));
});

test('--no-progress and TERM=dumb draw no bars', async (t) => {
  const world = await openWorld(t);
  world.write('a.png', pngOf(1));
  assert.match((await world.cli(['add', 'a.png'], { tty: true })).stderr, /█/);
  assert.doesNotMatch((await world.cli(['add', 'a.png', '--no-progress'], { tty: true })).stderr, /[█░]/);
  // they would stand between its lines
  assert.doesNotMatch((await world.cli(['add', 'a.png', '-v'], { tty: true })).stderr, /[█░]/);
  assert.doesNotMatch((await world.cli(['add', 'a.png'], { tty: true, env: { TERM: 'dumb' } })).stderr, /[█░]/);
});

test('--no-input never prompts, even on a terminal', async (t) => {
  const world = await openWorld(t);
  const result = await world.cli(['rm', 'a', '--no-input'], { tty: true });
  assert.equal(result.code, 2);
  assert.match(result.stderr, /--yes/);
});

test('--rps spaces the requests, and 0 means no limit', async (t) => {
  const world = await openWorld(t);
  writeImages(world.dir, 20);
  const elapsedMs = async (...words: readonly string[]): Promise<number> => {
    const startMs = world.clock.now();
    const { code, requests } = await world.cli(['add', '*.png', '--batch-size', '1', '--no-wait', ...words]);
    assert.equal(code, 0);
    await world.cli(['rm', '--all', '--yes', '--wait', '--rps', '0']);
    return (world.clock.now() - startMs) / requests.length;
  };
  assert.ok((await elapsedMs('--rps', '2')) > 450, 'two a second');
  const default15 = await elapsedMs();
  assert.ok(default15 > 60 && default15 < 200, `15 a second unless told otherwise: ${default15}`);
  assert.ok((await elapsedMs('--rps', '0')) < 60);
});

test('--timeout bounds the wait for an answer', async (t) => {
  const world = await openWorld(t);
  world.intercept = () => new Promise((resolve) => setTimeout(resolve, 3000, undefined).unref());
  const result = await world.cli(['list', '--timeout', '0.1', '--retries', '0']);
  assert.equal(result.code, 6);
  assert.match(result.stderr, /no answer within 0\.1 s/);
});

test('--insecure-http lets plain http through to another machine', async (t) => {
  const world = await openWorld(t);
  // a proxy of the environment stands in for the other machine
  const env = { HTTP_PROXY: 'http://127.0.0.1:9' };
  const words = ['list', '--api-base', 'http://other.test', '--retries', '0'];
  const refused = await world.cli(words, { env });
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /plain http to other\.test/);
  assert.equal((await world.cli([...words, '--insecure-http'], { env })).code, 6);
});

test('--sandbox needs no key and keeps its state for the next command', async (t) => {
  const none = { CLARIFAI_PAT: undefined, CLARIFAI_API_BASE: undefined };
  const world = await openWorld(t, { env: none });
  const added = await world.cli(['--sandbox', 'add', url, '--id', 'a', '-o', 'ids']);
  assert.equal(added.code, 0, added.stderr);
  assert.equal((await world.cli(['list', '--sandbox', '-o', 'ids'])).stdout, 'a\n');
  assert.equal((await world.cli(['list', '--sandbox', '-o', 'ids', '--app-id', 'other'])).stdout, '');
});

test('--sandbox sets key, base, user and app of environment and profile aside, not the other settings', async (t) => {
  const world = await openWorld(t, { env: { CLARIFAI_APP_ID: 'from-env' } });
  saveProfiles(world, { profiles: { default: { 'user-id': 'saved', rps: '0.5' } } });
  const result = await world.cli(['--sandbox', 'list', '-v']);
  assert.equal(result.code, 0, result.stderr);
  assert.deepEqual(result.requests, [], 'nothing goes where the environment points');
  const startMs = world.clock.now();
  await world.cli(['--sandbox', 'add', url, '--no-wait']);
  assert.ok(world.clock.now() - startMs >= 2000, 'the saved rate holds');
  const dry = await world.cli(['--sandbox', 'add', 'https://x.test/b.jpg', '--dry-run']);
  assert.match(dry.stdout, /POST \/v2\/inputs,/);
});
