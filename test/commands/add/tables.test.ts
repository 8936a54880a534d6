import { type JsonObject, isObject } from '../../../src/wire/json.js';
import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { fixture, openWorld } from '../../harness.js';
import { plan, planningWorld, type Plan } from '../../planning.js';

/** Plans to add a table of the fixtures. */
async function planTable(t: TestContext, name: string, flags: readonly string[] = []): Promise<Plan> {
  const world = await planningWorld(t);
  copyFileSync(fixture('tables', name), join(world.dir, name));
  return await plan(world, ['--manifest', name, ...flags]);
}

/** An input of a plan in few words: its id, its address, its concepts, the rest of its data. */
function brief(input: JsonObject): readonly unknown[] {
  const data = isObject(input['data']) ? input['data'] : {};
  const { image, text, concepts = [], ...rest } = data;
  const media = isObject(image) ? image['url'] : isObject(text) ? text['raw'] : undefined;
  const names = Array.isArray(concepts)
    ? concepts
        .filter(isObject)
        .map(({ id, value }) => `${JSON.stringify(id)}=${JSON.stringify(value)}`.replaceAll('"', ''))
    : [];
  return [input['id'], media, names.join(' '), rest];
}

const geo = (longitude: number, latitude: number): JsonObject => ({ geo_point: { longitude, latitude } });

for (const { name, flags = [], inputs } of [
  {
    name: 'excel-utf8-german.csv',
    flags: ['--map', 'Bild-URL=url', '--map', 'Schlagwörter=concepts', '--map', 'notiz=metadata.note'],
    inputs: [
      [
        'muelltonne',
        'https://x.test/gr%C3%B6%C3%9Fe.jpg',
        'hund=1 katze=0',
        { metadata: { ort: 'Köln', note: 'zwei\r\nZeilen' }, geo: geo(6.96, 50.94) },
      ],
      ['b', 'https://x.test/b.jpg', 'hund=1', { geo: geo(-30, 40) }],
    ],
  },
  {
    name: 'excel-unicode-text.txt',
    inputs: [['a', 'https://x.test/a.jpg', '猫=1 犬=0', { metadata: { k: 'a,b' } }]],
  },
  {
    name: 'excel-macintosh.csv',
    inputs: [
      ['a', 'https://x.test/a.jpg', 'cat=1', {}],
      ['b', 'https://x.test/b.jpg', 'dog=1 cat=0', {}],
    ],
  },
  { name: 'excel-sep-line.csv', inputs: [['a', 'https://x.test/a.jpg', 'cat=1 dog=0', {}]] },
  {
    name: 'libreoffice-quoted.csv',
    inputs: [['a', 'https://x.test/a.jpg', 'a;b=1 c=d=0.25', { metadata: { n: 1 }, geo: geo(-30, 40) }]],
  },
  { name: 'libreoffice-utf16.csv', inputs: [['a', 'https://x.test/a.jpg', 'Bär=1', {}]] },
  { name: 'numbers.csv', inputs: [['a', 'https://x.test/a.jpg', 'cat=1 dog=0.5', {}]] },
  {
    name: 'google-sheets.csv',
    flags: ['--other-columns', 'metadata'],
    inputs: [
      ['a', 'first line\nsecond "line"', 'hi there=1', { metadata: { Photographer: 'Zoë' } }],
      ['b', '=SUM', 'x, y=1', {}],
    ],
  },
  {
    name: 'google-sheets.tsv',
    inputs: [['a', 'https://x.test/a.jpg', 'a;b=1 five=1', { metadata: { size: '5" wide' } }]],
  },
  {
    name: 'r-write-csv.csv',
    flags: ['--map', 'lon=longitude', '--map', 'lat=latitude'],
    inputs: [
      ['a', 'https://x.test/a.jpg', '', { geo: geo(-30.5, 40) }],
      ['b', 'https://x.test/b.jpg', 'NA=1', {}],
    ],
  },
  { name: 'r-write-csv2.csv', inputs: [['a', 'https://x.test/a.jpg', 'cat=1', {}]] },
  {
    name: 'vendor-page.csv',
    inputs: [
      ['a', 'https://x.test/a.jpg', 'cat=1 dog=0', { metadata: { k: 'v' }, geo: geo(-30, 40) }],
      ['b', 'https://x.test/b.jpg', '', {}],
    ],
  },
  {
    name: 'vendor-python.csv',
    inputs: [
      ['a', 'https://x.test/a.jpg', 'cat=1 dog=1', { metadata: { k: 1 }, geo: geo(-30, 40) }],
      ['b', 'no such file; a text', 'cat=1', {}],
    ],
  },
] as const) {
  test(`the table ${name} is read as it is`, async (t) => {
    const result = await planTable(t, name, flags);
    assert.equal(result.code, 0, result.stderr);
    assert.deepEqual(result.inputs.map(brief), inputs);
  });
}

test('data set ids of a table are split like concepts', async (t) => {
  const { inputs } = await planTable(t, 'numbers.csv');
  assert.deepEqual(inputs[0]?.['dataset_ids'], ['d1', 'd2']);
});

for (const { name, code, ids, told } of [
  { name: 'excel-ansi-header.csv', code: 2, ids: [], told: /the header is not UTF-8","hint":"save it as CSV/ },
  { name: 'excel-ansi.csv', code: 3, ids: [], told: /is not UTF-8.*\(excel-ansi\.csv line 2\)|line 2: .*is not UTF-8/ },
  {
    name: 'excel-ids-as-numbers.csv',
    code: 3,
    ids: ['007'],
    told: /a spreadsheet rewrote the ID as the number 1\.23457E\+31 \(format the column as text.*line 2/,
  },
  {
    name: 'numbers-with-table-name.csv',
    code: 2,
    ids: [],
    told: /unknown column 'Table 1'","hint":"the first line must name the columns.*remove a title above them/,
  },
  {
    name: 'excel-utf8-german.csv',
    code: 2,
    ids: [],
    told: /unknown columns 'Bild-URL', 'Schlagwörter', 'Notiz'","hint":".*--map COLUMN=FIELD.*--other-columns ignore\|metadata/,
  },
  {
    name: 'pandas-to-csv.csv',
    code: 3,
    ids: ['a'],
    told: /concepts: the cell is not JSON \(.*json\.dumps\).*line 3[^]*metadata: the cell is not JSON \(.*json\.dumps\).*line 4/,
  },
] as const) {
  test(`what can not be read of the table ${name} is refused with what to do`, async (t) => {
    const result = await planTable(t, name);
    assert.deepEqual([result.code, result.inputs.map(({ id }) => id)], [code, ids]);
    assert.match(result.stderr, told);
  });
}

test('--other-columns ignore leaves columns out that are not known', async (t) => {
  const { inputs, code } = await planTable(t, 'google-sheets.csv', ['--other-columns', 'ignore']);
  assert.deepEqual(
    [code, inputs[0]?.['data']],
    [0, { text: { raw: 'first line\nsecond "line"' }, concepts: [{ id: 'hi there', value: 1 }] }],
  );
});

test('--map to metadata.KEY:json parses the cell, without it the cell is text, and an empty cell is left out', async (t) => {
  const world = await planningWorld(t);
  const stdin = 'url,A b,n,e\nhttps://x.test/a.jpg,1,"[1,{""x"":null}]",\n';
  const maps = ['a B=metadata.size.mm', 'n=metadata.n:json', 'e=metadata.e'].flatMap((map) => ['--map', map]);
  const { inputs, stderr } = await plan(world, ['--manifest', '-', ...maps], { stdin });
  assert.deepEqual(brief(inputs[0] ?? {}).at(3), { metadata: { 'size.mm': '1', n: [1, { x: null }] } }, stderr);
});

test('columns of coordinates and of metadata are known by their names; a decimal comma is read', async (t) => {
  const world = await planningWorld(t);
  const stdin = 'url;Latitude;longitude;metadata.Lens;metadata.n:json\nhttps://x.test/a.jpg;48,1374;-11,5755;x;5\n';
  const { inputs, stderr } = await plan(world, ['--manifest', '-'], { stdin });
  const expected = { metadata: { Lens: 'x', n: 5 }, geo: geo(-11.5755, 48.1374) };
  assert.deepEqual(brief(inputs[0] ?? {}).at(3), expected, stderr);
});

test('a bad row is told as one, with what to do', async (t) => {
  const world = await openWorld(t);
  const stdin = 'url,latitude,longitude\nhttps://x.test/a.jpg,N,5\n';
  const { stderr, stdout } = await world.cli(['add', '--manifest', '-'], { stdin });
  assert.match(stdout, /"name":"INVALID_ROW"/);
  assert.match(stderr, /failed: 1 with INVALID_ROW; hint: correct the row in its file, then run the command again/);
});

for (const [what, stdin, flags, told] of [
  ['a longitude without a latitude', 'url,x\nhttps://x.test/a,5\n', ['--map', 'x=longitude'], /geo: has no latitude/],
  [
    'a latitude that is not a number',
    'url,x,y\nhttps://x.test/a,5,N5\n',
    ['--map', 'x=longitude', '--map', 'y=latitude'],
    /'N5' is not a number/,
  ],
  ['a value beyond the header', 'url,\nhttps://x.test/a,b\n', [], /has a value in column 2, which has no name/],
  [
    'a concept whose value is out of range',
    'url,concepts\nhttps://x.test/a,dog=2\n',
    [],
    /the value of 'dog' is not a number from 0 to 1/,
  ],
  [
    'JSON that is none',
    'url,x\nhttps://x.test/a,{\n',
    ['--map', 'x=metadata.k:json'],
    /metadata\.k:json: the cell is not JSON/,
  ],
] as const) {
  test(`a row with ${what} is named by its line`, async (t) => {
    const world = await planningWorld(t);
    const { code, stderr } = await plan(world, ['--manifest', '-', ...flags], { stdin });
    assert.equal(code, 3);
    assert.match(stderr, told);
    assert.match(stderr, /line 2/);
  });
}

for (const argv of [
  ['--other-columns', 'ignore'],
  ['--map', 'a=id'],
]) {
  test(`add ${argv.join(' ')} without --manifest is exit 2`, async (t) => {
    const world = await planningWorld(t);
    const { code, stderr } = await world.cli(['add', 'https://x.test/a.jpg', ...argv]);
    assert.equal(code, 2);
    assert.match(stderr, /is only supported with --manifest/);
  });
}
