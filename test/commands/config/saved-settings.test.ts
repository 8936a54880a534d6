import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { openWorld, type World } from '../../harness.js';

const file = '.config/clarifai-inputs/config.json';

/** A world whose profile `default` holds this. */
async function withProfile(t: TestContext, values: unknown): Promise<World> {
  const world = await openWorld(t);
  world.write(file, JSON.stringify({ profiles: { default: values } }));
  return world;
}

for (const [what, values, told] of [
  ['a value that can be none', { timeout: 'soon' }, /^error: timeout in profile 'default' in .*is not usable/m],
  ['what is not text', { 'app-id': ['demo'] }, /^error: app-id in profile 'default' in .*must be text/m],
] as const) {
  test(`a profile that holds ${what} is exit 2, and names the command that mends it`, async (t) => {
    const world = await withProfile(t, values);
    const result = await world.cli(['list']);
    assert.deepEqual([result.code, result.requests.length], [2, 0]);
    assert.match(result.stderr, told);
    assert.match(result.stderr, /^hint: clarifai-inputs config set (timeout|app-id) VALUE --profile default$/m);
  });
}

test('a number that somebody wrote into a profile counts as its text', async (t) => {
  const world = await withProfile(t, { retries: 0 });
  world.intercept = () => ({ status: 503 });
  assert.equal((await world.cli(['list'])).requests.length, 1);
});

test('a variable that can be no setting is exit 2, and is named', async (t) => {
  const world = await openWorld(t);
  const result = await world.cli(['list'], { env: { CLARIFAI_APP_ID: 'no/app' } });
  assert.deepEqual([result.code, result.requests.length], [2, 0]);
  assert.match(result.stderr, /^error: app-id in variable CLARIFAI_APP_ID is not usable/m);
});

for (const [what, text] of [
  ['a list', '[]'],
  ['profiles that are a list', '{"profiles":[]}'],
  ['a profile that is a text', '{"profiles":{"work":"demo"}}'],
  ['a profile in use that is a number', '{"profile":1}'],
] as const) {
  test(`a file that holds ${what} is exit 1, and is named`, async (t) => {
    const world = await openWorld(t);
    world.write(file, text);
    const result = await world.cli(['list']);
    assert.deepEqual([result.code, result.requests.length], [1, 0]);
    assert.match(result.stderr, /^error: .*config\.json: not the JSON that 'config' writes$/m);
  });
}

test('profiles are read past the byte order mark of an editor', async (t) => {
  const world = await openWorld(t);
  world.write(file, '\ufeff{"profiles":{"default":{"app-id":"demo"}}}');
  assert.equal((await world.cli(['list'])).requests[0]?.path, '/v2/users/me/apps/demo/inputs');
});

test('a folder in place of the profiles is exit 1, and is named', async (t) => {
  const world = await openWorld(t);
  mkdirSync(join(world.dir, file), { recursive: true });
  const result = await world.cli(['list']);
  assert.deepEqual([result.code, result.requests.length], [1, 0]);
  assert.match(result.stderr, /^error: .*config\.json: can't be read: /m);
});

test('a file in place of their folder is exit 1 for config set, and is named', async (t) => {
  const world = await openWorld(t);
  const own = world.write('own', 'a file');
  const result = await world.cli(['config', 'set', 'app-id', 'demo'], { env: { XDG_CONFIG_HOME: own } });
  assert.equal(result.code, 1);
  assert.match(result.stderr, /^error: .*config\.json: can't be (read|written): /m);
});
