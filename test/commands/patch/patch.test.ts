import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { promisify } from 'node:util';
import { isList, isObject, valueAt, type Json } from '../../../src/wire/json.js';
import { Interrupt, openWorld, rows, testKey, type World, type WorldOptions, transport } from '../../harness.js';
import { pngOf } from '../../tiny-images.js';

/** A world whose app has inputs of these ids, all indexed. */
async function withInputs(t: TestContext, ids: readonly string[], options: WorldOptions = {}): Promise<World> {
  const world = await openWorld(t, options);
  for (let from = 0; from < ids.length; from += 128) {
    const inputs = ids.slice(from, from + 128).map((id, index) => ({
      id,
      data: { image: { base64: pngOf(from + index).toString('base64') } },
    }));
    assert.equal((await world.raw('POST', '/v2/inputs', { inputs })).status, 200);
  }
  world.clock.advance(2000);
  return world;
}

/** The JSON bodies of the PATCH requests. */
function patches(requests: World['requests']): readonly unknown[] {
  return requests.filter(({ method }) => method === 'PATCH').map(({ json }) => json);
}

async function dataOf(world: World, id: string): Promise<Readonly<Record<string, unknown>>> {
  const found = (await world.inputs()).find((input) => input.id === id);
  assert.ok(found, id);
  return found.data;
}

const conceptsOf = async (world: World, id: string): Promise<unknown> => {
  const { concepts } = await dataOf(world, id);
  return isList(concepts) ? concepts.map((one) => [valueAt(one, ['id']), valueAt(one, ['value'])]) : [];
};

test('patch merges concepts, metadata and geo, and tells what became of each input', async (t) => {
  const world = await withInputs(t, ['a', 'b']);
  const words = ['-c', 'dog', '-c', 'cat=0', '--metadata', '{"n":{"x":1}}', '--meta', 'k=v', '--geo', '-30,40'];
  const result = await world.cli(['patch', 'a', 'b', ...words]);
  assert.equal(result.code, 0);
  const data = {
    concepts: [
      { id: 'dog', value: 1 },
      { id: 'cat', value: 0 },
    ],
    metadata: { n: { x: 1 }, k: 'v' },
    geo: { geo_point: { longitude: -30, latitude: 40 } },
  };
  assert.deepEqual(patches(result.requests), [
    {
      inputs: [
        { id: 'a', data },
        { id: 'b', data },
      ],
      action: 'merge',
    },
  ]);
  assert.deepEqual(
    rows(result.stdout).map(({ id, outcome, status }) => [id, outcome, isObject(status) && status['code']]),
    [
      ['a', 'patched', 30200],
      ['b', 'patched', 30200],
    ],
  );
  assert.match(result.stderr, /2 inputs: 2 patched/);
  assert.deepEqual((await dataOf(world, 'b'))['metadata'], { n: { x: 1 }, k: 'v' });
});

test('patch --remove-... alone is a remove; beside changes it goes first, as a request of its own', async (t) => {
  const world = await withInputs(t, ['a']);
  await world.cli(['patch', 'a', '-c', 'dog', '-c', 'cat', '--meta', 'k=v', '--meta', 'l=w', '--geo', '1,2']);
  const words = ['--remove-concept', 'dog', '--remove-meta', 'k', '--remove-geo'];
  const alone = await world.cli(['patch', 'a', ...words]);
  assert.equal(alone.code, 0);
  const removed = {
    // over gRPC nothing stands for a value that is left out
    concepts: [transport === 'rest' ? { id: 'dog' } : { id: 'dog', value: 1 }],
    metadata: { k: true },
    geo: { geo_point: { longitude: 0, latitude: 0 } },
  };
  assert.deepEqual(patches(alone.requests), [{ inputs: [{ id: 'a', data: removed }], action: 'remove' }]);
  const { geo, metadata } = await dataOf(world, 'a');
  assert.deepEqual([await conceptsOf(world, 'a'), metadata, geo], [[['cat', 1]], { l: 'w' }, undefined]);
  const both = await world.cli(['patch', 'a', '--remove-concept', 'cat', '-c', 'bird']);
  assert.deepEqual(
    patches(both.requests).map((body) => isObject(body) && body['action']),
    ['remove', 'merge'],
  );
  assert.equal(rows(both.stdout).length, 1);
  assert.deepEqual(await conceptsOf(world, 'a'), [['bird', 1]]);
});

test('patch says exit 2 to wishes that contradict each other or change nothing', async (t) => {
  const world = await withInputs(t, ['a']);
  for (const [words, said] of [
    [['a'], /nothing to change/],
    [[], /no inputs specified/],
    [['a', '--remove-geo', '--action', 'overwrite'], /--action/],
    [['a', '--where', 'status=ok', '-c', 'x'], /specify only one of IDs, --where or --from/],
    [['a', '--from', 'f'], /specify only one of IDs, --where or --from/],
    [['--from', 'f', '-c', 'x'], /rows/],
    [['--from', 'f', '--remove-geo'], /rows/],
    [['a', '--action', 'fly', '-c', 'x'], /merge, overwrite, remove/],
    [['--from', 'none'], /no such file/],
    [['-', '--from', '-'], /specify only one of IDs, --where or --from/],
    [['', '-c', 'x'], /an id is empty/],
    [['a', '--remove-meta', ''], /Must not be empty/],
    [['a', '--remove-concept', ''], /concept/],
  ] as const) {
    const result = await world.cli(['patch', ...words]);
    assert.deepEqual([result.code, result.requests.length], [2, 0], words.join(' '));
    assert.match(result.stderr, said);
  }
});

test('patch --remove-concept takes a concept as every other place spells it', async (t) => {
  const world = await withInputs(t, ['a']);
  await world.cli(['patch', 'a', '-c', 'dog', '-c', 'cat=0']);
  await world.cli(['patch', 'a', '--remove-concept', 'cat=0']);
  assert.deepEqual(await conceptsOf(world, 'a'), [['dog', 1]]);
});

test('patch --action remove takes off what -c names', async (t) => {
  const world = await withInputs(t, ['a']);
  await world.cli(['patch', 'a', '-c', 'dog', '-c', 'cat']);
  await world.cli(['patch', 'a', '--action', 'remove', '-c', 'dog']);
  assert.deepEqual(await conceptsOf(world, 'a'), [['cat', 1]]);
});

test('patch --action overwrite says what it erases and asks', async (t) => {
  const world = await withInputs(t, ['a']);
  await world.cli(['patch', 'a', '-c', 'dog', '--meta', 'k=v']);
  const words = ['patch', 'a', '--action', 'overwrite', '-c', 'cat'];
  const silent = await world.cli(words);
  assert.deepEqual([silent.code, silent.requests.length], [2, 0]);
  assert.match(silent.stderr, /erases the previous concepts, all metadata.*; --yes required/);
  const no = await world.cli(words, {
    tty: true,
    typing: [{ after: /Overwrite inputs of the key's app at 127\.0\.0\.1:\d+\?/, keys: 'n\r' }],
  });
  assert.deepEqual([no.code, no.requests.length], [130, 0]);
  const noInput = await world.cli([...words, '--no-input'], { tty: true });
  assert.equal(noInput.code, 2);
  const yes = await world.cli(words, {
    tty: true,
    typing: [{ after: /Overwrite inputs of the key's app at 127\.0\.0\.1:\d+\?/, keys: 'y\r' }],
  });
  assert.equal(yes.code, 0);
  const { metadata } = await dataOf(world, 'a');
  assert.deepEqual([await conceptsOf(world, 'a'), metadata], [[['cat', 1]], undefined]);
  assert.equal((await world.cli([...words, '--yes'])).code, 0);
});

test('patch goes in requests of 128; a missing input is named and exit 3', async (t) => {
  const ids = Array.from({ length: 300 }, (_, index) => `i${index}`);
  const world = await withInputs(t, ids);
  const result = await world.cli(['patch', '-', '-c', 'dog', '-o', 'ids'], { stdin: [...ids, 'nope'].join('\n') });
  assert.equal(result.code, 3);
  assert.match(result.stderr, /failed: nope: 30102 INPUT_DOES_NOT_EXIST/);
  assert.match(result.stderr, /301 inputs: 300 patched, 1 failed/);
  const sizes = patches(result.requests).map((body) =>
    isObject(body) && isList(body['inputs']) ? body['inputs'].length : 0,
  );
  assert.deepEqual(
    sizes.toSorted((a, b) => b - a),
    [128, 128, 44],
  );
  assert.deepEqual(result.stdout.trim().split('\n').toSorted(), ids.toSorted());
});

test('options change what differs alone: the rest is unchanged, and a selection costs no look-up', async (t) => {
  const world = await withInputs(t, ['a', 'b']);
  await world.cli(['patch', 'a', '-c', 'dog', '--metadata', '{"tags":["x"]}']);
  const words = ['-c', 'dog', '--metadata', '{"tags":["x","y"]}', '-o', 'ndjson'];
  const first = await world.cli(['patch', 'a', 'b', ...words]);
  assert.match(first.stderr, /2 inputs: 2 patched/);
  assert.deepEqual((await dataOf(world, 'a'))['metadata'], { tags: ['x', 'y'] });
  const again = await world.cli(['patch', '--where', 'status=ok', ...words]);
  assert.match(again.stderr, /2 inputs: 2 unchanged/);
  assert.deepEqual(patches(again.requests), []);
  assert.ok(again.requests.every(({ path }) => !path.includes('ids=')));
  const typo = await world.cli(['patch', 'a', '--remove-concept', 'dgo', '--remove-geo', '--remove-meta', 'k']);
  assert.match(typo.stderr, /1 input: 1 unchanged/);
  const both = await world.cli(['patch', 'a', 'b', '-c', 'cat', '--remove-concept', 'dog', '-o', 'ndjson']);
  assert.match(both.stderr, /2 inputs: 2 patched/);
  assert.deepEqual([await conceptsOf(world, 'a'), await conceptsOf(world, 'b')], [[['cat', 1]], [['cat', 1]]]);
});

test('patch ID --dry-run shows what its inputs have now, and names those that are not there', async (t) => {
  const world = await withInputs(t, ['a', 'b']);
  await world.cli(['patch', 'a', '-c', 'dog', '-c', 'cat=0']);
  const plan = await world.cli(['patch', 'a', 'b', 'nope', '-c', 'dog', '--remove-concept', 'cat', '--dry-run']);
  assert.equal(plan.code, 3);
  assert.equal(plan.stdout, 'merge\ta\tconcepts\tdog;cat=0\tdog\nmerge\tb\tconcepts\t\tdog\n');
  assert.match(plan.stderr, /nope/);
  assert.deepEqual(patches(plan.requests), []);
});

test('overwrite with --where shows the first inputs and their number before it asks', async (t) => {
  const ids = Array.from({ length: 7 }, (_, n) => `i${n}`);
  const world = await withInputs(t, ids);
  const words = ['patch', '--where', 'status=ok', '--action', 'overwrite', '-c', 'dog'];
  const result = await world.cli(words, { tty: true, stdin: 'n\n' });
  assert.equal(result.code, 130);
  assert.match(result.stderr, /^ {2}i0$[^]*^ {2}i4\n {2}and 2 more$/m);
  assert.match(result.stderr, /erases the previous concepts, all metadata, all geo, all regions of\s+7 inputs:/);
  assert.deepEqual(patches(result.requests), []);
});

test('patch --where changes what a selector finds, and says so if that is nothing', async (t) => {
  const world = await withInputs(t, ['a', 'b', 'c']);
  await world.cli(['patch', 'a', 'c', '-c', 'dog']);
  const result = await world.cli(['patch', '--where', 'concept=dog', '--meta', 'seen=yes', '-o', 'ids']);
  assert.deepEqual(result.stdout.trim().split('\n').toSorted(), ['a', 'c']);
  const none = await world.cli(['patch', '--where', 'concept=wolf', '-c', 'x']);
  assert.equal(none.code, 0);
  assert.match(none.stderr, /no inputs: nothing to change/);
});

test('patch --from reads NDJSON and CSV; a bad row is named by its line and stops no other', async (t) => {
  const world = await withInputs(t, ['a', 'b']);
  const ndjson = [
    '{"id":"a","concepts":["dog","cat=0",{"id":"half","value":0.5}],"metadata":{"k":[1]},"geo":[1,2]}',
    '{"id":"a","concepts":["cat"],"action":"remove"}',
    '{"id":"b"}',
    'nonsense',
    '{"id":"b","concepts":["bird"],"colour":1}',
  ];
  world.write('rows.ndjson', ndjson.join('\n'));
  const result = await world.cli(['patch', '--from', 'rows.ndjson']);
  assert.equal(result.code, 3);
  for (const said of [/line 3: changes nothing/, /line 4: is not JSON/, /line 5: has unknown field 'colour'/]) {
    assert.match(result.stderr, said);
  }
  assert.deepEqual(await conceptsOf(world, 'a'), [
    ['dog', 1],
    ['half', 0.5],
  ]);
  const csv = 'id,concepts,metadata,geo,action\nb,"dog;cat=0","{""k"":1}","3,4",\na,dog,,,remove\n';
  const fromStdin = await world.cli(['patch', '--from', '-', '-o', 'csv'], { stdin: csv });
  assert.equal(fromStdin.code, 0);
  assert.deepEqual(await conceptsOf(world, 'b'), [
    ['dog', 1],
    ['cat', 0],
  ]);
  assert.deepEqual(await conceptsOf(world, 'a'), [['half', 0.5]]);
  assert.match(fromStdin.stdout, /^outcome,id,code,description\npatched,/);
});

test('patch --from asks before rows that overwrite; from stdin they need --yes', async (t) => {
  const world = await withInputs(t, ['a']);
  const row = '{"id":"a","action":"overwrite","concepts":["dog"]}';
  world.write('rows.ndjson', row);
  const silent = await world.cli(['patch', '--from', 'rows.ndjson']);
  assert.deepEqual([silent.code, silent.requests.length], [2, 0]);
  const piped = await world.cli(['patch', '--from', '-'], { stdin: row });
  assert.deepEqual([piped.code, piped.requests.length], [3, 0]);
  assert.match(piped.stderr, /line 1: overwrites .*$[^]*--yes/m);
  assert.equal((await world.cli(['patch', '--from', '-', '--yes'], { stdin: row })).code, 0);
  assert.deepEqual(await conceptsOf(world, 'a'), [['dog', 1]]);
});

test('patch --from takes rows from a pipe that has a name, which gives them once', async (t) => {
  const world = await withInputs(t, ['a', 'b']);
  const pipe = join(world.dir, 'pipe');
  await promisify(execFile)('mkfifo', [pipe]);
  const piped = '{"id":"a","concepts":["dog"]}\n{"id":"b","action":"overwrite","concepts":["cat"]}\n';
  const [result] = await Promise.all([world.cli(['patch', '--from', 'pipe']), writeFile(pipe, piped)]);
  assert.equal(result.code, 3);
  assert.match(result.stderr, /b: .*line 2: overwrites .*$[^]*--yes/m);
  assert.deepEqual([await conceptsOf(world, 'a'), await conceptsOf(world, 'b')], [[['dog', 1]], []]);
  const [confirmed] = await Promise.all([world.cli(['patch', '--from', 'pipe', '--yes']), writeFile(pipe, piped)]);
  assert.equal(confirmed.code, 0);
  assert.deepEqual(await conceptsOf(world, 'b'), [['cat', 1]]);
});

test('rows of one input keep their order, however many requests they take', async (t) => {
  const world = await withInputs(t, ['a', 'b'], { faults: { latencyMs: 5 } });
  const steps = Array.from(
    { length: 40 },
    (_, n) =>
      `{"id":"${n % 3 === 0 ? 'b' : 'a'}","metadata":{"n":${n}},"action":"${n % 4 === 3 ? 'overwrite' : 'merge'}"}`,
  );
  const result = await world.cli(['patch', '--from', '-', '--yes', '--rps', '0'], { stdin: steps.join('\n') });
  assert.equal(result.code, 0);
  assert.deepEqual((await dataOf(world, 'a'))['metadata'], { n: 38 });
  assert.deepEqual((await dataOf(world, 'b'))['metadata'], { n: 39 });
});

test('patch --dry-run shows the exact requests and --curl the commands; neither needs a key or sends', async (t) => {
  const world = await withInputs(t, ['a']);
  const words = ['patch', 'a', '-c', "it's $HOME `x`", '--remove-meta', 'k'];
  const env = { CLARIFAI_PAT: undefined };
  const plan = await world.cli([...words, '--dry-run', '-o', 'json'], { env });
  assert.deepEqual([plan.code, plan.requests.length], [0, 0]);
  assert.deepEqual(JSON.parse(plan.stdout), [
    {
      method: 'PATCH',
      path: '/v2/inputs',
      body: { inputs: [{ id: 'a', data: { metadata: { k: true } } }], action: 'remove' },
    },
    {
      method: 'PATCH',
      path: '/v2/inputs',
      body: { inputs: [{ id: 'a', data: { concepts: [{ id: "it's $HOME `x`", value: 1 }] } }], action: 'merge' },
    },
  ]);
  assert.match(
    (await world.cli([...words, '--dry-run'], { env })).stdout,
    /^remove\ta\tmetadata\t\{"k":true\}\t\nmerge\ta\tconcepts\t\tit's \$HOME `x`\n$/,
  );
  const curl = await world.cli([...words, '--curl'], { env });
  assert.deepEqual([curl.code, curl.requests.length], [0, 0]);
  assert.doesNotMatch(curl.stdout, new RegExp(testKey));
  await promisify(execFile)('sh', ['-ec', curl.stdout], {
    env: { PATH: process.env['PATH'], CLARIFAI_PAT: testKey, NO_PROXY: '*' },
  });
  assert.deepEqual(await conceptsOf(world, 'a'), [["it's $HOME `x`", 1]]);
});

test('patch --undo saves what was before anything is sent, and never over a file', async (t) => {
  const world = await withInputs(t, ['a']);
  await world.cli(['patch', 'a', '-c', 'dog', '--geo', '1.5,2.5']);
  let savedAtFirstPatch = '';
  world.intercept = ({ method }) => {
    if (method === 'PATCH') savedAtFirstPatch = readFileSync(join(world.dir, 'undo.ndjson'), 'utf8');
    return undefined;
  };
  const words = ['patch', 'a', '--action', 'overwrite', '--meta', 'k=v', '--yes', '--undo', 'undo.ndjson'];
  assert.equal((await world.cli(words)).code, 0);
  assert.deepEqual(rows(savedAtFirstPatch), [
    { id: 'a', action: 'overwrite', concepts: [{ id: 'dog', value: 1 }], geo: [1.5, 2.5] },
  ]);
  assert.equal(statSync(join(world.dir, 'undo.ndjson')).mode & 0o777, 0o600);
  const again = await world.cli(words);
  assert.deepEqual([again.code, patches(again.requests).length], [2, 0]);
  assert.match(again.stderr, /already exists/);
});

test('after 300 random patches, patch --from UNDO restores everything but modified_at', async (t) => {
  const random = seeded(7);
  const ids = Array.from({ length: 60 }, (_, index) => `i${index}`);
  const world = await withInputs(t, ids);
  const region = {
    id: 'r1',
    region_info: { bounding_box: { top_row: 0.1, left_col: 0.2, bottom_row: 0.5, right_col: 0.75 } },
    data: { concepts: [{ id: 'face', value: 1 }] },
  };
  const first = ids
    .slice(0, 50)
    .map((id, n) => JSON.stringify({ id, ...randomNotes(random), ...(n % 7 === 0 && { regions: [region] }) }));
  assert.equal((await world.cli(['patch', '--from', '-'], { stdin: first.join('\n') })).code, 0);
  const before = await listed(world);
  const changes = Array.from({ length: 300 }, () => {
    const id = ids[Math.floor(random() * ids.length)];
    const action = ['merge', 'overwrite', 'remove'][Math.floor(random() * 3)];
    return JSON.stringify({ id, action, ...randomNotes(random) });
  });
  const words = ['patch', '--from', '-', '--yes', '--undo', 'undo.ndjson', '--rps', '0'];
  assert.equal((await world.cli(words, { stdin: changes.join('\n') })).code, 0);
  assert.notDeepEqual(await listed(world), before);
  const restored = await world.cli(['patch', '--from', 'undo.ndjson', '--yes']);
  assert.equal(restored.code, 0, restored.stderr);
  assert.deepEqual(await listed(world), before);
});

test('a restore whose answer differs from its row is named, with what differs', async (t) => {
  const world = await withInputs(t, ['a']);
  world.write('undo.ndjson', '{"id":"a","action":"overwrite","concepts":["dog"],"metadata":{"k":1}}');
  world.intercept = ({ method }) =>
    method === 'PATCH'
      ? {
          status: 200,
          body: {
            status: { code: 10000 },
            inputs: [
              { id: 'a', status: { code: 30200 }, data: { concepts: [{ id: 'dog', value: 1 }], metadata: { k: 2 } } },
            ],
          },
        }
      : undefined;
  const result = await world.cli(['patch', '--from', 'undo.ndjson', '--yes']);
  assert.equal(result.code, 3);
  assert.match(result.stderr, /a: .*except: metadata/);
});

test('a merge that appends to a list is not sent again once its answer is lost', async (t) => {
  const world = await withInputs(t, ['a', 'b']);
  world.intercept = ({ method }) => (method === 'PATCH' ? 'lose' : undefined);
  const appending = await world.cli(['patch', 'a', '--metadata', '{"list":[1]}']);
  assert.deepEqual([appending.code, patches(appending.requests).length], [3, 1]);
  assert.match(appending.stderr, /may have taken effect/);
  assert.deepEqual((await dataOf(world, 'a'))['metadata'], { list: [1] });
  let lost = 0;
  world.intercept = ({ method }) => (method === 'PATCH' && (lost += 1) === 1 ? 'lose' : undefined);
  const repeated = await world.cli(['patch', 'b', '-c', 'dog']);
  assert.deepEqual([repeated.code, patches(repeated.requests).length], [0, 2]);
});

test('a request that is too large is halved; one input that is too large alone is named', async (t) => {
  const world = await withInputs(t, ['a', 'b', 'c', 'd']);
  const tooLarge = { status: 413, body: { status: { code: 40033, description: 'too large' } } };
  world.intercept = ({ method, json }) =>
    method === 'PATCH' && JSON.stringify(json).includes('"c"') ? tooLarge : undefined;
  const result = await world.cli(['patch', 'a', 'b', 'c', 'd', '-c', 'dog']);
  assert.equal(result.code, 3);
  assert.match(result.stderr, /4 inputs: 3 patched, 1 failed/);
  assert.match(result.stderr, /failed: c: 40033/);
});

test('a wrong key costs one request, and no input is said to be patched', async (t) => {
  const ids = Array.from({ length: 200 }, (_, index) => `i${index}`);
  const world = await withInputs(t, ids);
  const result = await world.cli(['patch', '-', '-c', 'dog'], {
    stdin: ids.join('\n'),
    env: { CLARIFAI_PAT: 'wrong' },
  });
  assert.deepEqual([result.code, result.requests.length], [4, 1]);
  assert.match(result.stderr, /^128 inputs: 128 unsent$/m);
  assert.match(result.stderr, /the run stopped before everything was read; resume with/);
});

test('Ctrl-C lets the requests in flight end, and tells how to go on', async (t) => {
  const ids = Array.from({ length: 1000 }, (_, index) => `i${index}`);
  const world = await withInputs(t, ids);
  const interrupt = new Interrupt();
  world.intercept = ({ method }) => {
    if (method === 'PATCH') interrupt.press();
    return undefined;
  };
  const result = await world.cli(['patch', '-', '-c', 'dog', '--concurrency', '1'], {
    stdin: ids.join('\n'),
    interrupt,
  });
  assert.equal(result.code, 130);
  assert.equal(patches(result.requests).length, 1);
  assert.match(result.stderr, /inputs: 128 patched, [1-9]\d* unsent/);
  assert.match(result.stderr, /resume with: clarifai-inputs patch - -c dog/);
});

test('Ctrl-C while inputs are still looked for tells how to go on, with another file for --undo', async (t) => {
  const world = await withInputs(t, ['a', 'b']);
  const interrupt = new Interrupt();
  world.intercept = () => {
    interrupt.press();
    return undefined;
  };
  const words = ['patch', '--where', 'status=ok', '-c', 'dog', '--undo', 'u'];
  const result = await world.cli(words, { interrupt });
  assert.equal(result.code, 130, result.stderr);
  assert.match(
    result.stderr,
    /resume with another --undo file: clarifai-inputs patch --where status=ok -c dog --undo u$/m,
  );
});

test('an empty list changes nothing and says so', async (t) => {
  const world = await withInputs(t, []);
  const result = await world.cli(['patch', '-', '-c', 'dog'], { stdin: '\n' });
  assert.deepEqual([result.code, result.requests.length], [0, 0]);
  assert.match(result.stderr, /nothing to change/);
});

async function listed(world: World): Promise<unknown> {
  const { stdout } = await world.cli(['list', '--all', '-o', 'json']);
  const all: unknown = JSON.parse(stdout);
  assert.ok(isList(all));
  return all.map((input) => (isObject(input) ? { ...input, modified_at: undefined } : input));
}

/** The same numbers in every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

function randomNotes(random: () => number): Readonly<Record<string, Json>> {
  const pick = (n: number): number => Math.floor(random() * n);
  const notes: Record<string, Json> = { concepts: [`c${pick(5)}`, `d${pick(5)}=0`] };
  if (pick(2) === 0)
    notes['metadata'] = {
      [`k${pick(3)}`]: { deep: { [`x${pick(2)}`]: pick(9) }, list: [pick(9), 'two'] },
      flat: pick(2) === 0,
    };
  if (pick(3) === 0) notes['geo'] = [pick(360) - 180, pick(180) - 90];
  return notes;
}
