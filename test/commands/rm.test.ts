import assert from 'node:assert/strict';
import test from 'node:test';
import { openWorld, rows } from '../harness.js';
import { pngOf } from '../tiny-images.js';

test('rm deletes one input by its own path', async (t) => {
  const world = await openWorld(t);
  world.write('a.png', pngOf(1));
  world.write('b.png', pngOf(2));
  const added = await world.cli(['add', 'a.png', 'b.png', '--id-from', 'name']);
  assert.equal(added.code, 0, added.stderr);
  const removed = await world.cli(['rm', 'a', '--yes']);
  assert.equal(removed.code, 0, removed.stderr);
  assert.deepEqual(rows(removed.stdout)[0]?.['outcome'], 'deleted');
  assert.deepEqual(
    removed.requests.map(({ method, path }) => `${method} ${path}`),
    ['DELETE /v2/inputs/a'],
  );
  world.clock.advance(1000);
  assert.deepEqual(await world.ids(), ['b']);
});

test('rm asks first on a terminal, and does as it is told', async (t) => {
  const world = await openWorld(t);
  world.write('a.png', pngOf(1));
  await world.cli(['add', 'a.png', '--id', 'a']);
  const kept = await world.cli(['rm', 'a'], { tty: true, typing: [{ after: '?', keys: 'n\r' }] });
  assert.deepEqual(kept.requests, []);
  assert.deepEqual(await world.ids(), ['a']);
  const gone = await world.cli(['rm', 'a'], { tty: true, typing: [{ after: '?', keys: 'y\r' }] });
  assert.equal(gone.code, 0);
  assert.equal(gone.requests.length, 1);
});
