import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { JsonObject } from '../../../src/wire/json.js';
import { openWorld, rows, type CliOptions, type CliResult, type World } from '../../harness.js';

const data = {
  image: { url: 'https://x.test/a.jpg' },
  concepts: [{ id: 'cat' }, { id: 'dog', value: 0 }],
  metadata: { tags: ['x', 'y'], deep: { a: 1, b: [1] }, n: 1 },
  geo: { geo_point: { longitude: 1.5, latitude: 2.5 } },
};

async function withInput(t: TestContext): Promise<World> {
  const world = await openWorld(t);
  await world.raw('POST', '/v2/inputs', { inputs: [{ id: 'a', data }] });
  world.clock.advance(2000);
  return world;
}

interface Found {
  readonly concepts: readonly (readonly [unknown, unknown])[];
  readonly metadata: unknown;
  readonly geo: unknown;
}

async function inputOf(world: World, id = 'a'): Promise<Found> {
  const found = (await world.inputs()).find((input) => input.id === id);
  const { concepts = [], metadata, geo } = found?.data ?? {};
  assert.ok(Array.isArray(concepts));
  return { concepts: concepts.map((one: JsonObject) => [one['id'], one['value']] as const), metadata, geo };
}

async function patchFrom(
  world: World,
  stdin: string,
  flags: readonly string[] = ['--yes'],
  options: CliOptions = {},
): Promise<CliResult> {
  return await world.cli(['patch', '--from', '-', '-o', 'ndjson', ...flags], { stdin, ...options });
}

function sent({ requests }: CliResult): readonly unknown[] {
  return requests.filter(({ method }) => method === 'PATCH').map(({ json }): unknown => json);
}

test('a row that asks for what its input has is unchanged, and nothing is sent', async (t) => {
  const world = await withInput(t);
  const { concepts, metadata, geo } = data;
  for (const action of ['merge', 'set', 'overwrite']) {
    const result = await patchFrom(world, JSON.stringify({ id: 'a', action, concepts, metadata, geo }));
    assert.deepEqual([result.code, sent(result).length], [0, 0], action);
    assert.equal(rows(result.stdout)[0]?.['outcome'], 'unchanged');
    assert.match(result.stderr, /^1 input: 1 unchanged$/m);
  }
});

test('merge sends what is new alone, and adds to a list what is not in it', async (t) => {
  const world = await withInput(t);
  const row = { id: 'a', concepts: ['cat', 'dog'], metadata: { tags: ['y', 'z'], deep: { a: 2, b: [1] }, n: 1 } };
  const result = await patchFrom(world, JSON.stringify(row));
  assert.equal(result.code, 0, result.stderr);
  assert.deepEqual(sent(result), [
    {
      action: 'merge',
      inputs: [{ id: 'a', data: { concepts: [{ id: 'dog', value: 1 }], metadata: { tags: ['z'], deep: { a: 2 } } } }],
    },
  ]);
  assert.deepEqual((await inputOf(world)).metadata, { tags: ['x', 'y', 'z'], deep: { a: 2, b: [1] }, n: 1 });
  assert.equal(sent(await patchFrom(world, JSON.stringify(row))).length, 0);
});

test('merge takes an empty cell for no change', async (t) => {
  const world = await withInput(t);
  const result = await patchFrom(world, 'id,concepts,metadata,geo\na,,,\n');
  assert.deepEqual([result.code, sent(result).length], [0, 0]);
});

test('set replaces what a row speaks of, clears what is empty, and leaves the rest alone', async (t) => {
  const world = await withInput(t);
  const before = await inputOf(world);
  const first = await patchFrom(world, 'id,concepts,geo,action\na,cat=0.25;new,,set\n');
  assert.equal(first.code, 0, first.stderr);
  const after = await inputOf(world);
  assert.deepEqual(after.concepts, [
    ['cat', 0.25],
    ['new', 1],
  ]);
  assert.deepEqual([after.geo, after.metadata], [undefined, before.metadata]);
  const metadata = { tags: ['y'], deep: { b: [1, 2] }, m: {} };
  await patchFrom(world, JSON.stringify({ id: 'a', action: 'set', metadata }));
  assert.deepEqual((await inputOf(world)).metadata, metadata);
  await patchFrom(world, JSON.stringify({ id: 'a', action: 'set', concepts: [], metadata: null }));
  const last = await inputOf(world);
  assert.deepEqual([last.concepts, last.metadata ?? {}], [[], {}]);
});

test('set with a column for one key of the metadata changes that key alone', async (t) => {
  const world = await withInput(t);
  const maps = ['--map', 'N=metadata.n', '--map', 'T=metadata.tags:json', '--action', 'set', '--yes'];
  const result = await patchFrom(world, 'id,N,T,extra\na,,"[""z""]",1\n', [...maps, '--other-columns', 'ignore']);
  assert.equal(result.code, 0, result.stderr);
  assert.deepEqual((await inputOf(world)).metadata, { deep: { a: 1, b: [1] }, tags: ['z'] });
});

test('rows of one input that follow one another are compared with what the first ones make of it', async (t) => {
  const world = await withInput(t);
  const result = await patchFrom(
    world,
    'id,concepts,action\na,cat;new,set\na,cat;new,set\na,cat,set\na,new,merge\na,cat;new,set\n',
  );
  assert.deepEqual(
    rows(result.stdout)
      .map(({ outcome }) => outcome)
      .toSorted(),
    ['patched', 'patched', 'patched', 'unchanged', 'unchanged'],
  );
  assert.deepEqual((await inputOf(world)).concepts, [
    ['cat', 1],
    ['new', 1],
  ]);
});

test('set that removes something asks first, and says how much', async (t) => {
  const world = await withInput(t);
  world.write('t.csv', 'id,concepts,metadata\na,cat,"{""tags"":[""x"",""y""]}"\n');
  const words = ['patch', '--from', 't.csv', '--action', 'set'];
  const alone = await world.cli(words);
  assert.deepEqual([alone.code, sent(alone).length], [2, 0]);
  assert.match(alone.stderr, /t\.csv removes 1 concept, 2 metadata keys from 1 input; --yes required/);
  const piped = await patchFrom(world, 'id,concepts\na,cat\n', ['--action', 'set']);
  assert.deepEqual([piped.code, sent(piped).length], [3, 0]);
  assert.match(piped.stderr, /line 2: removes what it leaves out$[^]*hint: pass --yes$/m);
  const adding = await patchFrom(world, 'id,concepts\na,cat;dog=0;new\n', ['--action', 'set']);
  assert.equal(adding.code, 0);
  assert.equal((await world.cli([...words, '--yes'])).code, 0);
  assert.deepEqual((await inputOf(world)).concepts, [['cat', 1]]);
});

test('an input that is not there fails, and nothing is sent for it', async (t) => {
  const world = await withInput(t);
  const result = await patchFrom(world, 'id,concepts\ngone,cat\na,new\n');
  assert.deepEqual([result.code, sent(result).length], [3, 1]);
  assert.match(result.stderr, /failed: gone: 30102 /);
});

test('--action set is for rows alone', async (t) => {
  const world = await withInput(t);
  const result = await world.cli(['patch', 'a', '-c', 'x', '--action', 'set']);
  assert.deepEqual([result.code, result.requests.length], [2, 0]);
  assert.match(result.stderr, /--action set is only supported with --from/);
});

test('--dry-run shows the values before and after, and only what would change', async (t) => {
  const world = await withInput(t);
  const stdin = 'id,concepts,geo,metadata\na,cat;new,,"{""n"":1}"\n';
  const words = ['patch', '--from', '-', '--action', 'set', '--dry-run'];
  const asked = await world.cli([...words, '-o', 'csv', '--fields', 'id,field,before,after'], { stdin });
  assert.equal(sent(asked).length, 0);
  assert.deepEqual(asked.stdout.split('\n'), [
    'id,field,before,after',
    'a,concepts,cat;dog=0,cat;new',
    'a,metadata,"{""tags"":[""x"",""y""],""deep"":{""a"":1,""b"":[1]},""n"":1}","{""n"":1}"',
    'a,geo,"1.5,2.5",',
    '',
  ]);
  const unasked = await world.cli([...words, '-o', 'csv'], { stdin, env: { CLARIFAI_PAT: undefined } });
  assert.deepEqual([unasked.code, unasked.requests.length], [0, 0]);
  assert.match(unasked.stdout, /^merge,a,concepts,,cat;new$/m);
  const same = await world.cli([...words], { stdin: 'id,concepts\na,dog=0;cat\n' });
  assert.match(same.stderr, /^would send 0 requests; unchanged: 1$/m);
});

test('--undo saves what set changes, and brings it back', async (t) => {
  const world = await withInput(t);
  const before = await inputOf(world);
  await patchFrom(world, 'id,concepts,geo,metadata\na,new,,\n', ['--action', 'set', '--yes', '--undo', 'undo.ndjson']);
  assert.notDeepEqual(await inputOf(world), before);
  assert.equal((await world.cli(['patch', '--from', 'undo.ndjson', '--yes'])).code, 0);
  assert.deepEqual(await inputOf(world), before);
});
