import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { Interrupt, openWorld, rows, testKey, type CliResult, type World } from '../../harness.js';
import { MemoryInput } from '../../memory-streams.js';

const canary = 'canary-0123456789abcdef';

/** A world in which neither key nor base comes from the environment. */
async function bare(t: TestContext): Promise<World> {
  return await openWorld(t, { env: { CLARIFAI_PAT: undefined, CLARIFAI_API_BASE: undefined } });
}

const fileOf = (world: World): string => join(world.dir, '.config', 'clarifai-inputs', 'config.json');

async function listed(world: World, ...words: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
  const { stdout } = await world.cli(['config', 'list', ...words]);
  return Object.fromEntries(rows(stdout).map(({ name, value, origin, from }) => [String(name), [value, origin, from]]));
}

function mustHideKey({ stdout, stderr }: CliResult): void {
  assert.doesNotMatch(stdout + stderr, new RegExp(canary));
}

test('config set saves a value in a file that is its owner’s alone, and get, unset and list show it', async (t) => {
  const world = await bare(t);
  const set = await world.cli(['config', 'set', 'app-id', 'demo']);
  assert.deepEqual([set.code, set.stdout], [0, '']);
  assert.match(set.stderr, /saved app-id in profile default/);
  assert.equal(statSync(fileOf(world)).mode & 0o777, 0o600);
  assert.equal(statSync(dirname(fileOf(world))).mode & 0o777, 0o700);
  assert.equal((await world.cli(['config', 'get', 'app-id'])).stdout, 'demo\n');
  assert.deepEqual((await listed(world))['app-id'], ['demo', 'profile', 'default']);
  assert.equal((await world.cli(['config', 'unset', 'app-id'])).code, 0);
  const missing = await world.cli(['config', 'get', 'app-id']);
  assert.deepEqual([missing.code, missing.stdout], [2, '']);
  assert.match(missing.stderr, /config set app-id VALUE/);
  assert.match((await world.cli(['config', 'unset', 'app-id'])).stderr, /has no app-id/);
});

test('a key comes on stdin, never from an argument, and is shown by its last four characters', async (t) => {
  const world = await bare(t);
  const argument = await world.cli(['config', 'set', 'api-key', canary]);
  assert.equal(argument.code, 2);
  assert.match(argument.stderr, /config set api-key - </);
  mustHideKey(argument);
  assert.throws(() => statSync(fileOf(world)));
  const set = await world.cli(['config', 'set', 'api-key', '-'], { stdin: `${canary}\n` });
  assert.equal(set.code, 0);
  const get = await world.cli(['config', 'get', 'api-key']);
  assert.equal(get.stdout, '…cdef\n');
  for (const form of ['table', 'json', 'ndjson', 'csv']) {
    const list = await world.cli(['config', 'list', '-o', form, '-v']);
    assert.match(list.stdout, /…cdef/);
    mustHideKey(list);
  }
  mustHideKey(set);
  assert.match(readFileSync(fileOf(world), 'utf8'), new RegExp(canary));
  assert.equal((await world.cli(['config', 'list', '-o', 'ids'])).code, 2);
});

test('a saved key and base are used, and an option, then the environment, win over them', async (t) => {
  const world = await bare(t);
  await world.cli(['config', 'set', 'api-key', '-'], { stdin: testKey });
  await world.cli(['config', 'set', 'api-base', world.proxy.url]);
  await world.cli(['config', 'set', 'app-id', 'saved']);
  const used = await world.cli(['list']);
  assert.deepEqual([used.code, used.requests[0]?.path], [0, '/v2/users/me/apps/saved/inputs']);
  const env = { CLARIFAI_APP_ID: 'fromenv' };
  assert.equal((await world.cli(['list'], { env })).requests[0]?.path, '/v2/users/me/apps/fromenv/inputs');
  const option = await world.cli(['list', '--app-id', 'given'], { env });
  assert.equal(option.requests[0]?.path, '/v2/users/me/apps/given/inputs');
  const origins = await listed(world, '--user-id', 'me2');
  assert.deepEqual(origins['user-id'], ['me2', 'option', '--user-id']);
  assert.deepEqual(origins['app-id'], ['saved', 'profile', 'default']);
  assert.deepEqual(origins['rps'], ['15', 'default', null]);
  const { stdout } = await world.cli(['config', 'list'], { env });
  assert.match(stdout, /"name":"app-id","value":"fromenv","origin":"environment","from":"CLARIFAI_APP_ID"/);
  const shadowed = await world.cli(['config', 'set', 'app-id', 'other'], { env });
  assert.match(shadowed.stderr, /CLARIFAI_APP_ID is set, and overrides/);
});

test('profiles are chosen by --profile, the variable, and config use, in that order', async (t) => {
  const world = await bare(t);
  await world.cli(['config', 'set', 'app-id', 'one']);
  await world.cli(['config', 'set', 'app-id', 'two', '--profile', 'work']);
  await world.cli(['config', 'set', 'app-id', 'three', '--profile', '__proto__']);
  const app = async (words: readonly string[], env = {}): Promise<string> =>
    (await world.cli(['config', 'get', 'app-id', ...words], { env })).stdout.trim();
  assert.equal(await app([]), 'one');
  assert.equal(await app(['--profile', 'work']), 'two');
  assert.equal(await app(['--profile', '__proto__']), 'three');
  assert.equal(await app([], { CLARIFAI_INPUTS_PROFILE: 'work' }), 'two');
  assert.equal((await world.cli(['config', 'use', 'work'])).code, 0);
  assert.equal(await app([]), 'two');
  assert.equal(await app(['--profile', 'default']), 'one');
  const unknown = await world.cli(['config', 'use', 'home']);
  assert.equal(unknown.code, 2);
  assert.match(unknown.stderr, /no profile 'home'.*\n.*default, work/);
  assert.equal((await world.cli(['list', '--profile', 'home'])).code, 2);
});

test('what is not a setting, or no value of one, is exit 2 and saves nothing', async (t) => {
  const world = await bare(t);
  for (const [name, value] of [
    ['colour', 'red'],
    ['app-id', 'a/b'],
    ['rps', '-1'],
    ['timeout', 'soon'],
    ['api-base', 'no where'],
    ['concurrency', '0'],
  ] as const) {
    const result = await world.cli(['config', 'set', '--', name, value]);
    assert.equal(result.code, 2, name);
  }
  assert.throws(() => statSync(fileOf(world)));
});

test('a name that is not a setting is exit 2 and not repeated, since it may be a key; the help has the names', async (t) => {
  const world = await bare(t);
  for (const words of [
    ['set', canary, 'api-key'],
    ['get', canary],
    ['unset', canary],
  ]) {
    const result = await world.cli(['config', ...words]);
    assert.equal(result.code, 2);
    assert.match(result.stderr, /settings: api-key, user-id,/);
    mustHideKey(result);
  }
  assert.match((await world.cli(['config', 'set', '--help'])).stdout, /choices: "api-key", "user-id"/);
});

test('a base that would show a password or the key is exit 2 and not saved', async (t) => {
  const world = await bare(t);
  for (const base of [`https://ann:${canary}@x.test`, 'ftp://x.test', `ann:${canary}@x.test`, 'http://x.test']) {
    const result = await world.cli(['config', 'set', 'api-base', base]);
    assert.equal(result.code, 2, base);
    mustHideKey(result);
  }
  assert.ok(!existsSync(fileOf(world)));
  assert.equal((await world.cli(['config', 'set', 'api-base', 'http://x.test', '--insecure-http'])).code, 0);
});

test('a base without a scheme means https, wherever it is given', async (t) => {
  const world = await bare(t);
  const env = { CLARIFAI_API_BASE: 'variable.test:8443' };
  assert.equal((await world.cli(['config', 'get', 'api-base'], { env })).stdout, 'https://variable.test:8443\n');
  assert.equal((await world.cli(['config', 'set', 'api-base', 'saved.test'])).code, 0);
  assert.equal((await world.cli(['config', 'get', 'api-base'])).stdout, 'https://saved.test\n');
  const words = ['list', '--api-base', 'localhost:1', '--retries', '0'];
  const { stderr } = await world.cli(words, { env: { CLARIFAI_PAT: 'key' } });
  assert.match(stderr, /is https:\/\/localhost:1 right\?/);
});

test('a certificate file is saved with its whole path', async (t) => {
  const world = await bare(t);
  await world.cli(['config', 'set', 'ca-cert', 'ca.pem']);
  assert.equal((await world.cli(['config', 'get', 'ca-cert'])).stdout, `${join(world.dir, 'ca.pem')}\n`);
});

test('config set api-key - asks at a terminal, and takes no empty key elsewhere', async (t) => {
  const world = await bare(t);
  const keys = [{ after: 'API key', keys: `${canary}\r` }];
  const asked = await world.cli(['config', 'set', 'api-key', '-'], { tty: true, typing: keys });
  assert.equal(asked.code, 0);
  mustHideKey(asked);
  assert.equal((await world.cli(['config', 'get', 'api-key'])).stdout, '…cdef\n');
  const empty = await world.cli(['config', 'set', 'api-key', '-'], { stdin: '\n' });
  assert.equal(empty.code, 2);
  assert.match(empty.stderr, /contains no key/);
  assert.equal((await world.cli(['config', 'get', 'api-key'])).stdout, '…cdef\n');
});

test('config list shows what the sandbox sets aside and what it leaves', async (t) => {
  const world = await openWorld(t);
  await world.cli(['config', 'set', 'app-id', 'saved']);
  await world.cli(['config', 'set', 'rps', '3']);
  const origins = await listed(world, '--sandbox', '--user-id', 'ann');
  assert.deepEqual(origins['api-key'], ['…', 'sandbox', null]);
  assert.deepEqual(origins['user-id'], ['ann', 'option', '--user-id']);
  assert.deepEqual(origins['rps'], ['3', 'profile', 'default']);
  assert.equal(origins['app-id'], undefined);
});

test('a damaged file is named, and stays as it is', async (t) => {
  const world = await bare(t);
  mkdirSync(dirname(fileOf(world)), { recursive: true });
  writeFileSync(fileOf(world), `{"profiles": ${canary}`);
  for (const words of [['list'], ['set', 'app-id', 'x'], ['use', 'x']]) {
    const result = await world.cli(['config', ...words]);
    assert.equal(result.code, 1, words.join(' '));
    assert.match(result.stderr, /config\.json/);
    mustHideKey(result);
  }
  assert.equal(readFileSync(fileOf(world), 'utf8'), `{"profiles": ${canary}`);
});

test('config path tells where it is', async (t) => {
  const world = await bare(t);
  assert.equal((await world.cli(['config', 'path'])).stdout, `${fileOf(world)}\n`);
});

/** The answers to whether to type all again, and whether to save what the service refused. */
const twice = (save: 'y' | 'n') => [
  { after: 'Enter them again?', keys: 'n\r' },
  { after: 'anyway?', keys: `${save}\r` },
];

const typing = (key: string, user: string, app: string) => [
  { after: 'API key', keys: `${key}\r` },
  { after: 'User ID', keys: `${user}\r` },
  { after: 'App ID', keys: `${app}\r` },
];

test('config init asks, checks with the service, and saves', async (t) => {
  const world = await bare(t);
  const words = ['config', 'init', '--profile', 'work', '--api-base', world.proxy.url];
  const result = await world.cli(words, { tty: true, typing: typing(testKey, '', 'demo') });
  assert.equal(result.code, 0, result.stderr);
  assert.deepEqual(
    result.requests.map(({ path }) => path),
    ['/v2/users/me/apps/demo/inputs/status'],
  );
  assert.doesNotMatch(result.stdout + result.stderr, new RegExp(testKey));
  const saved: unknown = JSON.parse(readFileSync(fileOf(world), 'utf8'));
  assert.deepEqual(saved, {
    profiles: { work: { 'api-base': world.proxy.url, 'api-key': testKey, 'app-id': 'demo' } },
  });
  assert.equal((await world.cli(['list', '--profile', 'work'])).code, 0);
});

test('config init says what is wrong with a key, and saves nothing of it', async (t) => {
  const world = await bare(t);
  const keys = [...typing(`${canary}\u0014`, '', 'demo'), ...twice('n')];
  const result = await world.cli(['config', 'init', '--api-base', world.proxy.url], { tty: true, typing: keys });
  assert.equal(result.code, 4);
  assert.match(result.stderr, /11009/);
  mustHideKey(result);
  assert.throws(() => statSync(fileOf(world)));
});

test('config init saves what the service refused only if told so', async (t) => {
  const world = await bare(t);
  world.intercept = () => ({ status: 404, body: { status: { code: 11102, description: 'App does not exist' } } });
  const keys = [...typing(canary, 'ann', 'gone'), ...twice('y')];
  const result = await world.cli(['config', 'init', '--api-base', world.proxy.url], { tty: true, typing: keys });
  assert.equal(result.code, 0);
  assert.equal(result.requests[0]?.path, '/v2/users/ann/apps/gone/inputs/status');
  assert.match(result.stderr, /error: .* 11102 App does not exist/);
  assert.match(result.stderr, /now: clarifai-inputs add/);
  mustHideKey(result);
  assert.equal((await world.cli(['config', 'get', 'app-id'])).stdout, 'gone\n');
});

test('config init asks again after a wrong answer', async (t) => {
  const world = await bare(t);
  const keys = [
    ...typing(canary, '', 'a/b\u0015demo'),
    { after: 'Enter them again?', keys: '\r' },
    ...typing(testKey, '', 'demo'),
  ];
  const result = await world.cli(['config', 'init', '--api-base', world.proxy.url], { tty: true, typing: keys });
  assert.equal(result.code, 0);
  assert.equal((await world.cli(['list'])).code, 0);
});

test('config init tries what the profile already has, and an empty answer leaves it', async (t) => {
  const world = await bare(t);
  await world.cli(['config', 'set', 'api-base', world.proxy.url]);
  await world.cli(['config', 'set', 'api-key', '-'], { stdin: testKey });
  const result = await world.cli(['config', 'init'], { tty: true, typing: typing('', '', 'demo') });
  assert.equal(result.code, 0, result.stderr);
  assert.equal(result.requests[0]?.path, '/v2/users/me/apps/demo/inputs/status');
  assert.match(result.stderr, /saved app-id in profile default/);
  assert.equal((await world.cli(['list'])).requests[0]?.path, '/v2/users/me/apps/demo/inputs');
  const same = await world.cli(['config', 'init'], { tty: true, typing: typing('', '', '') });
  assert.deepEqual([same.code, same.requests.length], [0, 1]);
  assert.match(same.stderr, /empty: demo.*nothing saved/s);
});

test('config init gives up on an unreachable service after a second try', async (t) => {
  const world = await bare(t);
  const keys = [...typing(canary, '', ''), ...twice('n')];
  const words = ['config', 'init', '--api-base', 'http://127.0.0.1:1'];
  const result = await world.cli(words, { tty: true, typing: keys });
  assert.equal(result.code, 6);
  assert.match(result.stderr, /connection refused: 127\.0\.0\.1:1 \(2 attempts\)/);
  assert.ok(!existsSync(fileOf(world)));
});

test('config has nothing to ask or save without a person or for the sandbox: exit 2', async (t) => {
  const world = await bare(t);
  for (const [words, tty] of [
    [['config', 'init'], false],
    [['config', 'init', '--no-input'], true],
    [['config', 'init', '--sandbox'], true],
    [['config', 'set', 'app-id', 'x', '--sandbox'], false],
    [['config', 'use', 'default', '--sandbox'], false],
  ] as const) {
    const result = await world.cli(words, { tty });
    assert.deepEqual([result.code, result.requests.length], [2, 0]);
    assert.match(result.stderr, /hint: /);
  }
});

const questions = [
  { words: ['config', 'init'], after: 'API key' },
  { words: ['rm', 'a', 'b'], after: 'Delete 2 inputs of' },
  { words: ['patch', 'a', '--action', 'overwrite', '-c', 'x'], after: 'Overwrite inputs' },
] as const;

for (const [name, keys] of [
  ['Ctrl-C', '\u0003'],
  ['Ctrl-D', '\u0004'],
] as const) {
  test(`${name} at a question is exit 130, and nothing is sent or saved`, async (t) => {
    const world = await openWorld(t);
    for (const { words, after } of questions) {
      const result = await world.cli(words, { tty: true, typing: [{ after, keys }] });
      assert.deepEqual([result.code, result.requests.length], [130, 0], words.join(' '));
      assert.match(result.stderr, /error: interrupted/);
      assert.doesNotMatch(result.stderr, /bug/);
    }
    assert.ok(!existsSync(fileOf(world)));
  });
}

test('Ctrl-C and Ctrl-D where the app’s id is to be typed delete nothing', async (t) => {
  const world = await openWorld(t);
  await world.raw('POST', '/v2/inputs', { inputs: [{ id: 'a', data: { text: { raw: 'x' } } }] });
  for (const keys of ['\u0003', '\u0004']) {
    const result = await world.cli(['rm', '--all'], { tty: true, typing: [{ after: 'to confirm:', keys }] });
    assert.equal(result.code, 130);
    assert.ok(result.requests.every(({ method }) => method === 'GET'));
  }
});

test('a SIGTERM at a question is exit 143', async (t) => {
  const world = await openWorld(t);
  const interrupt = new Interrupt();
  const input = new MemoryInput(undefined, true);
  const running = world.cli(['rm', 'a'], { tty: true, input, interrupt });
  input.once('resume', () => {
    interrupt.press('SIGTERM');
  });
  const { code, requests } = await running;
  assert.deepEqual([code, requests.length], [143, 0]);
});

test('each question without a terminal is exit 2, naming what to type instead', async (t) => {
  const world = await openWorld(t);
  const cases = [
    [['config', 'init'], /config set api-key -[^]*CLARIFAI_PAT/],
    [['rm', 'a'], /--yes/],
    [['rm', '--all'], /--yes/],
    [['patch', 'a', '--action', 'overwrite', '-c', 'x'], /--yes/],
  ] as const;
  for (const [words, expected] of cases) {
    for (const [more, tty] of [
      [[], false],
      [[], { stdin: true, stdout: true, stderr: false }],
      [[], { stdin: false, stdout: true, stderr: true }],
      [['--no-input'], true],
    ] as const) {
      const { code, stderr, requests } = await world.cli([...words, ...more], { tty });
      assert.deepEqual([code, requests.length], [2, 0], words.join(' '));
      assert.match(stderr, expected);
    }
  }
});
