import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  createReadStream,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { openWorld, rows } from '../harness.js';
import { pngOf, writeImages } from '../tiny-images.js';

/** Files that are sound when they are looked at, and something else when they are sent. */
const changes: Readonly<Record<string, (path: string) => void>> = {
  vanishes: (path) => {
    rmSync(path);
  },
  grows: (path) => {
    appendFileSync(path, 'more');
  },
  shrinks: (path) => {
    truncateSync(path, 30);
  },
  'becomes another of the same size': (path) => {
    writeFileSync(path, pngOf(99));
  },
  'becomes a folder': (path) => {
    rmSync(path);
    mkdirSync(path);
  },
  'becomes a FIFO': (path) => {
    rmSync(path);
    execFileSync('mkfifo', [path]);
  },
};

for (const [name, change] of Object.entries(changes)) {
  test(`a file that ${name} before it is sent goes under no wrong id, and stops no other`, async (t) => {
    const world = await openWorld(t);
    const paths = writeImages(join(world.dir, 'p'), 5);
    let changed = false;
    world.intercept = ({ method }) => {
      // the look-up comes between the look at the files and the sending
      if (method === 'GET' && !changed) change(paths[2] ?? '');
      changed = true;
      return undefined;
    };
    const result = await world.cli(['add', 'p']);
    const left = paths.filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true);
    assert.equal(result.code, left.length === 5 ? 0 : 3, result.stderr);
    if (left.length < 5) assert.match(result.stderr, /^failed: p\/0002\.png: /m);
    assert.deepEqual((await world.ids()).toSorted(), left.map((path) => idOf(readFileSync(path))).toSorted());
  });
}

test('a file that becomes empty before it is sent fails, and the figures add up', async (t) => {
  const world = await openWorld(t);
  const [path = ''] = writeImages(join(world.dir, 'p'), 2);
  world.intercept = () => {
    truncateSync(path);
    return undefined;
  };
  const result = await world.cli(['add', 'p']);
  assert.equal(result.code, 3);
  assert.match(result.stderr, /^failed: p\/0000\.png: .*empty/m);
  assert.match(result.stderr, /^2 sources: 1 added, 1 failed$/m);
});

test('a file that becomes the content of another before it is sent is its duplicate', async (t) => {
  const world = await openWorld(t);
  const [first = '', , third = ''] = writeImages(join(world.dir, 'p'), 3);
  let changed = false;
  world.intercept = ({ method }) => {
    if (method === 'GET' && !changed) writeFileSync(third, readFileSync(first));
    changed = true;
    return undefined;
  };
  const result = await world.cli(['add', 'p']);
  assert.equal(result.code, 0, result.stderr);
  const duplicates = rows(result.stdout).filter(({ outcome }) => outcome === 'duplicate');
  assert.deepEqual(
    duplicates.map(({ source }) => source),
    ['p/0002.png'],
  );
  assert.equal((await world.ids()).length, 2);
});

test('a file that changes and changes back before it is sent is not a duplicate of itself', async (t) => {
  const world = await openWorld(t);
  const [, second = ''] = writeImages(join(world.dir, 'p'), 2);
  let posts = 0;
  world.intercept = ({ method }) => {
    if (method === 'GET' && posts === 0) writeFileSync(second, pngOf(99));
    if (method !== 'POST') return undefined;
    posts += 1;
    if (posts > 1) return undefined;
    writeFileSync(second, pngOf(1));
    return { status: 503 };
  };
  const result = await world.cli(['add', 'p']);
  assert.equal(result.code, 0, result.stderr);
  assert.deepEqual(
    rows(result.stdout).map(({ outcome }) => outcome),
    ['added', 'added'],
  );
  assert.ok((await world.ids()).includes(idOf(pngOf(1))));
});

test('what can not be read like a file is named and read by nobody', async (t) => {
  const world = await openWorld(t);
  writeImages(join(world.dir, 'p'), 1);
  execFileSync('mkfifo', [join(world.dir, 'pipe.jpg')]);
  const result = await world.cli(['add', 'p', 'pipe.jpg', '/dev/zero', '/dev/null', 'gone.jpg']);
  assert.equal(result.code, 3);
  const outcomes = rows(result.stdout).map(({ source, outcome }) => [source, outcome]);
  assert.deepEqual(Object.fromEntries(outcomes), {
    'p/0000.png': 'added',
    'pipe.jpg': 'failed',
    '/dev/zero': 'failed',
    '/dev/null': 'failed',
    'gone.jpg': 'failed',
  });
});

test('names of any kind are sent as what they name, and shown on one line', async (t) => {
  const world = await openWorld(t);
  const names = [
    'two\nlines.png',
    `${'x'.repeat(251)}.png`,
    '-rf.png',
    '--yes',
    'a\u001b[31mb\u202Ec.png',
    ' .png',
    '犬🐕.png',
  ];
  mkdirSync(join(world.dir, 'p'));
  for (const [index, name] of names.entries()) writeFileSync(join(world.dir, 'p', name), pngOf(index));
  const result = await world.cli(['add', 'p']);
  assert.equal(result.code, 0, result.stderr);
  assert.deepEqual(
    rows(result.stdout)
      .map(({ source }) => source)
      .toSorted(),
    names.map((name) => `p/${name}`).toSorted(),
  );
  writeFileSync(join(world.dir, 'p', 'bad\n\u001b[2Jname.jpg'), '');
  const named = await world.cli(['add', 'p/bad\n\u001b[2Jname.jpg']);
  assert.match(named.stderr, /^failed: p\/bad \[2Jname\.jpg: /);
  const dashed = await world.cli(['add', '--', '-rf.png', '--yes'], { cwd: join(world.dir, 'p') });
  assert.deepEqual(
    rows(dashed.stdout).map(({ outcome }) => outcome),
    ['exists', 'exists'],
  );
});

test('a name that is not UTF-8 is named as unreadable, or sent; the others are', async (t) => {
  const world = await openWorld(t);
  writeImages(join(world.dir, 'p'), 1);
  writeFileSync(
    Buffer.concat([Buffer.from(`${world.dir}/p/`), Buffer.from([0x66, 0xff, 0xfe]), Buffer.from('.png')]),
    pngOf(5),
  );
  const result = await world.cli(['add', 'p']);
  const outcomes = rows(result.stdout).map(({ outcome }) => outcome);
  assert.equal(outcomes.length, 2);
  assert.ok(outcomes.includes('added'));
  if (result.code !== 0) assert.match(result.stderr, /failed: p\/f.*\.png: .*its name is not UTF-8/);
});

test('links in circles end, and thousands of files in one folder come once each', async (t) => {
  const world = await openWorld(t);
  mkdirSync(join(world.dir, 'p', 'deep'), { recursive: true });
  symlinkSync('..', join(world.dir, 'p', 'deep', 'up'));
  for (let index = 0; index < 3000; index += 1) writeFileSync(join(world.dir, 'p', `${index}.png`), pngOf(index));
  const { stdout, code } = await world.cli(['add', 'p', '--dry-run', '-o', 'ids']);
  assert.equal(code, 0);
  const ids = stdout.trim().split('\n');
  assert.deepEqual([ids.length, new Set(ids).size], [3000, 3000]);
});

test('a full disk where media are saved ends the run with exit 1, at once, and leaves no half file', async (t) => {
  const world = await openWorld(t);
  writeImages(join(world.dir, 'p'), 2);
  await world.cli(['add', 'p', '--id-from', 'name', '-q']);
  mkdirSync(join(world.dir, 'm'));
  symlinkSync('/dev/full', join(world.dir, 'm', '.0000.partial'));
  const result = await world.cli(['get', '0000', '0001', '--download', 'm', '-o', 'ids']);
  assert.equal(result.code, 1);
  assert.match(result.stderr, /^error: .*: no space left on device\nhint: free up disk space/);
  assert.equal(result.requests.filter(({ path }) => path.startsWith('/media/')).length, 1);
  assert.deepEqual(readdirSync(join(world.dir, 'm')), []);
});

test('a failures file that can not be written is exit 1 before anything is sent', async (t) => {
  const world = await openWorld(t);
  writeImages(join(world.dir, 'p'), 1);
  const result = await world.cli(['add', 'p', '--failures', 'no/such/folder/f.ndjson']);
  assert.deepEqual([result.code, result.requests.length], [1, 0]);
});

test('a failures file may be a device or a pipe that is read; a folder and a pipe that nothing reads are exit 2', async (t) => {
  const world = await openWorld(t);
  writeImages(join(world.dir, 'p'), 1);
  execFileSync('mkfifo', [join(world.dir, 'pipe')]);
  mkdirSync(join(world.dir, 'd'));
  for (const [name, problem] of [
    ['d', 'a folder, not a file'],
    ['pipe', 'a pipe that nothing reads'],
  ] as const) {
    const result = await world.cli(['add', 'p', 'gone.jpg', '--failures', name]);
    assert.deepEqual([result.code, result.requests.length], [2, 0]);
    assert.match(result.stderr, new RegExp(`^error: --failures ${name} is ${problem}$`, 'm'));
  }
  assert.equal((await world.cli(['add', 'p', 'gone.jpg', '--failures', '/dev/null'])).code, 3);
  const reader = createReadStream(join(world.dir, 'pipe'), 'utf8');
  const read = text(reader);
  const piped = await world.cli(['add', 'p', 'gone.jpg', '--failures', 'pipe']);
  assert.equal(piped.code, 3, piped.stderr);
  assert.match(await read, /"gone\.jpg"/);
});

test('a failures file on a full disk ends the run with exit 1', async (t) => {
  const world = await openWorld(t);
  writeImages(join(world.dir, 'p'), 1);
  const result = await world.cli(['add', 'p', 'gone.jpg', '--failures', '/dev/full']);
  assert.equal(result.code, 1, result.stderr);
  assert.match(result.stderr, /^error: \/dev\/full: no space left on device\nhint: free up disk space/m);
});

function idOf(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 32);
}
