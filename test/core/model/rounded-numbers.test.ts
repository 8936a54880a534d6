import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { findRoundedNumbers } from '../../../src/core/model/rounded-numbers.js';

test('numbers that a double cannot hold are found as they are written, whatever stands in strings', () => {
  const json =
    '{"n":1546130668394913822,"list":[9007199254740993,-0.12345678901234567890],"s":"9007199254740993 \\" 1"}';
  assert.deepEqual(findRoundedNumbers(json), ['1546130668394913822', '9007199254740993', '-0.12345678901234567890']);
});

test('a number that is only written differently is not one of them', () => {
  assert.deepEqual(
    findRoundedNumbers('[0, -0, 0.0, 1.50, 15e-1, 1E3, 1e21, 100000000000000000000, 9007199254740992]'),
    [],
  );
});

test('a number too small for a double is found, one that is too large is refused elsewhere', () => {
  assert.deepEqual(findRoundedNumbers('[1e-999, 1e999, -1e999, 1e308]'), ['1e-999']);
});

test('whatever JavaScript writes is what it reads', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      assert.deepEqual(findRoundedNumbers(JSON.stringify(value)), []);
    }),
  );
});

test('of whole numbers just those are found that change', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 21n - 1n }), (number) => {
      const found = String(Number(number)) === String(number) ? [] : [String(number)];
      assert.deepEqual(findRoundedNumbers(String(number)), found);
    }),
  );
});
