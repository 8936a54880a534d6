import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addKnown, orderConcepts, suggest, suggestKnown } from '../../../src/core/tag/concepts.js';

const concept = (id: string, name = id): { readonly id: string; readonly name: string } => ({ id, name });

test('pinned concepts come first in their order, then the known ones by name', () => {
  const known = ['thing 10', 'zebra', 'Ape', 'thing 9', 'dog'].map((name) => concept(`id of ${name}`, name));
  const list = orderConcepts(['zebra', 'new', 'id of dog', 'zebra'], known);
  assert.deepEqual(
    list.map(({ id }) => id),
    ['id of zebra', 'new', 'id of dog', 'id of Ape', 'id of thing 9', 'id of thing 10'],
  );
});

test('the order of the known ones does not depend on how they came', () => {
  const known = [concept('2', 'same'), concept('b'), concept('1', 'same'), concept('a')];
  assert.deepEqual(orderConcepts([], known), orderConcepts([], known.toReversed()));
});

test('a pinned id goes before a name that is spelled like it', () => {
  const list = orderConcepts(['x'], [concept('y', 'x'), concept('x', 'other')]);
  assert.deepEqual(list[0], concept('x', 'other'));
});

test('what is known already, or has no id, is not added', () => {
  const list = [concept('a')];
  assert.equal(addKnown(list, [concept('a', 'other'), concept('', 'none')]), list);
  assert.deepEqual(addKnown(list, [concept('b'), concept('b')]), [concept('a'), concept('b')]);
});

test('a text that is the name of a concept suggests no new one', () => {
  const list = [concept('c1', 'dog'), concept('c2', 'hot dog'), concept('c3', 'Dogma')];
  assert.deepEqual(
    suggest(list, ' dog ').map((suggestion) => suggestion.concept.id),
    ['c1', 'c3', 'c2'],
  );
  assert.deepEqual(suggest(list, 'do').at(-1), { concept: concept('do'), isNew: true });
  assert.deepEqual(suggestKnown(list, 'x'), []);
});
