import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import fc from 'fast-check';
import { openWorld, rows, type World } from '../../harness.js';
import { pngOf } from '../../tiny-images.js';

const heic = Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1');
const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n';
const mp4 = Buffer.from('\0\0\0\x18ftypmp42\0\0\0\0mp42isom', 'latin1');

/** Kinds of files as they lie about, each with what becomes of it under --type image, text, video, and without. */
const kinds = [
  { name: 'photo.png', content: 'png', any: 'added', image: 'added', text: 'image', video: 'image' },
  { name: 'wrong.jpg', content: 'png', any: 'added', image: 'added', text: 'image', video: 'image' },
  { name: 'clip.mp4', content: 'mp4', any: 'added', image: 'video', text: 'video', video: 'added' },
  { name: 'IMG.HEIC', content: 'heic', any: 'failed', image: 'failed', text: 'image', video: 'image' },
  { name: 'drawing.svg', content: '<svg/>', any: 'failed', image: 'failed', text: 'image', video: 'image' },
  { name: 'empty.jpg', content: '', any: 'failed', image: 'failed', text: 'image', video: 'image' },
  { name: 'fake.jpg', content: 'no picture', any: 'failed', image: 'failed', text: 'image', video: 'image' },
  { name: 'lfs.png', content: pointer, any: 'failed', image: 'failed', text: 'image', video: 'image' },
  { name: 'labels.txt', content: 'BMW 0.5', any: 'text', image: 'text', text: 'added', video: 'text' },
  { name: 'data.json', content: '{}', any: 'other', image: 'other', text: 'other', video: 'other' },
  {
    name: 'x.jpg.part',
    content: 'png',
    any: 'unfinished',
    image: 'unfinished',
    text: 'unfinished',
    video: 'unfinished',
  },
  { name: 'Thumbs.db', content: 'x', any: 'system', image: 'system', text: 'system', video: 'system' },
  { name: 'nothing.dat', content: '', any: 'empty', image: 'empty', text: 'empty', video: 'empty' },
] as const;

const contents = new Map<string, (seed: number) => Buffer>([
  ['png', (seed) => pngOf(seed)],
  ['mp4', (seed) => Buffer.concat([mp4, Buffer.from(`\0${seed}`)])],
  ['heic', (seed) => Buffer.concat([heic, Buffer.from(String(seed))])],
]);

const words = new Map([
  ['image', 'image'],
  ['video', 'video'],
  ['text', 'text file'],
  ['other', 'other file'],
  ['unfinished', 'unfinished download'],
  ['system', 'system file'],
  ['empty', 'empty file'],
]);

/** What the line on skipped files says, by the first word of the reason. */
function skippedIn(stderr: string): ReadonlyMap<string, number> {
  const line = /^skipped: (\d.*)$/m.exec(stderr)?.[1] ?? '';
  const parts = line === '' ? [] : line.split(', ');
  return new Map(parts.map((part) => [part.replace(/^\d+ /, '').replace(/s$/, ''), Number.parseInt(part, 10)]));
}

const types = [undefined, 'image', 'text', 'video'] as const;

test('each file of a folder is added, failed or skipped, and the reasons add up', async (t) => {
  const world = await openWorld(t);
  let run = 0;
  const picks = fc.array(fc.nat(kinds.length - 1), { minLength: 1, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(picks, fc.constantFrom(...types), fc.boolean(), async (picked, type, skipUnsupported) => {
      run += 1;
      const expected = new Map<string, number>();
      for (const [index, pick] of picked.entries()) {
        const kind = kinds[pick];
        if (kind === undefined) continue;
        const content = contents.get(kind.content)?.(run * 1000 + index) ?? kind.content;
        world.write(
          join(`d${run}`, String(index), kind.name),
          content === '' ? '' : withSeed(content, run * 1000 + index),
        );
        const fate = kind[type ?? 'any'];
        const counted = fate === 'failed' && skipUnsupported ? 'unsupported' : fate;
        expected.set(counted, (expected.get(counted) ?? 0) + 1);
      }
      const flags = [
        ...(type === undefined ? [] : ['--type', type]),
        ...(skipUnsupported ? ['--skip-unsupported'] : []),
      ];
      const { stderr, stdout } = await world.cli(['add', `d${run}`, '--no-wait', '--id-from', 'path', ...flags]);
      const outcomes = rows(stdout).map(({ outcome }) => outcome);
      const count = (wanted: string): number => outcomes.filter((outcome) => outcome === wanted).length;
      assert.equal(count('pending'), expected.get('added') ?? 0, stderr);
      assert.equal(count('failed'), expected.get('failed') ?? 0, stderr);
      const skipped = skippedIn(stderr);
      for (const [fate, word] of words)
        assert.equal(skipped.get(word) ?? 0, expected.get(fate) ?? 0, `${word}: ${stderr}`);
      const unsupported = [...skipped].find(([word]) => word.includes('cannot be added'))?.[1] ?? 0;
      assert.equal(unsupported, expected.get('unsupported') ?? 0, stderr);
      assert.equal(outcomes.length + [...skipped.values()].reduce((sum, one) => sum + one, 0), picked.length);
    }),
    { numRuns: 20 },
  );
});

/** Text that differs from file to file, with its beginning as it was. */
function withSeed(content: string | Buffer, seed: number): string | Buffer {
  return typeof content === 'string' && !content.startsWith('version') ? `${content}\n${seed}` : content;
}

async function phoneFolder(world: World): Promise<void> {
  world.write('d/a.png', pngOf(1));
  world.write('d/b.HEIC', heic);
  world.write('d/c.jpg', '');
  await Promise.resolve();
}

test('media in a folder that cannot be added fails with its code and what to do', async (t) => {
  const world = await openWorld(t);
  await phoneFolder(world);
  world.write('d/lfs.jpg', pointer);
  const { code, stderr } = await world.cli(['add', 'd', '--failures', 'f.ndjson', '-o', 'ids']);
  assert.equal(code, 3);
  assert.match(stderr, /failed: d\/b\.HEIC: 30101 .*HEIC, which the service does not take: convert it to JPEG/);
  assert.match(stderr, /failed: d\/c\.jpg: 30104 .*empty/);
  assert.match(stderr, /failed: d\/lfs\.jpg: a Git LFS pointer.*git lfs pull/);
});

test('--skip-unsupported names what it skips, and the run succeeds; what was named fails all the same', async (t) => {
  const world = await openWorld(t);
  await phoneFolder(world);
  const { code, stderr } = await world.cli(['add', 'd', '--skip-unsupported', '-o', 'ids']);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /^skipped: d\/b\.HEIC: HEIC, which the service does not take/m);
  assert.match(stderr, /^skipped: 2 files that cannot be added$/m);
  assert.equal((await world.cli(['add', 'd/b.HEIC', '--skip-unsupported'])).code, 3);
});

test('dead links, FIFOs and unfinished downloads in a folder are counted and harm nothing; named, they fail', async (t) => {
  const world = await openWorld(t);
  world.write('d/a.png', pngOf(1));
  world.write('d/b.png.crdownload', pngOf(2));
  symlinkSync('nowhere', join(world.dir, 'd/dead.jpg'));
  execFileSync('mkfifo', [join(world.dir, 'd/pipe')]);
  const { code, stderr } = await world.cli(['add', 'd', '-o', 'ids']);
  assert.equal(code, 0, stderr);
  const parts = /^skipped: (.*)$/m.exec(stderr)?.[1]?.split(', ').sort();
  assert.deepEqual(parts?.slice(0, 2), ['1 FIFO', '1 dead link'], stderr);
  assert.equal((await world.cli(['add', 'd/dead.jpg'])).code, 3);
});

test('a file that is too large but not wanted is skipped, not failed', async (t) => {
  const world = await openWorld(t);
  world.write('d/a.png', pngOf(1));
  world.write('d/big.csv', 'a,b\n'.repeat(6_000_000));
  const { code, stderr } = await world.cli(['add', 'd', '--no-wait', '-o', 'ids']);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /^skipped: 1 text file$/m);
});

test('a folder or list with nothing to add is named, and fails the run only with --fail-empty', async (t) => {
  const world = await openWorld(t);
  mkdirSync(join(world.dir, 'empty'));
  world.write('texts/a.txt', 'a text');
  world.write('m.csv', 'id,url\n');
  const argv = ['add', 'empty', 'texts', '--manifest', 'm.csv', '-'];
  const { code, stderr } = await world.cli(argv, { stdin: '\n' });
  assert.equal(code, 0);
  for (const name of ['empty', 'texts', 'm.csv', 'stdin'])
    assert.match(stderr, new RegExp(`nothing to add in '${name}'`));
  assert.equal((await world.cli([...argv, '--fail-empty'], { stdin: '\n' })).code, 3);
  assert.equal((await world.cli([...argv, '--fail-empty', '--dry-run'], { stdin: '\n' })).code, 3);
  world.write('empty/a.png', pngOf(1));
  assert.doesNotMatch((await world.cli(['add', 'empty', '--fail-empty'])).stderr, /nothing to add/);
});

test('an exclusion that excludes nothing is told', async (t) => {
  const world = await openWorld(t);
  world.write('d/a.png', pngOf(1));
  const { code, stderr } = await world.cli(['add', 'd', '!private', '-o', 'ids']);
  assert.equal(code, 0);
  assert.match(stderr, /^warning: '!private' excluded nothing/m);
  assert.doesNotMatch((await world.cli(['add', 'd', '!private', '-q', '-o', 'ids'])).stderr, /excluded/);
});

test('an empty source is a mistake, and adds nothing', async (t) => {
  const world = await openWorld(t);
  world.write('a.png', pngOf(1));
  const { code, stderr, requests } = await world.cli(['add', '']);
  assert.deepEqual([code, requests.length], [2, 0]);
  assert.match(stderr, /a source is empty/);
});

test('a name that is nearly there is named', async (t) => {
  const world = await openWorld(t);
  world.write('photos/a.png', pngOf(1));
  world.write('caf\u00e9.png', pngOf(2));
  assert.match((await world.cli(['add', 'photo'])).stderr, /no such file; did you mean 'photos'\?/);
  assert.match((await world.cli(['add', 'PHOTOS/a.png'])).stderr, /did you mean 'photos'/);
  assert.match((await world.cli(['add', 'cafe\u0301.png'])).stderr, /other Unicode form/);
  assert.match((await world.cli(['add', '-'], { stdin: 'cafe\u0301.png\n' })).stderr, /other Unicode form/);
});
