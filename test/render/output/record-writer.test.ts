import assert from 'node:assert/strict';
import test from 'node:test';
import { DataOutput } from '../../../src/render/output/data-output.js';
import { csvLine } from '../../../src/render/output/csv-format.js';
import { RecordWriter, type RecordsOptions } from '../../../src/render/output/record-writer.js';
import type { JsonObject } from '../../../src/wire/json.js';
import { MemoryOutput, type OutputOptions } from '../../memory-streams.js';

const columns = ['id', 'note'].map((name) => ({ name, value: (record: JsonObject) => record[name] }));

async function written(
  pages: readonly (readonly JsonObject[])[],
  options: Partial<RecordsOptions> & Pick<RecordsOptions, 'form'>,
  terminal: OutputOptions = {},
): Promise<string> {
  const stream = new MemoryOutput(terminal);
  const output = new DataOutput(stream);
  const writer = new RecordWriter(output, { fields: undefined, columns, ...options });
  for (const page of pages) await writer.write(page);
  await writer.end();
  await output.written();
  return stream.text;
}

const pages = [[{ id: 'a', note: 'x' }, { id: 'b' }], [], [{ id: 'c', note: 'q"q' }]];

test('json is one array, however many pages there are, and empty where there are none', async () => {
  assert.deepEqual(JSON.parse(await written(pages, { form: 'json' })), pages.flat());
  assert.equal(await written([], { form: 'json' }), '[]\n');
});

test('ndjson is an object a line', async () => {
  const lines = (await written(pages, { form: 'ndjson' })).trimEnd().split('\n');
  assert.deepEqual(
    lines.map((line): unknown => JSON.parse(line)),
    pages.flat(),
  );
  assert.equal(await written([], { form: 'ndjson' }), '');
});

test('csv has its head once, even where nothing follows', async () => {
  assert.equal(await written(pages, { form: 'csv' }), 'id,note\na,x\nb,\nc,"q""q"\n');
  assert.equal(await written([], { form: 'csv' }), 'id,note\n');
});

test('ids are the ids, and a record without one has no line', async () => {
  assert.equal(await written([[{ id: 'a' }, { id: null }, { note: 'x' }, { id: 'b' }]], { form: 'ids' }), 'a\nb\n');
});

test('a table is aligned on a terminal, with one head, and separated by tabs elsewhere, with none', async () => {
  assert.equal(await written(pages, { form: 'table' }, { isTTY: true }), 'ID  NOTE\na   x\nb\nc   q"q\n');
  assert.equal(await written(pages, { form: 'table' }), 'a\tx\nb\t\nc\tq"q\n');
});

test('a cell that is not text is JSON, and tabs and line ends in it become spaces in a table', async () => {
  const page = [
    { id: 1, note: { a: [true] } },
    { id: false, note: 'two\nlines\there' },
  ];
  assert.equal(await written([page], { form: 'table' }), '1\t{"a":[true]}\nfalse\ttwo lines here\n');
});

test('fields are the columns, or what is left of each object', async () => {
  const page = [{ id: 'a', status: { code: 1, text: 'x' }, 'a.b': 2 }];
  const fields = ['status.code', 'nope.deep', 'id'];
  assert.equal(await written([page], { form: 'csv', fields }), 'status.code,nope.deep,id\n1,,a\n');
  assert.equal(await written([page], { form: 'ndjson', fields }), '{"status":{"code":1},"id":"a"}\n');
  const both = ['status.text', 'status.code'];
  assert.equal(await written([page], { form: 'ndjson', fields: both }), '{"status":{"text":"x","code":1}}\n');
});

test('control characters are data for a program, and never reach a terminal', async () => {
  const page = [{ id: 'a\u001b[2J', note: '\u202ex' }];
  assert.equal(await written([page], { form: 'ids' }), 'a\u001b[2J\n');
  assert.equal(await written([page], { form: 'csv' }), 'id,note\na\u001b[2J,\u202ex\n');
  for (const form of ['ids', 'csv', 'table', 'json', 'ndjson'] as const) {
    const text = await written([page], { form }, { isTTY: true });
    assert.ok(!text.includes('\u001b') && !text.includes('\u202e'), form);
  }
});

test('a cell of CSV is quoted where RFC 4180 wants it', () => {
  assert.equal(
    csvLine(['plain', 'a,b', 'say "hi"', 'two\nlines', ' space', '']),
    'plain,"a,b","say ""hi""","two\nlines"," space",\n',
  );
});

test('a reader that went away is noticed, and a disk that is full is an error', async () => {
  const closing = new MemoryOutput({ closesAfter: 1 });
  const left = new DataOutput(closing);
  const writer = new RecordWriter(left, { form: 'ids', fields: undefined, columns });
  for (const id of ['a', 'b', 'c']) {
    assert.equal(writer.closed, id === 'c');
    await writer.write([{ id }]);
    await left.written();
  }
  assert.equal(closing.text, 'a\n');
  const full = new MemoryOutput({});
  const output = new DataOutput(full);
  full.destroy(Object.assign(new Error('no space left on device'), { code: 'ENOSPC' }));
  await new Promise(setImmediate);
  await assert.rejects(output.write('x'), /standard output can't be written: no space left/);
});

test('what is written in one turn goes out at once, and what is much waits until it is taken', async () => {
  const stream = new MemoryOutput({});
  const output = new DataOutput(stream);
  const parts: string[] = [];
  stream.write = (text: string) => parts.push(text) > 0;
  for (const text of ['a', 'b', 'c']) await output.write(text);
  assert.deepEqual(parts, []);
  await output.written();
  assert.deepEqual(parts, ['abc']);
  await output.write('d'.repeat(100_000));
  assert.equal(parts.join('').length, 100_003);
});
