import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { chunksOf, IdList } from '../../../src/core/ids/id-list.js';

test('a list of ids has each once, in the order in which they came, and finds its place', () => {
  const id = fc.oneof(fc.constantFrom('a', 'b', '0'.repeat(32)), fc.string({ minLength: 1 }), fc.uuid());
  fc.assert(
    fc.property(fc.array(id), (given) => {
      const list = new IdList();
      for (const one of given) list.add(one);
      const expected = [...new Set(given)];
      assert.deepEqual([...list], expected);
      assert.equal(list.size, expected.length);
      assert.deepEqual(
        expected.map((one) => list.placeOf(one)),
        expected.map((_, place) => place),
      );
      assert.equal(list.placeOf('never added'), undefined);
    }),
  );
});

test('what is iterable is cut into lists of so many, only the last of them shorter', () => {
  assert.deepEqual([...chunksOf([1, 2, 3, 4, 5], 2)], [[1, 2], [3, 4], [5]]);
  assert.deepEqual([...chunksOf([1, 2], 2)], [[1, 2]]);
  assert.deepEqual([...chunksOf([], 2)], []);
});
