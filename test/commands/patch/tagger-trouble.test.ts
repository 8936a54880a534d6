import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { isList, valueAt } from '../../../src/wire/json.js';
import { openWorld, type CliResult, type World } from '../../harness.js';
import type { Typing } from '../../memory-streams.js';
import { writeImages } from '../../tiny-images.js';

/** A world whose app has so many pictures, `0000` and so on. */
async function filled(t: TestContext, count: number): Promise<World> {
  const world = await openWorld(t);
  writeImages(join(world.dir, 'p'), count);
  await world.cli(['add', 'p', '--id-from', 'name', '-q']);
  return world;
}

const tag = async (world: World, typing: readonly Typing[]): Promise<CliResult> =>
  await world.cli(['patch', '--interactive', '--retries', '0'], { tty: true, typing });

async function conceptOf(world: World, id: string): Promise<unknown> {
  const { concepts } = (await world.inputs()).find((input) => input.id === id)?.data ?? {};
  return isList(concepts) ? valueAt(concepts[0], ['id']) : undefined;
}

test('inputs that can be read no further are told of at the end; what was tagged is saved', async (t) => {
  const world = await filled(t, 3);
  let looks = 0;
  world.intercept = ({ path }) => (path.endsWith('/stream') && (looks += 1) > 1 ? { status: 503 } : undefined);
  const result = await tag(world, [{ after: '1/3', keys: '+dog\r\rq' }]);
  assert.equal(result.code, 6);
  assert.match(result.stderr, /error: .*503/);
  assert.equal(await conceptOf(world, '0000'), 'dog');
});

test('where the app tells no concepts, those of its inputs are offered', async (t) => {
  const world = await filled(t, 2);
  await world.cli(['patch', '0000', '-c', 'dog', '-q']);
  world.intercept = ({ path }) => (path.endsWith('/concepts') ? { status: 500 } : undefined);
  const result = await tag(world, [
    { after: '1/2', keys: '\r' },
    { after: '2/2', keys: '1\rq' },
  ]);
  assert.equal(result.code, 0, result.stderr);
  assert.equal(await conceptOf(world, '0001'), 'dog');
});
