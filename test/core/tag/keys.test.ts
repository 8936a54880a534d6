import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { TagInput } from '../../../src/core/tag/input.js';
import {
  acceptSaved,
  addInputs,
  addMissing,
  unsavedChanges,
  addConcepts,
  countProgress,
  current,
  emptyTagging,
  endInputs,
  markUnconfirmed,
  type TagChange,
  type TaggingState,
} from '../../../src/core/tag/state.js';
import { handleKey } from '../../../src/core/tag/keys.js';

function input(id: string, tags: Readonly<Record<string, 1 | 0>> = {}): TagInput {
  const concepts = Object.keys(tags).map((concept) => ({ id: concept, name: concept }));
  return { id, place: '', media: undefined, facts: '', concepts, tags: new Map(Object.entries(tags)) };
}

function tagging(...inputs: readonly TagInput[]): TaggingState {
  const known = addConcepts(emptyTagging, [
    { id: 'dog', name: 'dog' },
    { id: 'cat', name: 'cat' },
  ]);
  return endInputs(addInputs(known, inputs));
}

const named = new Set(['enter', 'up', 'down', 'escape', 'backspace', 'space']);

/** Presses keys, one a word; a word that does not name a key is typed character by character. */
function press(
  start: TaggingState,
  keys: string,
): { readonly state: TaggingState; readonly changes: readonly TagChange[] } {
  const changes: TagChange[] = [];
  let state = start;
  for (const key of keys.split(' ').flatMap((word) => (named.has(word) ? [word] : Array.from(word)))) {
    const step = handleKey(
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

test('undo takes back one mark after the other, and never goes to another input', () => {
  const left = press(tagging(input('a'), input('b')), '1 2 enter 1');
  const { state, changes } = press(left.state, 'u u u');
  assert.deepEqual([current(state)?.input.id, current(state)?.tags.size, changes], ['b', 0, []]);
  assert.equal(state.notice?.kind, 'nothing-to-undo');
});

test('undo takes back marks that were saved, once one went back to them', () => {
  const { state, changes } = press(tagging(input('a'), input('b')), '1 2 enter b u u enter');
  assert.equal(current(state)?.input.id, 'b');
  assert.deepEqual(plain(changes.slice(1)), [['a', [], ['dog', 'cat']]]);
});

test('skip says how many marks it drops, and undo there brings them back', () => {
  const { state } = press(tagging(input('a'), input('b')), '1 2 s');
  assert.deepEqual(state.notice, { kind: 'skipped', id: 'a', droppedMarks: 2 });
  assert.equal(state.inputs[0]?.visit, 'skipped');
  assert.equal(current(press(state, 'b u').state)?.tags.size, 2);
  assert.equal(press(state, 'b u enter').state.inputs[0]?.visit, 'sent');
  assert.equal(press(state, 'b enter').state.inputs[0]?.visit, 'unchanged');
});

test('each input is counted once, whatever the way through them', () => {
  const start = tagging(input('a'), input('b'), input('c'), input('d'));
  const counted = (keys: string): unknown => countProgress(press(start, keys).state);
  assert.deepEqual(counted('1 enter'), { left: 3, unchanged: 0, skipped: 0 });
  assert.deepEqual(counted('1 q'), { left: 3, unchanged: 0, skipped: 0 });
  assert.deepEqual(counted('q'), { left: 4, unchanged: 0, skipped: 0 });
  assert.deepEqual(counted('enter s b b'), { left: 2, unchanged: 1, skipped: 1 });
  assert.deepEqual(counted('1 enter b s b enter'), { left: 3, unchanged: 0, skipped: 0 });
  assert.deepEqual(counted('s s b 1 b'), { left: 2, unchanged: 0, skipped: 1 });
});

test('. gives the input what the last changed one got, as one mark to undo', () => {
  const start = tagging(input('a', { fox: 1 }), input('b', { fox: 0, dog: 0 }), input('c'));
  const { state, changes } = press(start, '1 2 3 3 enter . enter . u');
  assert.deepEqual(plain(changes), [
    [
      'a',
      [
        ['dog', 1],
        ['cat', 1],
      ],
      ['fox'],
    ],
    [
      'b',
      [
        ['dog', 1],
        ['cat', 1],
      ],
      ['fox'],
    ],
  ]);
  assert.deepEqual([current(state)?.input.id, current(state)?.tags.size], ['c', 0]);
  assert.equal(press(tagging(input('a')), '.').state.notice?.kind, 'nothing-to-repeat');
});

test('. passes over inputs that were left as they were', () => {
  const { state } = press(tagging(input('a'), input('b'), input('c')), '1 enter enter .');
  assert.deepEqual([...(current(state)?.tags ?? [])], [['dog', 1]]);
});

test('/ moves the mark to a concept by its name, and adds none', () => {
  const { state, changes } = press(tagging(input('a')), '/ca enter space enter /nosuch enter');
  assert.deepEqual(plain(changes), [['a', [['cat', 1]], []]]);
  assert.equal(state.list.length, 2);
  assert.equal(press(tagging(input('a')), '/nosuch enter').state.list.length, 2);
});

test('with the help open, a key does what the help says of it', () => {
  const helped = press(tagging(input('a'), input('b')), '?').state;
  assert.equal(helped.showsKeys, true);
  assert.equal(press(helped, 'q').state.done, true);
  assert.equal(current(press(helped, '1').state)?.tags.get('dog'), 1);
  for (const key of ['?', 'escape', 'enter']) assert.equal(press(helped, key).state.showsKeys, false);
});

test('+ finds a concept by what is typed, and no key changes', () => {
  const start = addConcepts(
    tagging(input('a')),
    Array.from({ length: 30 }, (_, n) => ({ id: `c${n}`, name: n === 20 ? 'Zebra' : `thing ${n}` })),
  );
  const { state, changes } = press(start, '+zeb enter enter');
  assert.deepEqual(plain(changes), [['a', [['c20', 1]], []]]);
  assert.deepEqual(state.list, start.list);
  assert.equal(state.list[state.marked]?.name, 'Zebra');
});

test('+ adds a concept that the app has not, and escape adds none', () => {
  const { state, changes } = press(tagging(input('a'), input('b')), '+new space one enter enter + x escape enter');
  assert.deepEqual(plain(changes), [['a', [['new one', 1]], []]]);
  assert.deepEqual(
    state.list.map(({ name }) => name),
    ['dog', 'cat', 'new one'],
  );
});

test('while a concept is looked for, letters are letters', () => {
  const { state, changes } = press(tagging(input('a')), '+qsbu? backspace 1');
  assert.deepEqual([state.done, state.search?.text, changes], [false, 'qsbu1', []]);
});

test('backspace takes back a whole sign, however many code points it has', () => {
  const signs = ['👩‍🚀', 'é', '犬'].map((sign) => {
    const typed = press(tagging(input('a')), '+').state;
    const { state } = handleKey(typed, { name: 'x', typed: `c${sign}` });
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
  const { state } = press(endInputs(addInputs(emptyTagging, [input('a')])), '+ enter');
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
  const again = press(markUnconfirmed(first.state, change), 'b enter');
  assert.deepEqual(plain(again.changes), plain(first.changes));
  assert.deepEqual(press(again.state, 'b enter').changes, []);
});

test('inputs that come later wait behind those that are there', () => {
  const start = addInputs(emptyTagging, [input('a', { dog: 1 })]);
  const { state } = press(start, 'enter enter');
  assert.equal(state.done, false);
  assert.equal(current(addInputs(state, [input('b')]))?.input.id, 'b');
});

test('whatever is handleKey, what was sent and not taken back is what is seen', () => {
  const keys = fc.array(fc.constantFrom('1', '2', 'enter', 's', 'b', 'u', 'down', 'space', '+', 'dog', 'escape', '?'));
  const inputs = [input('a', { dog: 1 }), input('b', { cat: 0 }), input('c')];
  fc.assert(
    fc.property(keys, (words) => {
      const { state, changes } = press(tagging(...inputs), [...words, 'escape', 'q'].join(' '));
      for (const tagged of state.inputs) {
        const sent = new Map(tagged.input.tags);
        for (const { set, off } of changes.filter(({ id }) => id === tagged.input.id)) {
          for (const [concept, value] of set) sent.set(concept, value);
          for (const concept of off) sent.delete(concept);
        }
        assert.deepEqual(new Map([...sent].toSorted()), new Map([...tagged.tags].toSorted()));
      }
    }),
  );
});

test('inputs that come, concepts that are seen and added change no key', () => {
  const { state } = press(tagging(input('a')), '+new enter +cat enter');
  const later = addInputs(state, [input('b', { ape: 1 })]);
  assert.deepEqual(
    later.list.map(({ id }) => id),
    ['dog', 'cat', 'new', 'ape'],
  );
});

test('what somebody else changed meanwhile is told and taken over, but for what was toggled since', () => {
  const { state, changes } = press(tagging(input('a', { fox: 1, ape: 1 }), input('b')), '1 enter');
  const [change] = changes;
  assert.ok(change);
  const found = new Map<string, 1 | 0>([
    ['dog', 1],
    ['bee', 0],
  ]);
  const toggled = press(state, 'b 3').state;
  const accepted = acceptSaved(toggled, change, found);
  assert.deepEqual(accepted.notice, { kind: 'changed-elsewhere', id: 'a', tags: found });
  const [tagged] = accepted.inputs;
  assert.ok(tagged);
  assert.deepEqual([...tagged.saved], [...found]);
  assert.deepEqual([...tagged.tags].toSorted(), [
    ['bee', 0],
    ['dog', 1],
    ['fox', 0],
  ]);
  assert.equal(acceptSaved(state, change, change.expected), state);
});

test('what could not be saved is kept, as far as it was not taken back', () => {
  const { state, changes } = press(tagging(input('a'), input('b')), '1 2 enter');
  const [change] = changes;
  assert.ok(change);
  assert.deepEqual(unsavedChanges(state), []);
  const failed = press(markUnconfirmed(state, change), 'b 2 2').state;
  assert.deepEqual(plain(unsavedChanges(failed)), [['a', [['dog', 1]], ['cat']]]);
});

test('missing ids are told together, and do not count', () => {
  const state = addMissing(addMissing({ ...emptyTagging, total: 9 }, ['x']), ['y', 'z']);
  assert.deepEqual([state.total, state.notice], [6, { kind: 'missing', ids: ['x', 'y', 'z'] }]);
});
