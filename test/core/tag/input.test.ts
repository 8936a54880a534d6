import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inputOf } from '../../../src/api/answers.js';
import { tagInput, type TagInput } from '../../../src/core/tag/input.js';
import type { JsonObject } from '../../../src/wire/json.js';

function read(data: JsonObject): TagInput {
  const input = inputOf({ input: { id: 'a', data } });
  assert.ok(input);
  return tagInput(input);
}

test('facts name the format, both sides and the length, as far as they are known', () => {
  const facts = [
    { image: { url: 'u', image_info: { format: 'JPEG', width: 512, height: 384 } } },
    { image: { url: 'u', image_info: { format: 'JPEG', width: 512 } } },
    { image: { url: 'u', image_info: { height: 384 } } },
    { video: { url: 'u', video_info: { video_format: 'MP4', width: 640, height: 360, duration_seconds: 12.4 } } },
    { audio: { url: 'u', audio_info: { audio_format: 'MP3', duration_seconds: 3 } } },
    { text: { raw: 'words' } },
  ].map((data) => read(data).facts);
  assert.deepEqual(facts, ['JPEG, 512 × 384', 'JPEG', '', 'MP4, 640 × 360, 12 s', 'MP3, 3 s', '']);
});

test('a concept without an id is not a tag, one without a name is called by its id, and only 0 is absent', () => {
  const { concepts, tags } = read({
    concepts: [
      { id: 'c1', name: 'dog', value: 1 },
      { id: 'c2', value: 0 },
      { id: 'c3', value: 0.4 },
      { id: 'c4' },
      { name: 'x' },
    ],
  });
  assert.deepEqual(
    concepts.map(({ id, name }) => [id, name]),
    [
      ['c1', 'dog'],
      ['c2', 'c2'],
      ['c3', 'c3'],
      ['c4', 'c4'],
    ],
  );
  assert.deepEqual([...tags.values()], [1, 0, 1, 1]);
});

test('its place is the path that it was added from, else its address', () => {
  const image = { url: 'http://host/a.jpg' };
  assert.equal(read({ image, metadata: { path: 'p/a.jpg' } }).place, 'p/a.jpg');
  assert.equal(read({ image, metadata: { path: 7 } }).place, image.url);
  assert.equal(read({ text: { raw: 'words' } }).place, '');
});
