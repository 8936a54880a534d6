import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, ftruncateSync, mkdirSync, openSync, readFileSync, statSync, symlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { kindOfName } from '../../../src/core/files/formats.js';
import { inspectFile, type AcceptedFile, type RejectedFile } from '../../../src/core/files/inspect-file.js';
import { fixture } from '../../harness.js';
import { TempFolder } from '../../temp-folder.js';
import { pngOf } from '../../tiny-images.js';

const plainly = { kind: undefined, hash: true } as const;

async function accepted(path: string, inspection: Parameters<typeof inspectFile>[1] = plainly): Promise<AcceptedFile> {
  const file = await inspectFile(path, inspection);
  assert.ok(file.verdict === 'accepted', JSON.stringify(file));
  return file;
}

async function rejected(path: string, inspection: Parameters<typeof inspectFile>[1] = plainly): Promise<RejectedFile> {
  const file = await inspectFile(path, inspection);
  assert.ok(file.verdict === 'rejected', JSON.stringify(file));
  return file;
}

/** A file with this beginning, as large as said; its rest takes no room on the disk. */
function sparse(folder: TempFolder, name: string, start: Buffer, sizeBytes: number): string {
  const path = join(folder.path, name);
  const fd = openSync(path, 'w');
  writeSync(fd, start);
  ftruncateSync(fd, sizeBytes);
  closeSync(fd);
  return path;
}

const kinds: readonly (readonly [string, readonly string[]])[] = [
  ['image', ['photos/dog/Brown puppy.jpg', 'photos/dog/Spotted dog.png', 'photos/dog/黒い犬.webp']],
  ['image', ['photos/cat/grey kitten.gif', 'photos/fruit/lemon.bmp', 'photos/mountain/alpine lake.tiff']],
  ['video', ['media/clip.avi', 'media/clip.mp4', 'media/clip.wmv', 'media/clip.mov', 'media/clip.3gp']],
  ['audio', ['media/tone.wav', 'media/tone.mp3']],
  ['text', ['bad/good.txt', 'bad/table.csv', 'bad/table.tsv']],
];

for (const [kind, names] of kinds) {
  for (const name of names) {
    test(`${name} is ${kind}, with its size and SHA-256`, async () => {
      const path = fixture(...name.split('/'));
      const file = await accepted(path);
      assert.equal(file.kind, kind);
      assert.equal(file.sha256, createHash('sha256').update(readFileSync(path)).digest('hex'));
      assert.equal(file.content.sizeBytes, statSync(path).size);
    });
  }
}

test('the content tells the kind, not the name', async (t) => {
  const folder = new TempFolder(t);
  assert.equal((await accepted(folder.write('a.txt', pngOf(1)))).kind, 'image');
  assert.equal((await accepted(folder.write('no-extension', pngOf(1)))).kind, 'image');
  assert.equal((await accepted(fixture('bad', 'wrong-extension.png'))).kind, 'image');
});

test('a kind that is asked for is taken, whatever the bytes', async (t) => {
  const path = new TempFolder(t).write('a.dat', 'bytes of a kind nobody knows');
  for (const kind of ['image', 'video', 'audio', 'text'] as const) {
    assert.equal((await accepted(path, { kind, hash: false })).kind, kind);
  }
});

const unsuitable: readonly (readonly [string, number | null, RegExp])[] = [
  ['empty.jpg', 30104, /empty/],
  ['text-named.jpg', 30101, /holds no image, although it is named .jpg/],
  ['notes.bin', 30101, /not a supported format/],
  ['latin1.txt', 30101, /UTF-8/],
  ['nowhere.jpg', null, /no such file/],
];

for (const [name, code, reason] of unsuitable) {
  test(`${name} can't be sent: ${String(code)}`, async () => {
    const file = await rejected(fixture('bad', name));
    assert.equal(file.code, code);
    assert.match(file.reason, reason);
  });
}

test('a folder, a FIFO and a link that is broken or leads to itself are no files, and nothing hangs', async (t) => {
  const folder = new TempFolder(t);
  mkdirSync(join(folder.path, 'folder.jpg'));
  execFileSync('mkfifo', [join(folder.path, 'pipe.jpg')]);
  symlinkSync('gone', join(folder.path, 'broken.jpg'));
  symlinkSync('loop.jpg', join(folder.path, 'loop.jpg'));
  const reasons: string[] = [];
  for (const name of ['folder.jpg', 'pipe.jpg', 'broken.jpg', 'loop.jpg', '/dev/null']) {
    const file = await rejected(join(name === '/dev/null' ? '' : folder.path, name));
    reasons.push(file.reason);
  }
  assert.deepEqual(reasons, [
    'a folder, not a file',
    'not a regular file',
    'a symbolic link to a file that does not exist',
    'a symbolic link that leads to itself',
    'not a regular file',
  ]);
});

test('what is over its limit is told before a byte of it is read on: MB is 10^6', async (t) => {
  const folder = new TempFolder(t);
  const mp4 = readFileSync(fixture('media', 'clip.mp4'));
  const cases: readonly (readonly [Buffer, number, boolean])[] = [
    [pngOf(1), 20_000_000, true],
    [pngOf(1), 20_000_001, false],
    [mp4, 20_000_001, true],
    [mp4, 128_000_001, false],
    [readFileSync(fixture('media', 'tone.wav')), 20_000_001, false],
  ];
  for (const [index, [start, size, fits]] of cases.entries()) {
    const file = await inspectFile(sparse(folder, String(index), start, size), { kind: undefined, hash: false });
    assert.equal(file.verdict, fits ? 'accepted' : 'rejected', `case ${index}`);
    if (file.verdict === 'rejected') assert.equal(file.code, 30105);
  }
});

test('an image of more than 85 megapixels is over the limit', async (t) => {
  const png = pngOf(1);
  png.writeUInt32BE(10_000, 16);
  png.writeUInt32BE(8501, 20);
  const file = await rejected(new TempFolder(t).write('huge.png', png));
  assert.deepEqual([file.code, file.reason], [30105, 'more than 85 megapixels']);
  png.writeUInt32BE(8500, 20);
  await accepted(new TempFolder(t).write('large.png', png));
});

test('a file larger than what is read at once has the hash of all of it', async (t) => {
  const bytes = pngOf(7, 3_000_000);
  const file = await accepted(new TempFolder(t).write('a.png', bytes));
  assert.equal(file.sha256, createHash('sha256').update(bytes).digest('hex'));
  assert.equal((await accepted(file.content.path, { kind: undefined, hash: false })).sha256, '', 'only if asked for');
});

test("a name's extension claims a kind, whatever its letter case", () => {
  assert.equal(kindOfName('a.JPG'), 'image');
  assert.equal(kindOfName('/x/y.Mp4'), 'video');
  assert.equal(kindOfName('a.b.wav'), 'audio');
  assert.equal(kindOfName('a.md'), 'text');
  for (const name of ['a', '.jpg', 'a.heic', 'a.svg', 'jpg']) assert.equal(kindOfName(name), undefined, name);
});
