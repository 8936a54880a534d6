import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { openWorld, type CliResult, type RawInput, type World } from '../harness.js';

const one = '/v2/users/me/apps/one';
const two = '/v2/users/me/apps/two';

/** An app `one` of 2,000 inputs by URL, with all that a row can hold. */
async function openApp(t: TestContext): Promise<World> {
  const world = await openWorld(t, { sandbox: { indexMs: 0 } });
  const all = Array.from({ length: 2000 }, (_, at) => ({
    id: `i${at}`,
    data: {
      image: { url: `https://x.test/${at}.jpg` },
      concepts: [
        { id: 'cat', value: (at % 11) / 10 },
        { id: 'id-of-wolf', name: 'grey; wolf, "big"=yes', value: at % 2 },
        { id: at % 3 === 0 ? 'a;b=c,d' : 'dog', value: at % 2 },
      ],
      ...(at % 5 !== 0 && { metadata: { at, deep: { list: [at, { x: [null, 'é'] }], empty: [] }, text: '"q";\n' } }),
      ...(at % 4 !== 0 && { geo: { geo_point: { longitude: at / 16, latitude: -at / 32 } } }),
    },
  }));
  for (let from = 0; from < all.length; from += 128) {
    const { status, body } = await world.raw('POST', `${one}/inputs`, { inputs: all.slice(from, from + 128) });
    assert.equal(status, 200, JSON.stringify(body).slice(0, 500));
  }
  return world;
}

async function run(world: World, words: string, stdin = ''): Promise<CliResult> {
  const result = await world.cli([...words.split(' '), '--rps', '0'], { stdin });
  assert.equal(result.code, 0, result.stderr);
  return result;
}

/** All that an app keeps of its inputs but times and what is dropped, by id. */
async function inputsOf(world: World, prefix: string, dropped: readonly string[]): Promise<readonly unknown[]> {
  const inputs = await world.inputs(prefix);
  return inputs.map(({ id, data }: RawInput) => ({
    id,
    data: JSON.stringify(data, (key, value: unknown) => (dropped.includes(key) ? undefined : value)),
  }));
}

test('a table of 2,000 inputs comes back without a change, and twelve edits are twelve changes', async (t) => {
  const world = await openApp(t);
  const csv = (await run(world, 'list --app-id one --all -o csv')).stdout;
  world.write('t.csv', csv);
  const words = 'patch --app-id one --from t.csv --action set -o ndjson';
  const none = await run(world, words);
  assert.equal(none.requests.filter(({ method }) => method === 'PATCH').length, 0);
  assert.match(none.stderr, /^2000 inputs: 2000 unchanged$/m);
  let edits = 0;
  const edited = csv.replaceAll(/^i\d*77,.*dog/gm, (line) => {
    edits += 1;
    return edits > 12 ? line : line.replace('dog', 'wolf');
  });
  assert.ok(edits >= 12, `${edits} rows to edit`);
  world.write('t.csv', edited);
  const twelve = await run(world, `${words} --yes`);
  assert.match(twelve.stderr, /^2000 inputs: 12 patched, 1988 unchanged$/m);
  assert.match((await run(world, words)).stderr, /^2000 inputs: 2000 unchanged$/m);
});

test('what list and get print changes nothing when patch reads it, whatever the action', async (t) => {
  const world = await openApp(t);
  const ids = Array.from({ length: 100 }, (_, at) => `i${at * 20}`);
  const got = await run(world, `get ${ids.join(' ')} --app-id one -o json`);
  const listed = await run(world, 'list --app-id one --all -o json');
  for (const action of ['merge', 'set', 'overwrite']) {
    const words = `patch --app-id one --from - --yes --action ${action}`;
    assert.match((await run(world, words, got.stdout)).stderr, /^100 inputs: 100 unchanged$/m);
    assert.match((await run(world, words, listed.stdout)).stderr, /^2000 inputs: 2000 unchanged$/m);
  }
  const plain = await run(world, 'patch --app-id one --from -', got.stdout);
  assert.match(plain.stderr, /^100 inputs: 100 unchanged$/m);
});

for (const form of ['ndjson', 'json', 'csv']) {
  test(`what stream prints as ${form}, add --manifest makes again in another app`, async (t) => {
    const world = await openApp(t);
    const streamed = await run(world, `stream --app-id one -o ${form}`);
    const added = await run(world, 'add --app-id two --manifest -', streamed.stdout);
    assert.match(added.stderr, /^2000 sources: 2000 added/m);
    // a cell has the IDs of concepts, not their names
    const dropped = form === 'csv' ? ['app_id', 'name'] : ['app_id'];
    assert.deepEqual(await inputsOf(world, two, dropped), await inputsOf(world, one, dropped));
  });
}
