import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isObject, valueAt, type Json } from '../../../src/wire/json.js';
import { fixture, openWorld, rows } from '../../harness.js';
import { pngOf } from '../../tiny-images.js';

test('an image goes up with the text beside it, and its row in --failures keeps that', async (t) => {
  const world = await openWorld(t, { faults: { outcomes: [{ text: 'bad', code: 30002 }] } });
  world.write('a.png', pngOf(1));
  const manifest = [
    { id: 'file', path: 'a.png', text: 'beside a file' },
    { id: 'url', url: 'https://x.test/a.jpg', text: 'beside a URL' },
    { id: 'bad', url: 'https://x.test/bad.jpg', text: 'beside what fails' },
    { id: 'none', url: 'https://x.test/b.jpg', text: '' },
  ];
  world.write('rows.ndjson', manifest.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const added = await world.cli(['add', '--manifest', 'rows.ndjson', '--failures', 'failed.ndjson']);
  assert.match(added.stderr, /4 sources: 3 added, 1 failed/);
  const inputs = new Map((await world.inputs()).map(({ id, data }) => [id, data]));
  const charsOf = (id: string): unknown => valueAt(inputs.get(id)?.['text'] as Json, ['text_info', 'char_count']);
  assert.deepEqual([charsOf('file'), charsOf('url'), charsOf('none')], [13, 12, undefined]);
  assert.ok(isObject(inputs.get('file')?.['image']) && isObject(inputs.get('url')?.['image']));
  const [failed] = rows(readFileSync(join(world.dir, 'failed.ndjson'), 'utf8'));
  assert.deepEqual([failed?.['url'], failed?.['text']], ['https://x.test/bad.jpg', 'beside what fails']);
});

test('only an image has a text beside it, and one that another text is given for is told of', async (t) => {
  const world = await openWorld(t);
  world.write('a.png', pngOf(1));
  const row = (fields: object): string => `${JSON.stringify(fields)}\n`;
  const video = await world.cli(['add', '--manifest', '-'], {
    stdin: row({ path: fixture('media', 'clip.mp4'), text: 'no' }) + row({ pattern: '*.png', text: 'no' }),
  });
  assert.equal(video.code, 3);
  assert.match(video.stderr, /clip\.mp4: is video, and only an image can have a text beside it/);
  assert.match(video.stderr, /names text and pattern, but an input can have only one of them/);
  const add = (text: string): ReturnType<typeof world.cli> =>
    world.cli(['add', '--manifest', '-'], { stdin: row({ path: 'a.png', text }) });
  assert.equal((await add('first')).code, 0);
  const same = await add('first');
  assert.match(same.stderr, /1 exists/);
  assert.doesNotMatch(same.stderr, /warning/);
  const other = await add('another');
  assert.match(other.stderr, /warning: 'a\.png' was not sent: the app has the image with a text of 5 characters/);
});

test('a printed input whose text only the service has is not sent without it', async (t) => {
  const world = await openWorld(t);
  const stdin = JSON.stringify({ id: 'a', url: 'https://x.test/a.jpg', text: 'beside' });
  assert.equal((await world.cli(['add', '--manifest', '-'], { stdin })).code, 0);
  const printed = await world.cli(['list', '-o', 'ndjson']);
  const again = await world.cli(['add', '--manifest', '-', '--app-id', 'other'], { stdin: printed.stdout });
  assert.equal(again.code, 3);
  assert.match(again.stderr, /a\.jpg: its text is the service's own copy; save it with 'clarifai-inputs export'/);
});
