import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { TagInput } from '../../../src/core/tag/input.js';
import {
  arrived,
  conceptsKnown,
  current,
  emptyTagging,
  ended,
  saveFailed,
  type TagChange,
  type Tagging,
} from '../../../src/core/tag/state.js';
import { pressed } from '../../../src/core/tag/keys.js';

function input(id: string, tags: Readonly<Record<string, 1 | 0>> = {}): TagInput {
  const concepts = Object.keys(tags).map((concept) => ({ id: concept, name: concept }));
  return { id, place: '', media: undefined, facts: '', concepts, tags: new Map(Object.entries(tags)) };
}

function tagging(...inputs: readonly TagInput[]): Tagging {
  const known = conceptsKnown(emptyTagging, [
    { id: 'dog', name: 'dog' },
    { id: 'cat', name: 'cat' },
  ]);
  return ended(arrived(known, inputs));
}

const named = new Set(['enter', 'up', 'down', 'escape', 'backspace', 'space']);

/** Presses keys, one a word; of what is no name of a key, each character. */
function press(start: Tagging, keys: string): { readonly state: Tagging; readonly changes: readonly TagChange[] } {
  const changes: TagChange[] = [];
  let state = start;
  for (const key of keys.split(' ').flatMap((word) => (named.has(word) ? [word] : Array.from(word)))) {
    const step = pressed(
      state,
      key === 'space' ? { name: 'space', typed: ' ' } : { name: key, typed: named.has(key) ? '' : key },
    );
    state = step.state;
    if (step.change !== undefined) changes.push(step.change);
  }
  return { state, changes };
}

const plain = (changes: readonly TagChange[]): unknown => changes.map(({ id, set, off }) => [id, [...set], off]);

test('a key turns its concept through present, absent and none', () => {
  const states = ['1', '11', '111'].map((keys) => current(press(tagging(input('a')), keys).state)?.tags.get('dog'));
  assert.deepEqual(states, [1, 0, undefined]);
});

test('what is left is sent as the difference alone', () => {
  const start = tagging(input('a', { dog: 1 }), input('b'), input('c', { cat: 0 }));
  const { state, changes } = press(start, '2 enter enter 2 enter');
  assert.deepEqual(plain(changes), [
    ['a', [['cat', 1]], []],
    ['c', [], ['cat']],
  ]);
  assert.equal(current(state), undefined);
});

test('space turns the marked line, and up and down move the mark', () => {
  const { changes } = press(tagging(input('a')), 'down space up space space enter');
  assert.deepEqual(plain(changes), [
    [
      'a',
      [
        ['cat', 1],
        ['dog', 0],
      ],
      [],
    ],
  ]);
});

test('skip leaves an input as it came', () => {
  const { state, changes } = press(tagging(input('a'), input('b')), '1 s');
  assert.deepEqual([changes, current(state)?.input.id], [[], 'b']);
  assert.equal(current(press(state, 'b').state)?.tags.size, 0);
});

test('back shows what was sent, and saves what was changed before it', () => {
  const { state, changes } = press(tagging(input('a'), input('b')), '1 enter 2 b');
  assert.deepEqual(plain(changes), [
    ['a', [['dog', 1]], []],
    ['b', [['cat', 1]], []],
  ]);
  assert.equal(current(state)?.tags.get('dog'), 1);
});

test('undo takes back one turn, then the leaving of the input before, as a change of its own', () => {
  const left = press(tagging(input('a'), input('b')), '1 2 enter 1');
  const { state, changes } = press(left.state, 'u u');
  assert.equal(current(state)?.input.id, 'a');
  assert.deepEqual(plain(changes), [['a', [], ['dog', 'cat']]]);
  assert.deepEqual(press(state, 'u').changes, []);
});

test('undo brings back what a skip threw away no more than it was', () => {
  const { state } = press(tagging(input('a'), input('b')), '1 s u');
  assert.deepEqual([current(state)?.input.id, current(state)?.tags.size], ['a', 0]);
});

test('+ finds a concept by what is typed, and gives it a key', () => {
  const start = conceptsKnown(
    tagging(input('a')),
    Array.from({ length: 30 }, (_, n) => ({ id: `c${n}`, name: n === 20 ? 'Zebra' : `thing ${n}` })),
  );
  const { state, changes } = press(start, '+zeb enter enter');
  assert.deepEqual(plain(changes), [['a', [['c20', 1]], []]]);
  assert.equal(state.list.concepts[0]?.name, 'Zebra');
});

test('+ adds a concept that the app has not, and escape adds none', () => {
  const { state, changes } = press(tagging(input('a'), input('b')), '+new space one enter enter + x escape enter');
  assert.deepEqual(plain(changes), [['a', [['new one', 1]], []]]);
  assert.equal(state.list.concepts.length, 3);
});

test('while a concept is looked for, letters are letters', () => {
  const { state, changes } = press(tagging(input('a')), '+qsbu? backspace 1');
  assert.deepEqual([state.done, state.search?.text, changes], [false, 'qsbu1', []]);
});

test('backspace takes back a whole sign, however many code points it has', () => {
  const signs = ['👩‍🚀', 'é', '犬'].map((sign) => {
    const typed = press(tagging(input('a')), '+').state;
    const { state } = pressed(typed, { name: 'x', typed: `c${sign}` });
    return press(state, 'backspace').state.search?.text;
  });
  assert.deepEqual(signs, ['c', 'c', 'c']);
});

test('backspace on nothing leaves nothing', () => {
  assert.equal(press(tagging(input('a')), '+ backspace').state.search?.text, '');
});

test('up goes from the first of what is offered to the last', () => {
  const { state } = press(tagging(input('a')), '+ up enter');
  assert.deepEqual([...(current(state)?.tags ?? [])], [['cat', 1]]);
});

test('enter with nothing offered adds nothing', () => {
  const { state } = press(ended(arrived(emptyTagging, [input('a')])), '+ enter');
  assert.deepEqual([state.search, current(state)?.tags.size], [undefined, 0]);
});

test('q saves what is on the screen and ends', () => {
  const { state, changes } = press(tagging(input('a'), input('b')), '1 q 2');
  assert.deepEqual([state.done, plain(changes)], [true, [['a', [['dog', 1]], []]]]);
});

test('the last enter ends only after a question', () => {
  const { state } = press(tagging(input('a')), 'enter');
  assert.equal(state.done, false);
  assert.equal(press(state, 'enter').state.done, true);
});

test('what could not be saved is sent again when the input is left again', () => {
  const first = press(tagging(input('a', { cat: 1 }), input('b')), '1 2 2 enter');
  const [change] = first.changes;
  assert.ok(change);
  const again = press(saveFailed(first.state, change), 'b enter');
  assert.deepEqual(plain(again.changes), plain(first.changes));
  assert.deepEqual(press(again.state, 'b enter').changes, []);
});

test('inputs that come later wait behind those that are there', () => {
  const start = arrived(emptyTagging, [input('a', { dog: 1 })]);
  const { state } = press(start, 'enter enter');
  assert.equal(state.done, false);
  assert.equal(current(arrived(state, [input('b')]))?.input.id, 'b');
});

test('whatever is pressed, what was sent and not taken back is what is seen', () => {
  const keys = fc.array(fc.constantFrom('1', '2', 'enter', 's', 'b', 'u', 'down', 'space', '+', 'dog', 'escape', '?'));
  const inputs = [input('a', { dog: 1 }), input('b', { cat: 0 }), input('c')];
  fc.assert(
    fc.property(keys, (words) => {
      const { state, changes } = press(tagging(...inputs), [...words, 'escape', 'q'].join(' '));
      for (const sheet of state.sheets) {
        const sent = new Map(sheet.input.tags);
        for (const { set, off } of changes.filter(({ id }) => id === sheet.input.id)) {
          for (const [concept, value] of set) sent.set(concept, value);
          for (const concept of off) sent.delete(concept);
        }
        assert.deepEqual(new Map([...sent].toSorted()), new Map([...sheet.tags].toSorted()));
      }
    }),
  );
});
