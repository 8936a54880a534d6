import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import test, { type TestContext } from 'node:test';
import fc from 'fast-check';
import { emptyPayload } from '../../../src/core/model/steps.js';
import { expandSources, sortArguments } from '../../../src/core/sources/sources.js';
import { UsageError } from '../../../src/errors.js';
import { TempFolder } from '../../temp-folder.js';

const never = new AbortController().signal;

interface Expansion {
  /** Files that would be sent, relative to the working folder. */
  readonly sent: readonly string[];
  readonly unused: readonly string[];
}

async function expand(cwd: string, sources: readonly string[]): Promise<Expansion> {
  const sent: string[] = [];
  const unused: string[] = [];
  const defaults = { lists: [], sidecars: false, shard: undefined, hidden: true, kind: undefined, id: undefined };
  const request = { sources, cwd, ...defaults, platform: 'linux', payload: emptyPayload } as const;
  for await (const step of expandSources(request, never)) {
    if (step.at === 'draft' && step.draft.media.at === 'file') sent.push(relative(cwd, step.draft.media.path));
    if (step.at === 'notice') unused.push(step.source);
  }
  return { sent: sent.sort(), unused };
}

function folderWith(t: TestContext, ...names: readonly string[]): string {
  const folder = new TempFolder(t);
  for (const name of names) folder.write(name, name);
  return folder.path;
}

const spellings: readonly ((path: string, cwd: string) => string)[] = [
  (path) => path,
  (path) => `./${path}`,
  (path) => `d/../${path}`,
  (path) => `.//${path}`,
  (path) => `d/./${path.slice(2)}`,
  (path, cwd) => join(cwd, path),
];

const oddNames = fc.uniqueArray(
  fc
    .array(
      fc.constantFrom(
        ...['a', 'B', '(', ')', '@(', '!', '[', ']', '{', ',', '}', '*', '?', '+', '|', '\\', ' ', '^', '$', '#', '~'],
        ...['..', '-', '\n', "'", '"', 'é', 'é', '山', '.', '!(', '**', '[!', '{1..3}'],
      ),
      { minLength: 1, maxLength: 5 },
    )
    .map((parts) => parts.join(''))
    .filter((name) => name !== '.' && name !== '..'),
  { minLength: 1, maxLength: 6 },
);

test('whatever the names: what is excluded by its own name, in any spelling, is not sent, and all else is', async (t) => {
  let run = 0;
  const folder = new TempFolder(t);
  await fc.assert(
    fc.asyncProperty(oddNames, fc.nat(), fc.nat(), fc.boolean(), async (names, which, way, inFolder) => {
      run += 1;
      const cwd = join(folder.path, String(run));
      const files = names.map((name) => (inFolder ? `d/${name}/x` : `d/${name}`));
      for (const file of files) folder.write(join(String(run), file), file);
      const index = which % names.length;
      const spelling = spellings[way % spellings.length];
      assert.ok(spelling !== undefined);
      const { sent, unused } = await expand(cwd, ['d', `!${spelling(`d/${names[index] ?? ''}`, cwd)}`]);
      assert.deepEqual(sent, files.filter((_, other) => other !== index).sort());
      assert.deepEqual(unused, []);
    }),
    { numRuns: 300 },
  );
});

test('whatever the names: what is named is sent, and nothing else', async (t) => {
  let run = 0;
  const folder = new TempFolder(t);
  await fc.assert(
    fc.asyncProperty(oddNames, fc.nat(), fc.nat(), async (names, which, way) => {
      run += 1;
      const cwd = join(folder.path, String(run));
      for (const name of names) folder.write(join(String(run), 'd', name), name);
      const name = `d/${names[which % names.length] ?? ''}`;
      const spelling = spellings[way % spellings.length];
      assert.ok(spelling !== undefined);
      assert.deepEqual((await expand(cwd, [spelling(name, cwd)])).sent, [name]);
    }),
    { numRuns: 200 },
  );
});

test('an exclusion is compared by where it leads', async (t) => {
  const cwd = folderWith(t, 'd/keep.jpg', 'd/private/a.jpg', 'other/b.jpg');
  symlinkSync('../d/private', join(cwd, 'other/link'));
  symlinkSync('d', join(cwd, 'alias'));
  const kept = ['d/keep.jpg'];
  assert.deepEqual((await expand(cwd, ['d', '!other/link'])).sent, kept, 'a link to it excludes it');
  assert.deepEqual((await expand(cwd, ['d', '!alias/private/'])).sent, kept, 'so does a path through one');
  assert.deepEqual((await expand(cwd, ['d', '!alias/**/a.jpg'])).sent, kept, 'and a pattern');
  assert.deepEqual((await expand(cwd, ['other', '!d/private'])).sent, ['other/b.jpg'], 'whatever way led there');
});

test('parentheses in a pattern mean themselves, unless a sign before them says otherwise', async (t) => {
  const cwd = folderWith(t, 'trip (2)/a.gif', 'photo (1).gif', 'photo 1.gif', 'x1.gif', 'x2.gif', 'copy (1).gif');
  assert.deepEqual((await expand(cwd, ['trip (2)/*.gif'])).sent, ['trip (2)/a.gif']);
  assert.deepEqual((await expand(cwd, ['photo (?).gif'])).sent, ['photo (1).gif']);
  assert.deepEqual((await expand(cwd, ['x@(1|3).gif'])).sent, ['x1.gif']);
  assert.deepEqual((await expand(cwd, ['x*.gif', 'photo*', '!**/photo (1).gif'])).sent, [
    'photo 1.gif',
    'x1.gif',
    'x2.gif',
  ]);
});

test('a pattern that matches nothing is read once more, with all but * and ? meaning itself', async (t) => {
  const cwd = folderWith(t, 'sub/a [1].gif', 'sub/{b}.gif', 'sub/c@(d).gif');
  for (const [pattern, name] of [
    ['**/a [1].*', 'sub/a [1].gif'],
    ['*/{b}.gif', 'sub/{b}.gif'],
    ['*/c@(d).gif', 'sub/c@(d).gif'],
  ] as const) {
    assert.deepEqual((await expand(cwd, [pattern])).sent, [name], pattern);
    assert.ok(!(await expand(cwd, ['sub', `!${pattern}`])).sent.includes(name), `!${pattern}`);
  }
});

test('names that no longer exist exclude in the other Unicode form and letter case', async (t) => {
  const cwd = folderWith(t, 'd/caf\u00e9/a.jpg', 'd/Keep.jpg');
  assert.deepEqual((await expand(cwd, ['d', '!d/cafe\u0301'])).sent, ['d/Keep.jpg']);
  assert.deepEqual((await expand(cwd, ['d', '!D/KEEP.jpg'])).sent, ['d/caf\u00e9/a.jpg']);
});

test('an exclusion that excluded nothing is told', async (t) => {
  const cwd = folderWith(t, 'd/a.jpg', 'd/b/c.jpg');
  assert.deepEqual((await expand(cwd, ['d', '!d/b', '!d/b/c.jpg', '!*.gif', '!gone'])).unused, ['!*.gif', '!gone']);
});

test("a file whose name begins with '!' is a source, unless it could exclude another", async (t) => {
  const cwd = folderWith(t, '!x.jpg', '!y.jpg', 'y.jpg');
  assert.deepEqual((await expand(cwd, ['!x.jpg'])).sent, ['!x.jpg']);
  const both = { sources: ['!y.jpg'], cwd, hasLists: false };
  assert.throws(() => sortArguments(both), UsageError);
  assert.deepEqual((await expand(cwd, ['.', '!./y.jpg'])).sent, ['!x.jpg', '!y.jpg']);
  assert.deepEqual((await expand(cwd, ['./!y.jpg'])).sent, ['!y.jpg']);
});

test('a run without a source but exclusions, and an empty exclusion, are mistakes', async (t) => {
  const cwd = folderWith(t, 'a.jpg');
  mkdirSync(join(cwd, 'd'));
  await assert.rejects(expand(cwd, ['!d']), /every source is an exclusion/);
  await assert.rejects(expand(cwd, ['d', '!']), /an exclusion is empty/);
});

test("a name that begins like '.\\' is not taken for the one behind it", async (t) => {
  const cwd = folderWith(t, 'd/.\\a', 'd/a');
  assert.deepEqual((await expand(cwd, ['d', '!d/.\\a'])).sent, ['d/a']);
  assert.deepEqual((await expand(cwd, ['d', '!d/a'])).sent, ['d/.\\a']);
});
