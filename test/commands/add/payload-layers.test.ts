import assert from 'node:assert/strict';
import { test } from 'node:test';
import { valueAt } from '../../../src/wire/json.js';
import { plan, planningWorld } from '../../planning.js';
import { pngOf } from '../../tiny-images.js';

const dog = { id: 'dog', value: 1 };

test('one set of files plans the same inputs in seven forms', async (t) => {
  const world = await planningWorld(t);
  const files = ['set/dog/a.png', 'set/dog/b c.png', 'set/cat/deep/é.png', 'set/"q",;.png'];
  for (const [index, file] of files.entries()) world.write(file, pngOf(index));
  world.write('set/dog/a.png.json', '{"concepts": ["good"], "metadata": {"n": 1}}');
  const lines = files.join('\n');
  world.write('lists/paths.txt', lines);
  world.write('lists/m.ndjson', files.map((path) => JSON.stringify({ path: `../${path}` })).join('\n'));
  world.write('lists/m.csv', `path\n${files.map((path) => `"../${path.replaceAll('"', '""')}"`).join('\n')}\n`);
  const flags = ['-c', 'all', '--meta', 'run=1', '--geo', '1,2', '--concept-from-dir', '--sidecars', '--record-path'];
  const forms: readonly (readonly string[])[] = [
    files,
    ['set'],
    ['set/**/*.PNG'],
    ['--files-from', 'lists/paths.txt'],
    ['--manifest', 'lists/m.ndjson'],
    ['--manifest', 'lists/m.csv'],
    ['-'],
  ];
  const [first = [], ...others] = await Promise.all(
    forms.map(async (form) => {
      const { code, stderr, inputs } = await plan(world, [...form, ...flags], { stdin: lines });
      assert.equal(code, 0, stderr);
      return inputs.map((input) => JSON.stringify(input)).sort();
    }),
  );
  assert.equal(first.length, files.length);
  assert.match(
    first.join('\n'),
    /"concepts":\[\{"id":"all","value":1\},\{"id":"dog","value":1\},\{"id":"good","value":1\}\]/,
  );
  assert.match(first.join('\n'), /"metadata":\{"run":"1","path":"set\/dog\/a\.png","n":1\}/);
  for (const other of others) assert.deepEqual(other, first);
});

test('--concept-from-dir takes the name of the folder that holds the file, at any depth', async (t) => {
  const world = await planningWorld(t);
  world.write('a/b/night sky/x.png', pngOf(1));
  const conceptsOf = async (args: readonly string[], cwd: string): Promise<unknown> => {
    const { inputs } = await plan(world, args, { cwd });
    return valueAt(inputs[0] ?? {}, ['data', 'concepts']);
  };
  const sky = [{ id: 'night sky', value: 1 }];
  assert.deepEqual(await conceptsOf(['a', '--concept-from-dir'], world.dir), sky);
  assert.deepEqual(await conceptsOf(['x.png', '--concept-from-dir'], `${world.dir}/a/b/night sky`), sky);
  assert.deepEqual(await conceptsOf(['a', '--concept-from-dir', '-c', 'night sky=0'], world.dir), sky);
  assert.equal(await conceptsOf(['https://x.test/dog/a.png', '--concept-from-dir'], world.dir), undefined);
  assert.equal(await conceptsOf(['a'], world.dir), undefined);
});

test('--record-path puts the path relative to the working folder in metadata.path', async (t) => {
  const world = await planningWorld(t);
  const path = world.write('a/x.png', pngOf(1));
  world.write('work/y.txt', '');
  const pathOf = async (args: readonly string[], cwd = world.dir): Promise<unknown> => {
    const { inputs } = await plan(world, args, { cwd });
    return valueAt(inputs[0] ?? {}, ['data', 'metadata']);
  };
  assert.deepEqual(await pathOf(['./a', '--record-path']), { path: 'a/x.png' });
  assert.deepEqual(await pathOf([path, '--record-path', '--meta', 'k=v']), { k: 'v', path: 'a/x.png' });
  assert.deepEqual(await pathOf([path, '--record-path'], `${world.dir}/work`), { path: '../a/x.png' });
  assert.equal(await pathOf(['a']), undefined);
});

test('a manifest wins over a sidecar, a sidecar over flags; concepts add up, metadata merges by key', async (t) => {
  const world = await planningWorld(t);
  world.write('dog/x.png', pngOf(1));
  world.write(
    'dog/x.png.json',
    '\ufeff{"concepts":["side","both=0"],"metadata":{"a":2,"b":2,"deep":{"y":2}},"geo":[2,2]}',
  );
  const row = { path: 'dog/x.png', concepts: ['row', 'both'], metadata: { b: 3 }, geo: [3, 3] };
  const flags = ['-c', 'flag', '--metadata', '{"a":1,"b":1,"c":1,"deep":{"x":1}}', '--geo', '1,1', '--sidecars'];
  const dataOf = async (args: readonly string[]): Promise<unknown> => {
    const { inputs } = await plan(world, [...args, ...flags], { stdin: JSON.stringify(row) });
    return valueAt(inputs[0] ?? {}, ['data']);
  };
  const image = { base64: `<base64 of ${pngOf(1).length} bytes>` };
  const point = (at: number): unknown => ({ geo_point: { longitude: at, latitude: at } });
  const flag = { id: 'flag', value: 1 };
  const side = { id: 'side', value: 1 };
  assert.deepEqual(await dataOf(['dog']), {
    image,
    concepts: [flag, side, { id: 'both', value: 0 }],
    metadata: { a: 2, b: 2, c: 1, deep: { y: 2 } },
    geo: point(2),
  });
  assert.deepEqual(await dataOf(['--manifest', '-', '--concept-from-dir']), {
    image,
    concepts: [flag, dog, side, { id: 'both', value: 1 }, { id: 'row', value: 1 }],
    metadata: { a: 2, b: 3, c: 1, deep: { y: 2 } },
    geo: point(3),
  });
});

test('a sidecar is never a source itself, unless nobody asked for sidecars', async (t) => {
  const world = await planningWorld(t);
  world.write('p/x.png', pngOf(1));
  world.write('p/x.png.json', '{}');
  world.write('p/alone.json', '{}');
  for (const form of [['p/x*'], ['p/x.png', 'p/x.png.json'], ['-']]) {
    const stdin = 'p/x.png\np/x.png.json\n';
    const result = await plan(world, [...form, '--sidecars'], { stdin });
    assert.equal(result.code, 0, result.stderr);
    assert.equal(result.inputs.length, 1);
    assert.equal((await plan(world, form, { stdin })).code, 3, 'a file that was named must be good');
  }
  assert.equal((await plan(world, ['p/*', '--sidecars'])).code, 3, 'no file is beside alone.json');
});

test('a broken sidecar fails its file by name, and no other', async (t) => {
  const world = await planningWorld(t);
  const broken: readonly (readonly [string | Buffer, RegExp])[] = [
    ['{', /failed: p\/0\.png: its sidecar 0\.png\.json is not JSON/],
    ['[]', /failed: p\/1\.png: its sidecar 1\.png\.json is JSON, but not an object/],
    ['{"labels": []}', /2\.png\.json has unknown field 'labels'; known are concepts, metadata, geo, dataset_ids/],
    ['{"geo": [0, 91]}', /3\.png\.json geo: latitude 91/],
    [Buffer.from('{"concepts": ["caf\u00e9"]}', 'latin1'), /4\.png\.json is not UTF-8/],
    [' '.repeat(8_000_001), /5\.png\.json: is longer than 8000000 bytes/],
  ];
  for (const [index, [json]] of broken.entries()) {
    world.write(`p/${index}.png`, pngOf(index));
    world.write(`p/${index}.png.json`, json);
  }
  world.write('p/good.png', pngOf(99));
  world.write('p/notes', 'no media, whatever lies beside it');
  world.write('p/notes.json', '{');
  const result = await plan(world, ['p', '--sidecars']);
  assert.equal(result.code, 3);
  assert.equal(result.inputs.length, 1);
  for (const [, told] of broken) assert.match(result.stderr, told);
  assert.doesNotMatch(result.stderr, /notes/);
});

test('four shards of ten thousand sources are disjoint, complete and the same again', async (t) => {
  const world = await planningWorld(t);
  const names = Array.from({ length: 10_000 }, (_, index) => `p/${index % 7}/${index}.png`);
  const stdin = names.map((name) => `https://x.test/${name}`).join('\n');
  const shard = async (index: number): Promise<readonly unknown[]> => {
    const { inputs } = await plan(world, ['-', '--shard', `${index}/4`], { stdin });
    return inputs.map((input) => valueAt(input, ['data', 'image', 'url']));
  };
  const parts = await Promise.all([0, 1, 2, 3].map(shard));
  assert.deepEqual(parts.flat().sort(), stdin.split('\n').sort());
  assert.ok(parts.every(({ length }) => length > 2300 && length < 2700));
  assert.deepEqual(await shard(2), parts[2]);
});

test('a shard goes by the path as it was named or the id of a row, and reads no file of another', async (t) => {
  const world = await planningWorld(t);
  const names = Array.from({ length: 20 }, (_, index) => `${index}.png`);
  for (const [index, name] of names.entries()) world.write(`p/${name}`, pngOf(index));
  const idsOf = async (index: number, args: readonly string[], stdin = ''): Promise<readonly unknown[]> => {
    const result = await plan(world, [...args, '--shard', `${index}/2`], { stdin });
    assert.equal(result.code, 0, result.stderr);
    return result.inputs.map(({ id }) => id);
  };
  const paths = names.map((name) => `p/${name}`).join('\n');
  const both = [await idsOf(0, ['p']), await idsOf(1, ['p'])];
  assert.equal(both.flat().length, names.length);
  assert.deepEqual((await idsOf(0, ['-'], paths)).toSorted(), both[0]?.toSorted());
  // of the other shard's files none is there to be read
  const row = (id: string, path: string): string => JSON.stringify({ id, path });
  const rows = Array.from({ length: 20 }, (_, index) => row(`id${index}`, 'p/1.png')).join('\n');
  const first = await idsOf(0, ['--manifest', '-'], rows);
  const gone = Array.from({ length: 20 }, (_, index) => {
    return row(`id${index}`, first.includes(`id${index}`) ? 'p/1.png' : 'gone.png');
  });
  assert.deepEqual(await idsOf(0, ['--manifest', '-'], gone.join('\n')), first);
  assert.ok(first.length > 2 && first.length < 18);
});

test('a shard that is none is exit 2', async (t) => {
  const world = await planningWorld(t);
  for (const shard of ['4/4', '1', 'a/b', '-1/4', '0/0', '1.5/4', ' ']) {
    const result = await world.cli(['add', 'x.png', `--shard=${shard}`]);
    assert.equal(result.code, 2, shard);
    assert.match(result.stderr, /is not K\/N with K from 0/);
  }
});
