import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import test from 'node:test';
import fc from 'fast-check';
import type { Draft } from '../../../src/core/model/steps.js';
import { idSources, isRepeatable, isValidId } from '../../../src/core/ids/id-rules.js';
import { hashId, idOf, slugId } from '../../../src/core/ids/make-id.js';
import { draftOf } from '../../drafts.js';

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function named(media: Draft['media'], id?: string): Draft {
  return draftOf('the source', media, { id });
}

test('an id is 1 to 48 of A-Z a-z 0-9 _ -', () => {
  for (const id of ['a', 'Z', '0', '_', '-', 'a'.repeat(48)]) assert.equal(isValidId(id), true, id);
  for (const id of ['', 'a'.repeat(49), 'a b', 'ä', 'a.b', 'a/b', 'a\n', '日']) assert.equal(isValidId(id), false, id);
});

test('a text becomes an id: what an id may not hold is a dash', () => {
  assert.equal(slugId('Sunset at sea'), 'Sunset-at-sea');
  assert.equal(slugId('a/b.c'), 'a-b-c');
  assert.equal(slugId('a b\u202fc'), 'a-b-c', 'whatever the blank');
  assert.equal(slugId(''), '-');
});

test('letters that an id may not hold become dashes, with 8 digits of the hash of the whole', () => {
  assert.equal(slugId('äöü'), `----${sha256('äöü').slice(0, 8)}`);
  assert.equal(slugId('😀'), `--${sha256('😀').slice(0, 8)}`, 'one character, one dash');
  assert.notEqual(slugId('Müller'), slugId('Möller'));
  assert.notEqual(slugId('山の朝'), slugId('海の朝'));
  const long = `${'z'.repeat(45)}ö`;
  assert.equal(slugId(long), `${'z'.repeat(39)}-${sha256(long).slice(0, 8)}`);
});

test('both Unicode forms of a name have one id', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      assert.equal(slugId(text.normalize('NFD')), slugId(text));
      assert.ok(isValidId(slugId(text)));
    }),
  );
});

/** What stays of a text if blanks and ASCII punctuation count as one sign. */
const ascii = (text: string): string =>
  text
    .normalize('NFC')
    .replaceAll(/[^\p{ASCII}\p{Z}]/gu, '')
    .replaceAll(/[^A-Za-z0-9_-]/g, '-');

test('texts that differ in more than blanks and punctuation have different ids', () => {
  const letters = fc.constantFrom(...('aB1 -_.éñüß山海данпис٣😀'.match(/./gu) ?? []));
  const text = fc.array(letters, { minLength: 1, maxLength: 60 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, text, (one, other) => {
      const isLossy = /[^\p{ASCII}\p{Z}]/u.test(one + other);
      fc.pre(one !== other && (isLossy || ascii(one) !== ascii(other)));
      assert.notEqual(slugId(one), slugId(other));
    }),
    { numRuns: 2000 },
  );
});

test('a text of 48 characters stays, a longer one is cut to 39, a dash and 8 digits of its hash', () => {
  const longest = 'x'.repeat(48);
  assert.equal(slugId(longest), longest);
  const longer = `${'y'.repeat(60)}.1`;
  assert.equal(slugId(longer), `${'y'.repeat(39)}-${sha256(longer).slice(0, 8)}`);
  assert.equal(slugId(longer).length, 48);
  assert.notEqual(slugId(longer), slugId(`${'y'.repeat(60)}.2`), 'two that begin alike stay apart');
  assert.ok(isValidId(slugId(longer)));
});

test('a hash id is the first 32 hex digits of the SHA-256', () => {
  assert.equal(hashId('abc'), sha256('abc').slice(0, 32));
  assert.equal(hashId(Buffer.from('abc')), hashId('abc'));
});

test('each way of making ids makes its own', () => {
  const file = named({ at: 'file', path: '/data/photos/My cat.v2.JPG' });
  const url = named({ at: 'url', url: 'https://example.com/pics/dog%201.jpg?size=2' });
  const idsOf = (from: (typeof idSources)[number]): readonly (string | undefined)[] =>
    [file, url].map((draft) => idOf(draft, from, '/data', 'contenthash'));
  assert.deepEqual(idsOf('hash'), ['contenthash', 'contenthash']);
  assert.deepEqual(idsOf('name'), ['My-cat-v2', 'dog-201']);
  assert.deepEqual(idsOf('path'), ['photos-My-cat-v2-JPG', 'https---example-com-pics-dog-201-jpg-size-2']);
  assert.deepEqual(idsOf('server'), [undefined, undefined]);
  const uuids = [...idsOf('uuid'), ...idsOf('uuid')];
  assert.equal(new Set(uuids).size, 4);
  for (const uuid of uuids) assert.match(uuid ?? '', /^[0-9a-f]{8}-[0-9a-f-]{27}$/);
});

test('a URL without a file name takes its id from the whole', () => {
  assert.equal(idOf(named({ at: 'url', url: 'https://example.com/' }), 'name', '/data', ''), 'the-source');
});

test('an id that was given wins over any way of making one', () => {
  for (const from of idSources) assert.equal(idOf(named({ at: 'file', path: '/a' }, 'mine'), from, '/', 'h'), 'mine');
});

test('only ids that come out the same in the next run can be resumed', () => {
  assert.deepEqual(idSources.filter(isRepeatable), ['hash', 'name', 'path']);
});
