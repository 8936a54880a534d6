import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { emptyPayload, type Draft } from '../../../src/core/model/steps.js';
import { expandSources, type SourceRequest } from '../../../src/core/sources/sources.js';
import { TempFolder } from '../../temp-folder.js';

const never = new AbortController().signal;

/** What a command without flags asks for. */
const plain: Omit<SourceRequest, 'sources' | 'cwd'> = {
  lists: [],
  sidecars: false,
  shard: undefined,
  platform: 'linux',
  hidden: false,
  kind: undefined,
  id: undefined,
  payload: emptyPayload,
};

interface Found {
  readonly drafts: readonly Draft[];
  /** What is asked to be sent, as it is shown. */
  readonly sources: readonly string[];
  /** What can't be, with its reason. */
  readonly failed: readonly string[];
  /** What a user is told besides. */
  readonly notices: readonly string[];
}

async function find(folder: TempFolder, sources: readonly string[], more: Partial<SourceRequest> = {}): Promise<Found> {
  const drafts: Draft[] = [];
  const failed: string[] = [];
  const notices: string[] = [];
  for await (const step of expandSources({ sources, cwd: folder.path, ...plain, ...more }, never)) {
    if (step.at === 'draft') drafts.push(step.draft);
    else if (step.at === 'final') failed.push(`${step.record.source}: ${step.record.status.description}`);
    else if (step.at === 'notice') notices.push(`${step.notice} ${step.source}`);
    else if (step.at !== 'bound') assert.fail(`a source can't be ${step.at}`);
  }
  return { drafts, sources: drafts.map(({ source }) => source), failed, notices };
}

/** A folder with these files in it. */
function folderWith(t: TestContext, ...names: readonly string[]): TempFolder {
  const folder = new TempFolder(t);
  for (const name of names) folder.write(name, name);
  return folder;
}

const sorted = (names: readonly string[]): readonly string[] => [...names].sort();

test('sources come in the order given, each as it was named', async (t) => {
  const folder = folderWith(t, 'b.jpg', 'a.jpg', 'sub/c.jpg');
  const url = 'https://example.com/x.jpg';
  const { sources, drafts } = await find(folder, ['b.jpg', url, './sub/c.jpg', join(folder.path, 'a.jpg')]);
  assert.deepEqual(sources, ['b.jpg', url, './sub/c.jpg', join(folder.path, 'a.jpg')]);
  assert.deepEqual(drafts[2]?.media, { at: 'file', path: join(folder.path, 'sub/c.jpg') });
  assert.deepEqual(drafts[1]?.media, { at: 'url', url });
});

test('a folder gives all that lies below it, at any depth', async (t) => {
  const folder = folderWith(t, 'photos/a.jpg', 'photos/deep/er/b.jpg', 'photos/notes.txt', 'other/c.jpg');
  const { sources, drafts } = await find(folder, ['photos/']);
  assert.deepEqual(sorted(sources), ['photos/a.jpg', 'photos/deep/er/b.jpg', 'photos/notes.txt']);
  assert.ok(drafts.every(({ found }) => found));
});

test('a file that was named is not one that was found', async (t) => {
  const { drafts } = await find(folderWith(t, 'a.jpg', 'b.jpg'), ['a.jpg', '*b.jpg']);
  assert.deepEqual(
    drafts.map(({ found }) => found),
    [false, false],
  );
});

test('a pattern matches whatever the letter case', async (t) => {
  const folder = folderWith(t, 'A.JPG', 'b.jpg', 'c.png', 'sub/D.Jpg');
  assert.deepEqual(sorted((await find(folder, ['*.jpg'])).sources), ['A.JPG', 'b.jpg']);
  assert.deepEqual(sorted((await find(folder, ['**/*.JPG'])).sources), ['A.JPG', 'b.jpg', 'sub/D.Jpg']);
});

test('a pattern may be absolute', async (t) => {
  const folder = folderWith(t, 'a.jpg', 'b.png');
  assert.deepEqual((await find(folder, [join(folder.path, '*.jpg')])).sources, [join(folder.path, 'a.jpg')]);
});

test('an argument that exists is a path, whatever its characters', async (t) => {
  const folder = folderWith(t, '[1].jpg', '1.jpg', 'a*b.jpg', 'axb.jpg', '{x}/y.jpg', 'why?.jpg');
  const names = ['[1].jpg', 'a*b.jpg', '{x}', 'why?.jpg'];
  assert.deepEqual((await find(folder, names)).sources, ['[1].jpg', 'a*b.jpg', '{x}/y.jpg', 'why?.jpg']);
});

test('what finds nothing fails by name', async (t) => {
  const folder = folderWith(t, 'a.jpg');
  const { sources, failed } = await find(folder, ['nope.jpg', '*.gif', 'nope/', 'a.jpg']);
  assert.deepEqual(failed, ['nope.jpg: no such file', '*.gif: matches nothing', 'nope/: no such file']);
  assert.deepEqual(sources, ['a.jpg'], 'and stops nothing else');
});

test("'!pattern' takes out files and folders, wherever it stands", async (t) => {
  const folder = folderWith(t, 'p/a.jpg', 'p/bad/b.jpg', 'p/bad/deep/c.jpg', 'p/D.JPG', 'p/.e/f.jpg');
  assert.deepEqual(sorted((await find(folder, ['p', '!p/bad'])).sources), ['p/D.JPG', 'p/a.jpg']);
  assert.deepEqual(sorted((await find(folder, ['!p/bad/', 'p'])).sources), ['p/D.JPG', 'p/a.jpg']);
  assert.deepEqual(sorted((await find(folder, ['**/*.jpg', '!**/b*', '!**/d.jpg'])).sources), ['p/a.jpg']);
  assert.deepEqual((await find(folder, ['p/a.jpg', 'p/D.JPG', '!P/A.jpg'])).sources, ['p/D.JPG']);
  assert.deepEqual((await find(folder, ['p/a.jpg', 'p/D.JPG', `!${folder.path}/p/a.jpg`])).sources, ['p/D.JPG']);
});

test('what begins with a dot is passed over unless it is wanted or named', async (t) => {
  const folder = folderWith(t, 'p/.hidden.jpg', 'p/.git/b.jpg', 'p/c.jpg');
  assert.deepEqual((await find(folder, ['p'])).sources, ['p/c.jpg']);
  assert.deepEqual((await find(folder, ['p/*'])).sources, ['p/c.jpg']);
  assert.deepEqual(sorted((await find(folder, ['p'], { hidden: true })).sources), [
    'p/.git/b.jpg',
    'p/.hidden.jpg',
    'p/c.jpg',
  ]);
  assert.deepEqual((await find(folder, ['p/.hidden.jpg'])).sources, ['p/.hidden.jpg']);
});

test('links that lead in a circle end, and each file comes once', async (t) => {
  const folder = folderWith(t, 'p/a.jpg', 'p/sub/b.jpg', 'elsewhere/c.jpg');
  symlinkSync('..', join(folder.path, 'p/sub/up'));
  symlinkSync('.', join(folder.path, 'p/self'));
  symlinkSync('../elsewhere', join(folder.path, 'p/link'));
  const { sources, failed } = await find(folder, ['p']);
  assert.deepEqual(sorted(sources), ['p/a.jpg', 'p/link/c.jpg', 'p/sub/b.jpg'], 'a link to another folder is followed');
  assert.deepEqual(failed, []);
});

test('a broken link comes like any file, for the look at it to fail', async (t) => {
  const folder = folderWith(t, 'p/a.jpg');
  symlinkSync('gone.jpg', join(folder.path, 'p/broken.jpg'));
  assert.deepEqual(sorted((await find(folder, ['p'])).sources), ['p/a.jpg', 'p/broken.jpg']);
  assert.deepEqual((await find(folder, ['p/broken.jpg'])).failed, [
    'p/broken.jpg: a symbolic link to a file that does not exist',
  ]);
});

test('a link that leads to itself fails by name', async (t) => {
  const folder = new TempFolder(t);
  symlinkSync('loop.jpg', join(folder.path, 'loop.jpg'));
  assert.deepEqual((await find(folder, ['loop.jpg'])).failed, ['loop.jpg: a symbolic link that leads to itself']);
});

test('a FIFO in a folder is not opened by the walk', async (t) => {
  const folder = folderWith(t, 'p/a.jpg');
  execFileSync('mkfifo', [join(folder.path, 'p/pipe')]);
  assert.deepEqual(sorted((await find(folder, ['p'])).sources), ['p/a.jpg', 'p/pipe']);
});

test('an empty folder gives nothing, and fails nothing', async (t) => {
  const folder = new TempFolder(t);
  mkdirSync(join(folder.path, 'empty/inner'), { recursive: true });
  assert.deepEqual(await find(folder, ['empty']), { drafts: [], sources: [], failed: [], notices: [] });
});

test('the working folder itself can be named', async (t) => {
  const folder = folderWith(t, 'a.jpg', 'sub/b.jpg');
  const { drafts } = await find(folder, ['.']);
  const paths = drafts.map(({ media }) => (media.at === 'file' ? media.path : ''));
  assert.deepEqual(sorted(paths), [join(folder.path, 'a.jpg'), join(folder.path, 'sub/b.jpg')]);
});

test('sources are found lazily, and none after the run was stopped', async (t) => {
  const folder = folderWith(t, 'a.jpg', 'b.jpg', 'c.jpg');
  const stopping = new AbortController();
  const request = { sources: ['a.jpg', 'b.jpg', 'c.jpg'], cwd: folder.path, ...plain };
  let count = 0;
  for await (const step of expandSources(request, stopping.signal)) {
    assert.equal(step.at, 'draft');
    count += 1;
    stopping.abort();
  }
  assert.equal(count, 1);
});

test('the folders before the first wildcard are found in any letter case as well', async (t) => {
  const folder = folderWith(t, 'sub/Deep/a.jpg', 'sub/b.jpg', 'Sub/c.jpg', 'other/d.jpg');
  assert.deepEqual(sorted((await find(folder, ['SUB/*.jpg'])).sources), ['Sub/c.jpg', 'sub/b.jpg']);
  assert.deepEqual((await find(folder, ['sub/deep/*.JPG'])).sources, ['sub/Deep/a.jpg']);
  assert.deepEqual((await find(folder, ['sub/*.jpg'])).sources, ['sub/b.jpg'], 'one that is there is the one meant');
  assert.deepEqual((await find(folder, [`${folder.path}/OTHER/*`])).sources, [join(folder.path, 'other/d.jpg')]);
  assert.deepEqual((await find(folder, ['NOPE/*.jpg'])).failed, ['NOPE/*.jpg: matches nothing']);
});

const windows = { platform: 'win32' } as const;

test('on Windows a backslash in a pattern parts folders', async (t) => {
  const folder = folderWith(t, 'photos/a.jpg', 'photos/deep/b.jpg', 'c.jpg');
  assert.deepEqual((await find(folder, ['photos\\*.jpg'], windows)).sources, ['photos/a.jpg']);
  const { sources } = await find(folder, ['photos\\**\\*.jpg'], windows);
  assert.deepEqual(sorted(sources), ['photos/a.jpg', 'photos/deep/b.jpg']);
});

test('on Windows a backslash in what is taken out parts folders', async (t) => {
  const folder = folderWith(t, 'p/a.jpg', 'p/bad/b.jpg', 'p/c.jpg');
  assert.deepEqual((await find(folder, ['p', '!p\\bad\\', '!.\\p\\c.*'], windows)).sources, ['p/a.jpg']);
});

test('on Windows a path that is not there is not a pattern for its backslashes', async (t) => {
  const { failed } = await find(folderWith(t, 'a.jpg'), ['C:\\photos\\a.jpg'], windows);
  assert.deepEqual(failed, ['C:\\photos\\a.jpg: no such file']);
});

test('elsewhere a backslash in a pattern takes the meaning of what follows', async (t) => {
  const folder = folderWith(t, 'a[1]x.jpg', 'a1x.jpg');
  assert.deepEqual((await find(folder, ['a\\[1\\]*.jpg'])).sources, ['a[1]x.jpg']);
});
