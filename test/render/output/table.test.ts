import assert from 'node:assert/strict';
import stringWidth from 'string-width';
import test from 'node:test';
import { tableLines } from '../../../src/render/output/table.js';
import { truncated } from '../../../src/render/text-width.js';

test('columns are aligned, wide characters counted as two places', () => {
  const text = tableLines(
    [
      ['ID', 'NAME'],
      ['1', '日本'],
      ['22', 'x'],
    ],
    80,
  );
  assert.equal(text, 'ID  NAME\n1   日本\n22  x\n');
});

test('no line is wider than the terminal, and the widest column gives way first', () => {
  const rows = [
    ['short', 'x'.repeat(100), 'y'.repeat(30)],
    ['id', '日'.repeat(60), 'z'],
  ];
  const lines = tableLines(rows, 60).trimEnd().split('\n');
  for (const line of lines) assert.ok(stringWidth(line) <= 60, line);
  assert.match(lines[0] ?? '', /^short {2}x+… {2}y+…?$/);
});

test('on a very narrow terminal each column keeps a few places', () => {
  assert.equal(tableLines([['aaaaaaaaaa', 'bbbbbbbbbb']], 5), 'aaaaa…  bbbbb…\n');
});

test('a text is cut between what a person sees as characters', () => {
  assert.equal(truncated('abc', 3), 'abc');
  assert.equal(truncated('abcd', 3), 'ab…');
  assert.equal(truncated('日本語', 4), '日…');
  assert.equal(truncated('e\u0301e\u0301e\u0301', 2), 'e\u0301…');
});
