import assert from 'node:assert/strict';
import { test } from 'node:test';
import { valueAt } from '../../../src/wire/json.js';
import { openWorld } from '../../harness.js';
import { plan, planningWorld, urlsOf } from '../../planning.js';
import { pngOf } from '../../tiny-images.js';

test('--url-list takes URLs line by line: comments, blanks, BOM and CRLF are none, a bad line has its number', async (t) => {
  const world = await planningWorld(t);
  world.write(
    'urls.txt',
    '\ufeff# photos\r\nhttps://x.test/a.jpg\r\n\r\n  https://x.test/b.jpg \r\n # end\r\nftp://x.test/c\r\nhttps://x.test/d#1',
  );
  const result = await plan(world, ['--url-list', 'urls.txt']);
  assert.deepEqual(urlsOf(result), ['https://x.test/a.jpg', 'https://x.test/b.jpg', 'https://x.test/d#1']);
  assert.equal(result.code, 3);
  assert.match(result.stderr, /failed: ftp:\/\/x\.test\/c: 30106 .*\(urls\.txt line 6\)/);
});

test('a line too long for a URL is named by its number and stops no other', async (t) => {
  const world = await planningWorld(t);
  const result = await plan(world, ['--url-list', '-'], {
    stdin: `https://x.test/${'a'.repeat(200_000)}\nhttps://x.test/b`,
  });
  assert.deepEqual(urlsOf(result), ['https://x.test/b']);
  assert.match(result.stderr, /failed: stdin line 1: is longer than/);
});

test('--files-from takes paths as they stand, relative to the working folder', async (t) => {
  const world = await planningWorld(t);
  const names = ['#1.png', '*.png', 'sub/a b.png', '!c.png', '-.png'];
  for (const [index, name] of names.entries()) world.write(name, pngOf(index));
  world.write('elsewhere/list.txt', `${names.join('\r\n')}\r\n\r\n`);
  const result = await plan(world, ['--files-from', 'elsewhere/list.txt', '--id-from', 'uuid']);
  assert.equal(result.code, 0, result.stderr);
  assert.equal(result.inputs.length, names.length);
  const bad = await plan(world, ['--files-from', '-'], { stdin: 'gone.png\nsub\ncaf\ufdd0.png\n#1.png' });
  assert.match(bad.stderr, /failed: gone\.png: no such file \(stdin line 1\)/);
  assert.match(bad.stderr, /failed: sub: a folder, not a file \(stdin line 2\)/);
  assert.match(bad.stderr, /failed: caf.\.png: is not UTF-8 \(stdin line 3\)/);
  assert.equal(bad.inputs.length, 1);
});

test('with --null names may hold line ends, and without it NULs are told', async (t) => {
  const world = await planningWorld(t);
  for (const [index, name] of ['a\nb.png', ' c.png '].entries()) world.write(name, pngOf(index));
  const stdin = 'a\nb.png\0 c.png \0gone\0';
  const result = await plan(world, ['--files-from', '-', '--null'], { stdin });
  assert.equal(result.inputs.length, 2);
  assert.match(result.stderr, /failed: gone: no such file \(stdin item 3\)/);
  assert.match((await plan(world, ['--files-from', '-'], { stdin: 'c.png\0' })).stderr, /is the list NUL-separated\?/);
  const alone = await world.cli(['add', 'x', '--null']);
  assert.equal(alone.code, 2);
  assert.match(alone.stderr, /--null is only supported with --files-from/);
});

test('a manifest of NDJSON says all that is sent with each source', async (t) => {
  const world = await planningWorld(t);
  world.write('set/a.png', pngOf(1));
  const lines = [
    { path: 'a.png', id: 'one', concepts: ['dog', 'cat=0', { id: 'sky', value: 0.5 }], metadata: { a: { b: [1] } } },
    { url: 'https://x.test/b', type: 'video', geo: [-30, 40], dataset_ids: ['d1', 'd2'] },
    { text: ' verbatim\n', id: null },
  ];
  world.write('set/m.ndjson', lines.map((line) => JSON.stringify(line)).join('\n'));
  const { inputs, code } = await plan(world, ['--manifest', 'set/m.ndjson']);
  assert.equal(code, 0);
  assert.deepEqual(inputs[0], {
    id: 'one',
    data: {
      image: { base64: `<base64 of ${pngOf(1).length} bytes>` },
      concepts: [
        { id: 'dog', value: 1 },
        { id: 'cat', value: 0 },
        { id: 'sky', value: 0.5 },
      ],
      metadata: { a: { b: [1] } },
    },
  });
  const geo = { geo_point: { longitude: -30, latitude: 40 } };
  assert.deepEqual(inputs[1]?.['data'], { video: { url: 'https://x.test/b' }, geo });
  assert.deepEqual(inputs[1]['dataset_ids'], ['d1', 'd2']);
  assert.deepEqual(inputs[2]?.['data'], { text: { raw: ' verbatim\n' } });
});

test('a manifest of CSV says the same, with columns renamed by --map', async (t) => {
  const world = await planningWorld(t);
  world.write('set/a.png', pngOf(1));
  world.write(
    'set/m.csv',
    '\ufefffile,link,body,labels,metadata,geo,dataset_ids,type\r\n' +
      'a.png,,,dog;cat=0,"{""k"": ""v,1""}","-30,40",d1; d2,\r\n' +
      ',https://x.test/b,,,,,,audio\r\n' +
      ',," say ""hi"",\nthere ",,,,,\r\n',
  );
  const maps = ['file=path', 'link=url', 'body=text', 'labels=concepts'].flatMap((map) => ['--map', map]);
  const { inputs, code, stderr } = await plan(world, ['--manifest', 'set/m.csv', ...maps]);
  assert.equal(code, 0, stderr);
  assert.deepEqual(valueAt(inputs[0] ?? {}, ['data', 'concepts']), [
    { id: 'dog', value: 1 },
    { id: 'cat', value: 0 },
  ]);
  assert.deepEqual(valueAt(inputs[0] ?? {}, ['data', 'metadata']), { k: 'v,1' });
  assert.deepEqual(inputs[0]?.['dataset_ids'], ['d1', 'd2']);
  assert.deepEqual(inputs[1]?.['data'], { audio: { url: 'https://x.test/b' } });
  assert.deepEqual(inputs[2]?.['data'], { text: { raw: ' say "hi",\nthere ' } });
});

test('what a manifest says is laid over what the flags say', async (t) => {
  const world = await planningWorld(t);
  const row = {
    url: 'https://x.test/a',
    concepts: ['cat=0', 'owl'],
    metadata: { a: 2, b: { c: 1 } },
    geo: [1, 2],
    dataset_ids: ['d2'],
  };
  const flags = [
    '-c',
    'dog',
    '-c',
    'cat',
    '--metadata',
    '{"a":1,"b":{"x":1},"z":0}',
    '--geo',
    '9,9',
    '--dataset',
    'd1',
  ];
  const { inputs } = await plan(world, ['--manifest', '-', ...flags], { stdin: JSON.stringify(row) });
  assert.deepEqual(inputs[0]?.['data'], {
    image: { url: 'https://x.test/a' },
    concepts: [
      { id: 'dog', value: 1 },
      { id: 'cat', value: 0 },
      { id: 'owl', value: 1 },
    ],
    metadata: { a: 2, b: { c: 1 }, z: 0 },
    geo: { geo_point: { longitude: 1, latitude: 2 } },
  });
  assert.deepEqual(inputs[0]['dataset_ids'], ['d1', 'd2']);
});

test('a bad row is named by its line, and the rest goes on', async (t) => {
  const world = await planningWorld(t);
  const bad: readonly (readonly [unknown, RegExp])[] = [
    [{ concepts: ['dog'] }, /failed: stdin line 1: has no path, url or text/],
    [{ path: 'a', url: 'https://x.test/1' }, /failed: a: names path and url.* \(stdin line 2\)/],
    [{ url: 'x.test/2' }, /x\.test\/2: 30106 .*'x\.test\/2' is not an http.* \(stdin line 3\)/],
    [{ url: 'https://x.test/3', geo: [200, 0] }, /https:\/\/x\.test\/3: geo: longitude 200 .* \(stdin line 4\)/],
    [{ url: 'https://x.test/4', concepts: [{ id: 'a', value: 2 }] }, /concepts: the value of 'a' .* \(stdin line 5\)/],
    [{ url: 'https://x.test/5', labels: [] }, /unknown field 'labels'.* \(stdin line 6\)/],
    [{ url: 'https://x.test/6', type: 'film' }, /type: 'film' is not one of image.* \(stdin line 7\)/],
    [{ text: 'x', type: 'image' }, /failed: stdin line 8: type: text cannot be image/],
    [{ url: 'https://x.test/7', id: 'no id' }, /39999 .*'no id'.* \(stdin line 9\)/],
    [{ url: 'https://x.test/8', dataset_ids: 'd1' }, /dataset_ids: is not a list \(stdin line 10\)/],
    [{ path: 'gone.png' }, /gone\.png: no such file \(stdin line 11\)/],
    [{ text: '' }, /failed: stdin line 12: 30104 .*empty/],
    [[1], /stdin line 13: is JSON, but not an object/],
  ];
  const stdin = `${bad.map(([row]) => JSON.stringify(row)).join('\n')}\n{"url":\n{"url":"https://x.test/ok"}\n`;
  const result = await plan(world, ['--manifest', '-'], { stdin });
  assert.deepEqual(urlsOf(result), ['https://x.test/ok']);
  assert.equal(result.code, 3);
  for (const [, wanted] of bad) assert.match(result.stderr, wanted);
  assert.match(result.stderr, /failed: stdin line 14: is not JSON/);
});

test('the URL of a row is read like those of a list: letters and blanks encoded, a data: URL refused in a short line', async (t) => {
  const world = await planningWorld(t);
  const urls = ['https://x.test/größe 1.jpg', `data:image/png;base64,${'A'.repeat(2_000_000)}`];
  const result = await plan(world, ['--manifest', '-'], {
    stdin: urls.map((url) => JSON.stringify({ url })).join('\n'),
  });
  assert.deepEqual(urlsOf(result), ['https://x.test/gr%C3%B6%C3%9Fe%201.jpg']);
  assert.equal(result.code, 3);
  const failed = result.stderr.split('\n').filter((line) => line.includes('30106'));
  assert.equal(failed.length, 1);
  assert.ok((failed[0] ?? '').length < 1000);
});

test('two rows of one id are named, both', async (t) => {
  const world = await planningWorld(t);
  const stdin = '{"id":"one","url":"https://x.test/a"}\n{"id":"one","url":"https://x.test/b"}\n';
  const result = await plan(world, ['--manifest', '-'], { stdin });
  assert.equal(result.inputs.length, 1);
  assert.match(result.stderr, /x\.test\/b: 30104 .*'one', as does https:\/\/x\.test\/a \(stdin line 2\)/);
});

test('a list that can not be right is told before anything is sent', async (t) => {
  const world = await openWorld(t);
  world.write('m.csv', 'path,labels\na.png,dog\n');
  world.write('m.ndjson', '{"url":"https://x.test/a"}\n');
  const url = 'https://x.test/sent.jpg';
  const wrong: readonly (readonly [readonly string[], RegExp])[] = [
    [['--manifest', 'gone.csv'], /--manifest gone\.csv: no such file/],
    [['--url-list', 'gone.txt'], /--url-list gone\.txt: no such file/],
    [['--files-from', '.'], /--files-from \./],
    [['--manifest', 'm.csv'], /m\.csv: unknown column 'labels'/],
    [
      ['--manifest', 'm.csv', '--map', 'labels=tags'],
      /--map: column 'labels' cannot be read as 'tags'; fields are id, /,
    ],
    [['--manifest', 'm.csv', '--map', 'labels=concepts', '--map', 'tags=geo'], /m\.csv: no column 'tags'/],
    [['--manifest', 'm.ndjson', '--map', 'labels=concepts'], /m\.ndjson is NDJSON/],
    [['--map', 'labels=concepts'], /--map is only supported with --manifest/],
    [['--manifest', 'm.csv', '--map', 'labels'], /'labels' is not COLUMN=FIELD/],
    [['--manifest', '-', '--url-list', '-'], /got '--url-list -' and '--manifest -'/],
    [['--files-from', '-', '-'], /got '--files-from -' and '-'/],
    [['--url-list', 'm.csv', '--id', 'one'], /--id is only supported with a single source/],
  ];
  for (const [args, told] of wrong) {
    const result = await world.cli(['add', url, ...args]);
    assert.equal(result.code, 2, args.join(' '));
    assert.match(result.stderr, told);
    assert.equal(result.requests.length, 0);
  }
});

test('sources come as arguments, --url-list, --files-from, --manifest and stdin have them', async (t) => {
  const world = await planningWorld(t);
  world.write('u1', 'https://x.test/u1');
  world.write('u2', 'https://x.test/u2');
  world.write('m', '{"url":"https://x.test/m"}');
  world.write('1.png', pngOf(1));
  world.write('f', '1.png');
  const args = [
    '-',
    '--manifest',
    'm',
    '--files-from',
    'f',
    '--url-list',
    'u1',
    '--url-list',
    'u2',
    'https://x.test/a',
  ];
  const result = await plan(world, args, { stdin: 'https://x.test/s\n1.png\n' });
  const url = (name: string): string => `https://x.test/${name}`;
  assert.deepEqual(urlsOf(result), [url('a'), url('u1'), url('u2'), undefined, url('m'), url('s')]);
});

test("'!pattern' takes out of what lists name as well", async (t) => {
  const world = await planningWorld(t);
  for (const [index, name] of ['a.png', 'bad/b.png', 'bad/c.png'].entries()) world.write(name, pngOf(index));
  world.write('m.csv', 'path\nbad/c.png\n');
  const result = await plan(world, ['!bad/**', '-', '--manifest', 'm.csv'], { stdin: 'a.png\nbad/b.png\n' });
  assert.equal(result.inputs.length, 1);
  assert.equal(result.code, 0);
});
