import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { IdTable } from '../../../src/core/ids/id-table.js';

const hex = fc
  .array(fc.integer({ min: 0, max: 15 }), { minLength: 32, maxLength: 32 })
  .map((digits) => digits.map((digit) => digit.toString(16)).join(''));

test('ids of any kind are numbered in their order, and found again with their first source', () => {
  const named = fc.tuple(fc.oneof(hex, fc.string(), fc.constantFrom('', '1:a', 'a')), fc.string({ unit: 'grapheme' }));
  fc.assert(
    fc.property(fc.array(named), (pairs) => {
      const table = new IdTable();
      const first = new Map<string, string>();
      for (const [id, source] of pairs) {
        table.add(id, source);
        if (!first.has(id)) first.set(id, source);
      }
      const got = Array.from({ length: table.size }, (_, number) => [table.idAt(number), table.sourceAt(number)]);
      assert.deepEqual(got, [...first]);
      for (const [number, id] of [...first.keys()].entries()) assert.equal(table.find(id), number);
    }),
  );
});

test('an id that was never added is not found, even if it is the hash that stands for another', () => {
  const table = new IdTable();
  table.add('photo-1', 'a.jpg');
  const key = createHash('sha256').update('photo-1').digest('hex').slice(0, 32);
  assert.equal(table.find(key), undefined);
  assert.equal(table.add(key, 'b.jpg'), 1);
  assert.equal(table.find('photo-2'), undefined);
});

test('ids that count up in hex are spread as others are: a hundred thousand take no second', () => {
  const table = new IdTable();
  const begun = performance.now();
  for (let n = 0; n < 100_000; n += 1) table.add(n.toString(16).padStart(32, '0'), '');
  assert.equal(table.find((99_999).toString(16).padStart(32, '0')), 99_999);
  assert.ok(performance.now() - begun < 3000);
});

test('a source of several megabytes is kept whole', () => {
  const table = new IdTable();
  const long = 'é'.repeat(2_000_000);
  table.add('a', 'short');
  table.add('b', long);
  table.add('c', 'after');
  assert.deepEqual(
    [0, 1, 2].map((number) => table.sourceAt(number)),
    ['short', long, 'after'],
  );
});
