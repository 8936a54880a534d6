import assert from 'node:assert/strict';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { openWorld, type CliResult, type World } from '../harness.js';

// what the completion scripts call for names that only a run can tell

async function withConcept(t: TestContext): Promise<World> {
  const world = await openWorld(t);
  const data = { image: { url: 'https://x.test/a.jpg' }, concepts: [{ id: 'dog', value: 1 }] };
  await world.raw('POST', '/v2/inputs', { inputs: [{ id: 'a', data }] });
  return world;
}

const asked = async (world: World, ...words: readonly string[]): Promise<CliResult> =>
  await world.cli(['__complete', 'concepts', ...words], { env: { XDG_CACHE_HOME: join(world.dir, '.cache') } });

const cacheFolder = (world: World): string => join(world.dir, '.cache', 'clarifai-inputs');

test('concepts are asked for once in five minutes', async (t) => {
  const world = await withConcept(t);
  assert.equal((await asked(world)).stdout, 'dog\n');
  world.clock.advance(299_000);
  const soon = await asked(world);
  assert.deepEqual([soon.stdout, soon.requests.length], ['dog\n', 0]);
  world.clock.advance(2000);
  assert.equal((await asked(world)).requests.length, 1);
});

test('concepts that were kept for one app are not offered for another', async (t) => {
  const world = await withConcept(t);
  await asked(world);
  const other = await asked(world, '--app-id', 'other');
  assert.equal(other.stdout, '');
  assert.equal(other.requests[0]?.path, '/v2/users/me/apps/other/concepts');
});

test('kept concepts are their owner’s alone', async (t) => {
  const world = await withConcept(t);
  await asked(world);
  const [name = ''] = readdirSync(cacheFolder(world));
  assert.equal(statSync(join(cacheFolder(world), name)).mode & 0o777, 0o600);
});

for (const [what, text] of [
  ['no JSON', '{'],
  ['another shape', '{"ids":"dog"}'],
] as const) {
  test(`kept concepts that are ${what} are asked for again`, async (t) => {
    const world = await withConcept(t);
    await asked(world);
    const [name = ''] = readdirSync(cacheFolder(world));
    writeFileSync(join(cacheFolder(world), name), text);
    assert.equal((await asked(world)).stdout, 'dog\n');
  });
}
