import assert from 'node:assert/strict';
import test from 'node:test';
import {
  conceptText,
  geoPoint,
  mergeConcepts,
  parseConcept,
  parseConceptFlag,
  parseGeo,
  parseMeta,
  parseMetadata,
} from '../../../src/core/model/payload.js';
import { UsageError } from '../../../src/errors.js';

const concepts: readonly (readonly [string, string, number])[] = [
  ['dog', 'dog', 1],
  ['dog=1', 'dog', 1],
  ['dog=0', 'dog', 0],
  ['a=b', 'a=b', 1],
  ['a=b=0', 'a=b', 0],
  ['dog=01', 'dog', 1],
  ['dog=0.25', 'dog', 0.25],
  ['dog=2=1', 'dog=2', 1],
  [' cat ', 'cat', 1],
  ['dog = 0', 'dog', 0],
  ['cafe\u0301', 'caf\u00e9', 1],
  ['dog=1=1', 'dog=1', 1],
  ['=x', '=x', 1],
  ['-q', '-q', 1],
  ['Hund & Katze', 'Hund & Katze', 1],
  ['two\nlines=0', 'two\nlines', 0],
];

for (const [text, id, value] of concepts) {
  test(`concept ${JSON.stringify(text)} is ${JSON.stringify(id)}, ${value === 1 ? 'present' : 'absent'}`, () => {
    assert.deepEqual(parseConcept(text), { id, value });
  });
}

test('a concept without a name is refused', () => {
  for (const text of ['', ' ', '=1', '=0', ' =0']) assert.throws(() => parseConcept(text), UsageError, text);
});

test('a number after the last = that is not a value from 0 to 1 is refused, with what to write', () => {
  for (const text of ['dog=2', 'dog=-1', 'dog=1e3', 'dog=1.5'])
    assert.throws(() => parseConcept(text), /dog=.* from 0 to 1/);
});

test('a flag says that a concept is present or absent, and nothing between', () => {
  for (const text of ['dog=2', 'dog=0.5', 'dog=01', 'dog=1.0']) {
    assert.throws(() => parseConceptFlag(text), /1 \(present\) or 0 \(absent\)/, text);
  }
  assert.deepEqual(parseConceptFlag('dog=2=1'), { id: 'dog=2', value: 1 });
  assert.deepEqual(parseConceptFlag(' dog=0'), { id: 'dog', value: 0 });
  assert.deepEqual(parseConceptFlag('a=b'), { id: 'a=b', value: 1 });
});

test('a concept that is written is read back the same', () => {
  for (const [, id, value] of concepts) assert.deepEqual(parseConcept(conceptText(id, value)), { id, value });
  assert.equal(conceptText('dog', 1), 'dog', 'as short as it can be');
});

test('where two lists speak of one concept, the later one wins', () => {
  const merged = mergeConcepts([parseConcept('a'), parseConcept('b')], [parseConcept('a=0')], []);
  assert.deepEqual(merged, [
    { id: 'a', value: 0 },
    { id: 'b', value: 1 },
  ]);
});

const points: readonly (readonly [string, number, number])[] = [
  ['-30,40', -30, 40],
  ['-30.5, 40.25', -30.5, 40.25],
  ['+1.,.5', 1, 0.5],
  ['1e1,-2E0', 10, -2],
  ['180,90', 180, 90],
  ['-180,-90', -180, -90],
];

for (const [text, longitude, latitude] of points) {
  test(`geo '${text}' is longitude ${longitude}, latitude ${latitude}`, () => {
    assert.deepEqual(parseGeo(text), { geo_point: { longitude, latitude } });
  });
}

for (const text of ['', '1', '1,2,3', 'a,b', '1,', ',2', '1;2', '0x10,2', '1 2,3', 'NaN,1', 'Infinity,1', '181,0']) {
  test(`geo '${text}' is refused`, () => {
    assert.throws(() => parseGeo(text), UsageError);
  });
}

test('a latitude beyond 90 hints that the longitude comes first', () => {
  assert.throws(
    () => parseGeo('40,-100'),
    (error) => error instanceof UsageError && error.hint === 'the longitude comes first',
  );
  assert.throws(() => geoPoint(NaN, 0), UsageError);
});

test('metadata is a JSON object and nothing else', () => {
  assert.deepEqual(parseMetadata('{"a":{"b":[1]}}', 'here'), { a: { b: [1] } });
  for (const text of ['', '{', '[]', '"a"', '1', 'null', "{'a':1}"]) {
    assert.throws(
      () => parseMetadata(text, 'line 7'),
      (error) => error instanceof UsageError && error.message.startsWith('line 7 '),
      text,
    );
  }
});

test('a KEY=VALUE is a text under a top-level key, and only its first = counts', () => {
  assert.deepEqual(parseMeta('camera=left'), { camera: 'left' });
  assert.deepEqual(parseMeta('a=b=c'), { a: 'b=c' });
  assert.deepEqual(parseMeta('a='), { a: '' });
  assert.deepEqual(parseMeta('n=1'), { n: '1' });
  assert.deepEqual(parseMeta('a.b=1'), { 'a.b': '1' });
  assert.deepEqual(Object.keys(parseMeta('__proto__=x')), ['__proto__']);
  for (const text of ['', 'a', '=b']) assert.throws(() => parseMeta(text), UsageError, text);
});
