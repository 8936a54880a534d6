import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openWorld, rows } from '../harness.js';

test('status --concepts counts inputs per concept, the largest first, untagged last', async (t) => {
  const world = await openWorld(t);
  const concepts = [[{ id: 'cat' }, { id: 'dog', value: 0 }], [{ id: 'dog' }], [{ id: 'dog', value: 0.5 }], []];
  await world.raw('POST', '/v2/inputs', {
    inputs: concepts.map((list, at) => ({
      id: `i${at}`,
      data: { image: { url: `https://x.test/${at}.jpg` }, concepts: list },
    })),
  });
  const counted = await world.cli(['status', '--concepts']);
  assert.equal(counted.code, 0, counted.stderr);
  assert.deepEqual(rows(counted.stdout), [
    { id: 'dog', name: 'dog', present: 2, absent: 1 },
    { id: 'cat', name: 'cat', present: 1, absent: 0 },
    { id: null, name: '(untagged)', present: 1, absent: 0 },
  ]);
  const csv = await world.cli(['status', '--concepts', '-o', 'csv']);
  assert.equal(csv.stdout, 'concept,present,absent\ndog,2,1\ncat,1,0\n,1,0\n');
});

for (const argv of [['a'], ['--wait']]) {
  test(`status --concepts ${argv.join(' ')} is exit 2`, async (t) => {
    const world = await openWorld(t);
    const result = await world.cli(['status', '--concepts', ...argv]);
    assert.deepEqual([result.code, result.requests.length], [2, 0]);
    assert.match(result.stderr, /--concepts cannot be used with/);
  });
}
