import assert from 'node:assert/strict';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { fixture, openWorld, type World } from '../../harness.js';
import { writeImages } from '../../tiny-images.js';

async function withPhotos(t: TestContext, count: number): Promise<World> {
  const world = await openWorld(t);
  writeImages(join(world.dir, 'p'), count);
  return world;
}

test('add --interactive asks for concepts and metadata, and shows the command that does the same', async (t) => {
  const world = await withPhotos(t, 2);
  await world.cli(['add', 'p/0000.png', '-c', 'dog', '-q']);
  await world.cli(['rm', '--all', '--yes', '-q']);
  await world.cli(['add', 'p/0000.png', '-c', 'dog', '-q']);
  const result = await world.cli(['add', 'p/0001.png', '--interactive', '-c', 'old', '--id-from', 'name'], {
    tty: true,
    typing: [
      { after: 'Concept for all inputs', keys: 'do' },
      { after: '❯ dog', keys: '\r' },
      { after: 'Another concept', keys: 'a cat=0' },
      { after: '❯ a cat=0', keys: '\r' },
      { after: '❯ done', keys: '\r' },
      { after: 'Metadata for all inputs', keys: 'nonsense\r' },
      { after: 'is not KEY=VALUE', keys: '\u0015camera=left eye\r' },
      { after: /✔ Metadata for all inputs[^]*\? Metadata for all inputs/, keys: '\r' },
      {
        after:
          /Add\s+1\s+image,\s+\d+\s+B,\s+with\s+concepts\s+old,\s+dog,\s+a\s+cat=0\s+and\s+metadata\s+camera=left\s+eye\s+\(skipping[^]*\(Y\/n\)/,
        keys: '\r',
      },
    ],
  });
  assert.equal(result.code, 0, result.stderr);
  const [post] = result.requests.filter(({ method }) => method === 'POST');
  assert.ok(post);
  const body = JSON.stringify(post.json);
  assert.match(body, /"concepts":\[\{"id":"old","value":1\},\{"id":"dog","value":1\},\{"id":"a cat","value":0\}\]/);
  assert.match(body, /"metadata":\{"camera":"left eye"\}/);
  const [, same = ''] = /equivalent command:\s+clarifai-inputs (.*)\n/.exec(result.stderr) ?? [];
  assert.equal(same, "add p/0001.png -c dog -c 'a cat=0' --meta 'camera=left eye' -c old --id-from name");
});

test('add --interactive without answers adds what the flags say', async (t) => {
  const world = await withPhotos(t, 1);
  const result = await world.cli(['add', 'p', '--interactive'], {
    tty: true,
    typing: [
      { after: '❯ done', keys: '\r' },
      { after: 'Metadata for all inputs', keys: '\r' },
      { after: /without\s+concepts\s+or\s+metadata\s+\(skipping[^]*\(Y\/n\)/, keys: '\r' },
    ],
  });
  assert.equal(result.code, 0, result.stderr);
  assert.match(result.stderr, /equivalent command:\s+clarifai-inputs add p\n/);
});

test('add --interactive says what it found, and sends nothing to whom says no', async (t) => {
  const world = await withPhotos(t, 3);
  world.write('p/empty.jpg', '');
  world.write('p/readme.md', 'no media');
  copyFileSync(fixture('media', 'clip.mp4'), join(world.dir, 'p', 'clip.mp4'));
  const result = await world.cli(['add', 'p', 'https://x.test/a.jpg', '--interactive', '-c', 'dog'], {
    tty: true,
    typing: [
      { after: /found 4 images and 1 video, [\d.]+ kB; 1 source cannot be sent\n[^]*❯ done/, keys: '\r' },
      { after: 'Metadata for all inputs', keys: '\r' },
      { after: /Add 4 images and 1 video, [\d.]+ kB, with concept dog \(/, keys: 'n\r' },
    ],
  });
  assert.equal(result.code, 130, result.stderr);
  assert.match(result.stderr, /nothing added/);
  assert.deepEqual(await world.ids(), []);
});

test('add --interactive asks nothing where there is nothing to send', async (t) => {
  const world = await withPhotos(t, 0);
  world.write('empty.jpg', '');
  const result = await world.cli(['add', 'empty.jpg', '--interactive'], { tty: true, typing: [] });
  assert.equal(result.code, 3);
  assert.match(result.stderr, /found 0 inputs; 1 source cannot be sent\n[^]*empty\.jpg: 30104/);
  assert.doesNotMatch(result.stderr, /Concept for all inputs/);
});

test('add --interactive needs somebody to ask, and stdin for the answers: exit 2', async (t) => {
  const world = await withPhotos(t, 1);
  for (const [words, tty] of [
    [['p'], false],
    [['p', '--no-input'], true],
    [['-'], true],
    [['--manifest', '-'], true],
  ] as const) {
    const result = await world.cli(['add', '--interactive', ...words], { tty });
    assert.deepEqual([result.code, result.requests.length], [2, 0], words.join(' '));
    assert.match(result.stderr, /-c NAME/);
  }
});

test('Ctrl-C at a question adds nothing', async (t) => {
  const world = await withPhotos(t, 1);
  const result = await world.cli(['add', 'p', '--interactive'], {
    tty: true,
    typing: [{ after: '❯ done', keys: '\u0003' }],
  });
  assert.deepEqual([result.code, await world.ids()], [130, []]);
});

test('get --preview draws on stderr, and stdout stays data', async (t) => {
  const world = await openWorld(t, { env: { TERM: 'xterm-256color', COLORTERM: 'truecolor' } });
  const photo = readFileSync(fixture('photos', 'cat', 'Ginger cat.jpg'));
  world.write('good.jpg', photo);
  world.write('cut.jpg', photo.subarray(0, photo.length / 2));
  await world.cli(['add', 'good.jpg', 'cut.jpg', '--id-from', 'name', '-q']);
  const result = await world.cli(['get', 'good', 'cut', '--preview', '-o', 'ids'], { tty: true });
  assert.deepEqual([result.code, result.stdout], [0, 'good\ncut\n']);
  assert.match(result.stderr, /^good\n[^]*▀[^]*\ncut\nnot shown: it can't be decoded: [^\n]*\n$/);
  const [, picture = ''] = result.stderr.split(/good\n|cut\n/);
  assert.equal(picture.trimEnd().split('\n').length, 21);
  const plain = await world.cli(['get', 'good', '-o', 'ids'], { tty: true });
  assert.equal(plain.stderr, '');
});

test('get --preview off a terminal tells what there would be to see', async (t) => {
  const world = await withPhotos(t, 1);
  await world.cli(['add', 'p', '--id-from', 'name', '-q']);
  const result = await world.cli(['get', '0000', '--preview', '-o', 'ids']);
  assert.equal(result.code, 0);
  assert.match(result.stderr, /^0000\nimage, PNG, 8 × 8\nA terminal with 256 colors or more shows it/);
});

test('status --wait draws one bar again and again on a terminal, and leaves the last one', async (t) => {
  const world = await withPhotos(t, 5);
  await world.cli(['add', 'p', '--no-wait', '-q']);
  const result = await world.cli(['status', '--wait'], { tty: true, env: { TERM: 'xterm-256color' }, columns: 40 });
  assert.equal(result.code, 0);
  assert.match(result.stderr, /processing 5/);
  // each new one is drawn over the one before
  const [first = '', ...later] = result.stderr.split('\u001b[J');
  assert.ok(later.length > 0);
  const rows = first.split('\n').length - 1;
  assert.ok(first.endsWith(`\u001b[${rows}A\r`), JSON.stringify(first));
  for (const line of first.split('\n')) assert.ok(line.length < 400);
  assert.match(result.stdout, /processed 5/);
});
