import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { openWorld, rows, testKey, type CliResult, type World } from '../../harness.js';

/** A world whose key comes from nowhere but the vendor's command line. */
async function worldWith(t: TestContext, yaml: string): Promise<World> {
  const world = await openWorld(t, { env: { CLARIFAI_PAT: undefined, CLARIFAI_API_BASE: undefined } });
  mkdirSync(join(world.dir, '.config', 'clarifai'), { recursive: true });
  writeFileSync(fileOf(world), yaml.replace('<url>', world.proxy.url), { mode: 0o600 });
  return world;
}

const fileOf = (world: World): string => join(world.dir, '.config', 'clarifai', 'config');

const usual = `current_context: me
contexts:
  other:
    CLARIFAI_PAT: wrong
  me:
    CLARIFAI_PAT: ${testKey}
    CLARIFAI_USER_ID: '17'
    CLARIFAI_API_BASE: <url>
    CLARIFAI_UI: https://clarifai.com
    nested: {a: 1}
`;

function mustHideKey({ stdout, stderr }: CliResult): void {
  assert.ok(!(stdout + stderr).includes(testKey));
}

test('key, user and base come from the current context of the vendor’s command line', async (t) => {
  const world = await worldWith(t, usual);
  const result = await world.cli(['list', '--app-id', 'demo']);
  assert.deepEqual([result.code, result.stderr], [0, '']);
  assert.equal(result.requests[0]?.path, '/v2/users/17/apps/demo/inputs');
  const list = await world.cli(['config', 'list']);
  const origins = rows(list.stdout).map(({ name, origin, from }) => [name, origin, from].map(String));
  for (const name of ['api-key', 'user-id', 'api-base']) {
    const origin = origins.find(([one]) => one === name);
    assert.deepEqual(origin, [name, 'context', 'clarifai context "me"']);
  }
  mustHideKey(list);
});

test('a context may keep its values under env, in lower case, and its base without a scheme', async (t) => {
  const nested = await worldWith(
    t,
    `current_context: a\ncontexts:\n  a:\n    env: {CLARIFAI_PAT: ${testKey}, CLARIFAI_API_BASE: <url>}\n`,
  );
  assert.equal((await nested.cli(['list'])).code, 0);
  const lower = await worldWith(
    t,
    `current_context: a\ncontexts:\n  a:\n    pat: ${testKey}\n    api_base: api.example.com\n`,
  );
  assert.equal((await lower.cli(['config', 'get', 'api-base'])).stdout, 'https://api.example.com\n');
});

for (const [name, how] of [
  ['another base', { words: ['--api-base', 'BASE'] }],
  ['another base of the environment', { env: { CLARIFAI_API_BASE: 'BASE' } }],
  ['a profile', { words: ['--profile', 'work'] }],
] as const) {
  test(`the context’s key is not sent with ${name}, and the error says so`, async (t) => {
    const world = await worldWith(t, usual);
    await world.cli(['config', 'set', 'app-id', 'demo', '--profile', 'work']);
    const fill = (text: string): string => text.replace('BASE', world.proxy.url);
    const words = 'words' in how ? how.words.map(fill) : [];
    const env = 'env' in how ? { CLARIFAI_API_BASE: fill(how.env.CLARIFAI_API_BASE) } : {};
    const result = await world.cli(['list', ...words], { env });
    assert.deepEqual([result.code, result.requests.length], [4, 0]);
    assert.match(result.stderr, /no API key \(one in .*\/clarifai\/config is not used with/);
  });
}

test('a key of the environment or the saved profile counts, and the context’s base is not used with it', async (t) => {
  const world = await worldWith(t, usual.replace(testKey, 'wrong'));
  const env = { CLARIFAI_PAT: testKey };
  const other = await world.cli(['config', 'list'], { env });
  assert.match(other.stdout, /"name":"api-base","value":"https:\/\/api\.clarifai\.com","origin":"default"/);
  await world.cli(['config', 'set', 'api-key', '-'], { stdin: testKey });
  await world.cli(['config', 'set', 'api-base', world.proxy.url]);
  assert.equal((await world.cli(['list'])).code, 0);
});

for (const placeholder of ['ENVVAR', '_empty_', "''"]) {
  test(`${placeholder} in a context stands for no key`, async (t) => {
    const world = await worldWith(t, usual.replace(testKey, placeholder));
    const result = await world.cli(['list']);
    assert.deepEqual([result.code, result.requests.length], [4, 0]);
  });
}

test('a broken file is a warning with line and column, and shows nothing of itself', async (t) => {
  const world = await worldWith(t, `current_context: me\ncontexts:\n  me: {CLARIFAI_PAT: ${testKey}\n`);
  const result = await world.cli(['list']);
  assert.equal(result.code, 4);
  assert.match(result.stderr, /warning: .*\/clarifai\/config: not valid YAML at line 4, column 1\nerror: no API key/);
  mustHideKey(result);
  // nothing is wrong for what needs no key from there
  const own = await world.cli(['list', '--api-base', world.proxy.url], { env: { CLARIFAI_PAT: testKey } });
  assert.deepEqual([own.code, own.stderr], [0, '']);
  assert.equal((await world.cli(['config', 'path'])).stderr, '');
});

test('a context that is not there, or whose base is none, is a warning', async (t) => {
  const missing = await worldWith(t, usual.replace('current_context: me', 'current_context: "you\\e[2J"'));
  const result = await missing.cli(['list']);
  assert.match(result.stderr, /its current context 'you.*' is not there/);
  assert.ok(!result.stderr.includes('\u001b'));
  const base = await worldWith(t, usual.replace('<url>', "'http://['"));
  assert.match((await base.cli(['list'])).stderr, /context 'me': api-base is not usable/);
});

test('a file that others can read is a warning', async (t) => {
  const world = await worldWith(t, usual);
  chmodSync(fileOf(world), 0o644);
  const result = await world.cli(['list', '--app-id', 'demo']);
  assert.equal(result.code, 0);
  assert.match(result.stderr, /warning: .* holds a key that others can read; run: chmod 600 /);
});

test('config init offers the context’s key, and saves what is typed besides', async (t) => {
  const world = await worldWith(t, usual.replace("'17'", 'me'));
  const typing = [
    { after: 'from clarifai context "me"', keys: '\r' },
    { after: 'User ID', keys: '\r' },
    { after: 'App ID', keys: 'demo\r' },
  ];
  const result = await world.cli(['config', 'init'], { tty: true, typing });
  assert.equal(result.code, 0, result.stderr);
  assert.equal(result.requests[0]?.path, '/v2/users/me/apps/demo/inputs/status');
  assert.equal((await world.cli(['list'])).requests[0]?.path, '/v2/users/me/apps/demo/inputs');
  mustHideKey(result);
});

test('config check asks the service, and exits as every command does', async (t) => {
  const world = await worldWith(t, usual);
  const good = await world.cli(['config', 'check', '--app-id', 'demo']);
  assert.deepEqual([good.code, good.requests.length], [0, 1]);
  assert.match(
    good.stderr,
    /key … from clarifai context "me" is accepted; it can read the inputs of app 'demo' at 127/,
  );
  const bad = await world.cli(['config', 'check', '--api-base', world.proxy.url], { env: { CLARIFAI_PAT: 'wrong' } });
  assert.equal(bad.code, 4);
  assert.match(bad.stderr, /error: .*11009/);
  const none = await worldWith(t, '');
  assert.ok(existsSync(fileOf(none)));
  assert.equal((await none.cli(['config', 'check'])).code, 4);
});

test('concepts are completed for the current context, and not from what another one left', async (t) => {
  const world = await worldWith(t, usual);
  await world.raw('POST', '/v2/users/17/apps/demo/inputs', {
    inputs: [{ id: 'a', data: { text: { raw: 'x' }, concepts: [{ id: 'sea' }] } }],
  });
  const env = { XDG_CACHE_HOME: join(world.dir, '.cache') };
  const complete = async (): Promise<string> =>
    (await world.cli(['__complete', 'concepts', '--app-id', 'demo'], { env })).stdout;
  assert.equal(await complete(), 'sea\n');
  writeFileSync(fileOf(world), usual.replace('<url>', world.proxy.url).replace("'17'", "'18'"));
  assert.equal(await complete(), '');
});
