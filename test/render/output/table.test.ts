import assert from 'node:assert/strict';
import stringWidth from 'string-width';
import test from 'node:test';
import { Table } from '../../../src/render/output/table.js';
import { truncate } from '../../../src/render/text-width.js';

test('columns are aligned, wide characters counted as two places', () => {
  const rows = [
    ['ID', 'NAME'],
    ['1', '日本'],
    ['22', 'x'],
  ];
  assert.equal(new Table(['never', 'last'], ['ID', 'NAME']).page(rows, 80), 'ID  NAME\n1   日本\n22  x\n');
});

test('no line is wider than the terminal, and the widest column gives way first', () => {
  const rows = [
    ['short', 'x'.repeat(100), 'y'.repeat(30)],
    ['id', '日'.repeat(60), 'z'],
  ];
  const lines = new Table(['never', 'last', 'last'], []).page(rows, 60).trimEnd().split('\n');
  for (const line of lines) assert.ok(stringWidth(line) <= 60, line);
  assert.match(lines[0] ?? '', /^short {2}x+… {2}y+…?$/);
});

test('the time gives way before the status, the status before the rest, and the id never does', () => {
  const id = 'a'.repeat(32);
  const row = [id, 'image', '30000 Download complete', 'dog;cat', '2026-11-26T03:38:48Z'];
  const titles = ['ID', 'TYPE', 'STATUS', 'CONCEPTS', 'CREATED_AT'];
  const lines = (width: number): string =>
    new Table(['never', 'last', 'second', 'last', 'first'], titles).page([row], width);
  assert.equal(lines(90), `${id}  image  30000 Download complete  dog;cat   2026-11-26T03…\n`);
  assert.equal(lines(80), `${id}  image  30000 Download complete  dog;cat\n`);
  assert.equal(lines(60), `${id}  image  30000 Do…  dog;cat\n`);
  assert.equal(lines(40), `${id}  30000…\n`);
  assert.equal(lines(20), `${id}\n`);
});

test('a long address does not push the words of a status away, and no title is cut', () => {
  const row = ['a'.repeat(32), 'image', '30000 Download complete', 'x'.repeat(90), '2026-11-26T03:38:48Z'];
  const titles = ['ID', 'TYPE', 'STATUS', 'URL', 'CREATED_AT'];
  const table = new Table(['never', 'last', 'second', 'last', 'first'], titles);
  assert.match(table.page([row], 100), /^a+ {2}image {2}30000 Download complete {2}x{33}…\n$/);
  const narrow = new Table(['last', 'never'], ['OUTCOME', 'ID']);
  assert.equal(
    narrow.page(
      [
        ['OUTCOME', 'ID'],
        ['done', 'b'.repeat(10)],
      ],
      12,
    ),
    `OUTCOME  ID\ndone     ${'b'.repeat(10)}\n`,
  );
});

test('what comes later stands below what came before, whatever its width', () => {
  const table = new Table(['never', 'last'], []);
  assert.equal(table.page([['long-id', 'x']], 80), 'long-id  x\n');
  assert.equal(table.page([['a', 'y']], 80), 'a        y\n');
});

test('a text is cut between what a person sees as characters', () => {
  assert.equal(truncate('abc', 3), 'abc');
  assert.equal(truncate('abcd', 3), 'ab…');
  assert.equal(truncate('日本語', 4), '日…');
  assert.equal(truncate('e\u0301e\u0301e\u0301', 2), 'e\u0301…');
});
