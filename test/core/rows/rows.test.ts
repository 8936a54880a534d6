import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fieldsFor } from '../../../src/core/rows/row-fields.js';
import { readIds } from '../../../src/core/rows/id-rows.js';
import { rows } from '../../../src/core/rows/rows.js';
import type { Row, RowSchema } from '../../../src/core/rows/schema.js';
import { UsageError } from '../../../src/errors.js';

const schema: RowSchema = { name: 'stdin', known: fieldsFor(['id', 'concepts', 'metadata', 'data']), required: ['id'] };

/** A text in pieces of so many characters. */
async function* pieces(text: string, size = 3): AsyncGenerator<string> {
  await Promise.resolve();
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
}

async function read(text: string, name = 'stdin'): Promise<readonly Row[]> {
  const all: Row[] = [];
  for await (const row of rows(pieces(text), { ...schema, name })) all.push(row);
  return all;
}

async function idsOf(text: string): Promise<readonly string[]> {
  const all: string[] = [];
  for await (const id of readIds(pieces(text), 'stdin')) all.push(id);
  return all;
}

function brief(all: readonly Row[]): readonly unknown[] {
  return all.map(({ line, fields, problem }) => [line, fields.id, problem]);
}

test('a JSON array is read element by element, each with the line where it begins', async () => {
  const text = '[\n  {"id":"a","metadata":{"x":"]},[\\"{"}},\n\n  {\n  "id": "b"\n},{"id":"c"}\n]\n';
  assert.deepEqual(brief(await read(text)), [
    [2, 'a', undefined],
    [4, 'b', undefined],
    [6, 'c', undefined],
  ]);
});

test('several arrays may follow one another, and an empty one has no rows', async () => {
  assert.deepEqual(brief(await read('[{"id":"a"}]\n[]\n[{"id":"b"}]')), [
    [1, 'a', undefined],
    [3, 'b', undefined],
  ]);
});

test('a bad element of an array is named by its line and stops no other', async () => {
  assert.deepEqual(brief(await read('[{"id":"a",},\n3,\n{"id":"b"}]')), [
    [1, undefined, 'is not JSON'],
    [2, undefined, 'is JSON, but not an object'],
    [3, 'b', undefined],
  ]);
});

test('an array that is cut short, and what follows an array, are told by line', async () => {
  assert.deepEqual(brief(await read('[{"id":"a"},\n{"id":"b"')), [
    [1, 'a', undefined],
    [2, undefined, 'begins in a JSON array that is never closed'],
  ]);
  assert.deepEqual(brief(await read('[{"id":"a"}]\nmore')), [
    [1, 'a', undefined],
    [2, undefined, 'follows the end of a JSON array; it was not read'],
  ]);
});

test('an array of 200 MB passes through little memory', async () => {
  const row = JSON.stringify({ concepts: [], metadata: { note: 'x'.repeat(1000) } });
  async function* array(): AsyncGenerator<string> {
    await Promise.resolve();
    yield '[';
    for (let index = 0; index < 2000; index += 1) yield `{"id":"a${index}",${row.slice(1)},`.repeat(100);
    yield '{"id":"last"}]';
  }
  let count = 0;
  let peak = 0;
  for await (const read of rows(array(), schema)) {
    assert.equal(read.problem, undefined);
    count += 1;
    if (count % 20_000 === 0) peak = Math.max(peak, process.memoryUsage().heapUsed);
  }
  assert.equal(count, 200_001);
  assert.ok(peak < 100e6, `${peak} bytes of heap`);
});

test('an input as the API prints it is a row: fields beside its data win, read-only and new ones pass', async () => {
  const input = {
    id: 'a',
    created_at: '2026-01-01T00:00:00Z',
    something_new: 1,
    metadata: { own: 1 },
    data: { concepts: [{ id: 'x', name: 'X', app_id: 'main', value: 0.5 }], metadata: { printed: 1 } },
  };
  const [row] = await read(JSON.stringify(input));
  assert.equal(row?.problem, undefined);
  assert.deepEqual(row?.fields, { id: 'a', concepts: [{ id: 'x', name: 'X', value: 0.5 }], metadata: { own: 1 } });
});

test('a field of a row that is not an input of the API must be known', async () => {
  const [row] = await read('{"id":"a","concept":["x"]}');
  assert.equal(row?.problem, "has unknown field 'concept'; known are id, concepts, metadata");
});

test('empty fields are told apart from those that are not there', async () => {
  const [json] = await read('{"id":"a","metadata":null,"data":{"concepts":[]}}');
  assert.deepEqual([...(json?.cleared ?? [])].toSorted(), ['concepts', 'metadata']);
  const [csv] = await read('id,concepts\na,\n');
  assert.deepEqual([...(csv?.cleared ?? [])], ['concepts']);
});

test('integers that a double can not hold are told as they are written', async () => {
  const [row] = await read('{"id":"a","metadata":{"n":9007199254740993,"m":9007199254740992,"t":"9007199254740993"}}');
  assert.deepEqual(row?.inexactNumbers, ['9007199254740993']);
  const [cell] = await read('id,metadata\na,"{""n"":1546130668394913822}"\n');
  assert.deepEqual(cell?.inexactNumbers, ['1546130668394913822']);
});

for (const [what, text] of [
  ['lines', ' a \n\nb\r\n'],
  ['NDJSON', '{"id":"a","data":{}}\n{"id":"b"}\n'],
  ['lines and NDJSON', 'a\n{"id":"b"}\n'],
  ['a JSON array', '[\n{"id":"a"},\n{"id":"b","status":{}}\n]\n'],
  ['CSV as list prints it', 'id,type,status,concepts\na,image,30000 ok,"x;y"\nb,image,,\n'],
  ['CSV of another program', '\ufefftype;ID;what\r\nimage;a;1\r\nimage;b;2\r\n'],
] as const) {
  test(`ids are read from ${what}`, async () => {
    assert.deepEqual(await idsOf(text), ['a', 'b']);
  });
}

test('an id that is spelled as a header is an id', async () => {
  assert.deepEqual(await idsOf('id\nb\n'), ['id', 'b']);
});

for (const [text, told] of [
  ['a\n{"name":"b"}\n', /^stdin line 2 has no id$/],
  ['[{"id":"a"},\n{"id":null}]', /^stdin line 2 has no id$/],
  ['id,type\na,image\n,image\n', /^stdin line 3 has no id$/],
  ['id,type\n1.23E+31,image\n', /^stdin line 2 id: a spreadsheet rewrote the ID/],
] as const) {
  test(`a row without an id is named by its line: ${JSON.stringify(text)}`, async () => {
    await assert.rejects(idsOf(text), (error) => error instanceof UsageError && told.test(error.message));
  });
}

for (const [concepts, expected] of [
  [
    ' cat ; dog=0;e=0.25 ',
    [
      ['cat', 1],
      ['dog', 0],
      ['e', 0.25],
    ],
  ],
  [
    'a=b;e\u0301',
    [
      ['a=b', 1],
      ['\u00e9', 1],
    ],
  ],
  [
    '["a;b","c=0",{"id":" d=1 ","value":0.5}]',
    [
      ['a;b', 1],
      ['c', 0],
      [' d=1 ', 0.5],
    ],
  ],
] as const) {
  test(`a cell of concepts: ${concepts}`, async () => {
    const [row] = await read(`id,concepts\na,"${concepts.replaceAll('"', '""')}"\n`);
    assert.equal(row?.problem, undefined);
    assert.deepEqual(
      row?.fields.concepts?.map(({ id, value }) => [id, value]),
      expected,
    );
  });
}
