import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import fc from 'fast-check';
import { conceptsCell } from '../../src/core/rows/write-cells.js';
import { parseConceptsCell } from '../../src/core/rows/fields.js';
import { openWorld, rows, type World } from '../harness.js';

const concepts = [
  { id: 'a;b', value: 1 },
  { id: 'c=d', value: 0 },
  { id: 'e', value: 0.25 },
];

async function withInputs(t: TestContext): Promise<World> {
  const world = await openWorld(t);
  const geo = { geo_point: { longitude: -30.5, latitude: 40 } };
  await world.raw('POST', '/v2/inputs', {
    inputs: [
      { id: 'one', data: { image: { url: 'https://x.test/1.jpg' }, concepts, metadata: { k: ['v,w'] }, geo } },
      {
        id: 'two',
        data: { video: { url: 'https://x.test/2.mp4' }, concepts: [{ id: 'cat' }, { id: 'dog', value: 0 }] },
      },
    ],
  });
  world.clock.advance(2000);
  return world;
}

test('CSV holds all that a row may say, concepts as they are read back', async (t) => {
  const world = await withInputs(t);
  const { stdout } = await world.cli(['stream', '-o', 'csv']);
  const [head, one, two] = stdout.split('\n');
  assert.equal(head, 'id,type,status,concepts,url,created_at,metadata,geo');
  assert.match(
    one ?? '',
    /^one,image,30000 \D+,"\[""a;b"",""c=d=0"",""e=0\.25""\]",https:\/\/x\.test\/1\.jpg,2026-\S+Z,"\{""k"":\[""v,w""\]\}","-30\.5,40"$/,
  );
  assert.match(two ?? '', /^two,video,30000 \D+,cat;dog=0,https:\/\/x\.test\/2\.mp4,2026-\S+Z,,$/);
});

test('a table has no columns for metadata and geo unless they are asked for', async (t) => {
  const world = await withInputs(t);
  const table = await world.cli(['stream'], { tty: true, columns: 200 });
  assert.match(table.stdout, /^ID +TYPE +STATUS +CONCEPTS +URL +CREATED_AT\n/);
  const asked = await world.cli(['stream', '-o', 'table', '--fields', 'id,geo,metadata']);
  assert.equal(asked.stdout, 'one\t-30.5,40\t{"k":["v,w"]}\ntwo\t\t\n');
});

test('--fields takes the names of columns and paths, in every form', async (t) => {
  const world = await withInputs(t);
  const csv = await world.cli(['stream', '-o', 'csv', '--fields', 'id,type,concepts,data.metadata.k,url']);
  assert.equal(csv.stdout.split('\n')[2], 'two,video,cat;dog=0,,https://x.test/2.mp4');
  assert.equal(csv.stderr, '');
  const json = await world.cli(['stream', '--fields', 'id,type,concepts,status.code,geo']);
  const [one, two] = rows(json.stdout);
  assert.deepEqual(one?.['geo'], { geo_point: { longitude: -30.5, latitude: 40 } });
  assert.deepEqual(Object.keys(two ?? {}), ['id', 'type', 'concepts', 'status']);
  assert.equal(two?.['type'], 'video');
  assert.ok(Array.isArray(two['concepts']));
});

for (const command of [['stream'], ['list', '--all'], ['get', 'one']]) {
  test(`${command.join(' ')} names the fields that no input had`, async (t) => {
    const world = await withInputs(t);
    const { stderr, code } = await world.cli([...command, '-o', 'csv', '--fields', 'id,nosuch,data.metadata.k,geo']);
    assert.deepEqual(
      [code, stderr],
      [0, "warning: no input has 'nosuch'; --fields takes the names of columns, or paths in the JSON\n"],
    );
    const quiet = await world.cli([...command, '-q', '-o', 'csv', '--fields', 'id,nosuch']);
    assert.equal(quiet.stderr, '');
  });
}

test('a field that is missing says nothing where there is not an input', async (t) => {
  const world = await openWorld(t);
  assert.equal((await world.cli(['stream', '--fields', 'nosuch'])).stderr, '');
});

test('--csv-bom begins CSV with one mark, and is for CSV alone', async (t) => {
  const world = await withInputs(t);
  const { stdout } = await world.cli(['stream', '--per-page', '1', '-o', 'csv', '--csv-bom', '--fields', 'id']);
  assert.equal(stdout, '\ufeffid\none\ntwo\n');
  const other = await world.cli(['stream', '-o', 'json', '--csv-bom']);
  assert.deepEqual([other.code, other.requests.length], [2, 0]);
  assert.match(other.stderr, /--csv-bom is only supported with -o csv/);
});

test('any concepts come back from a cell as they went in', () => {
  const id = fc
    .array(fc.constantFrom('a', 'B', ' ', ';', '=', ',', '0', '1', '.', '"', '[', '{', '\n', 'é', 'e\u0301'))
    .map((parts) => parts.join(''))
    .filter((text) => text !== '');
  const value = fc.oneof(fc.constantFrom(0, 1, 0.5, 1e-7), fc.double({ min: 0, max: 1, noNaN: true }));
  fc.assert(
    fc.property(fc.uniqueArray(fc.record({ id, value }), { selector: (one) => one.id, minLength: 1 }), (all) => {
      const list = all.map((one) => ({ ...one, value: one.value + 0 }));
      assert.deepEqual(parseConceptsCell(conceptsCell(list)), list);
    }),
  );
});
