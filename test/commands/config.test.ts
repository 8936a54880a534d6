import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { openWorld, rows, testKey, type CliResult, type World } from '../harness.js';

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
  assert.match(shadowed.stderr, /CLARIFAI_APP_ID is set, and wins/);
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

test('what is no setting, or no value of one, is exit 2 and saves nothing', async (t) => {
  const world = await bare(t);
  for (const [name, value] of [
    ['colour', 'red'],
    ['app-id', 'a/b'],
    ['rps', '-1'],
    ['timeout', 'soon'],
    ['api-base', 'nowhere'],
    ['concurrency', '0'],
  ] as const) {
    const result = await world.cli(['config', 'set', '--', name, value]);
    assert.equal(result.code, 2, name);
  }
  assert.throws(() => statSync(fileOf(world)));
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

const typing = (key: string, user: string, app: string) => [
  { after: 'app key:', keys: `${key}\r` },
  { after: 'User id', keys: `${user}\r` },
  { after: 'App id', keys: `${app}\r` },
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
  const keys = [...typing(canary, '', 'demo'), { after: 'Enter them again?', keys: 'n\r' }];
  const result = await world.cli(['config', 'init', '--api-base', world.proxy.url], { tty: true, typing: keys });
  assert.equal(result.code, 4);
  assert.match(result.stderr, /11009/);
  mustHideKey(result);
  assert.throws(() => statSync(fileOf(world)));
});

test('config init without a person to ask is exit 2, and tells the other ways', async (t) => {
  const world = await bare(t);
  for (const [words, tty] of [
    [['config', 'init'], false],
    [['config', 'init', '--no-input'], true],
    [['config', 'init', '--sandbox'], true],
  ] as const) {
    const result = await world.cli(words, { tty });
    assert.deepEqual([result.code, result.requests.length], [2, 0]);
    assert.match(result.stderr, /hint: /);
  }
});

test('Ctrl-C at a question is exit 130, and nothing is sent or saved', async (t) => {
  const world = await openWorld(t);
  for (const [words, after] of [
    [['config', 'init'], 'app key:'],
    [['rm', 'a', 'b'], 'Delete 2 inputs?'],
    [['patch', 'a', '--action', 'overwrite', '-c', 'x'], 'Go on?'],
  ] as const) {
    const result = await world.cli(words, { tty: true, typing: [{ after, keys: '\u0003' }] });
    assert.deepEqual([result.code, result.requests.length], [130, 0], words.join(' '));
    assert.match(result.stderr, /error: interrupted/);
    assert.doesNotMatch(result.stderr, /bug/);
  }
});
