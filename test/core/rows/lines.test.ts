import { texts } from '../../../src/core/rows/text-decoder.js';
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import test from 'node:test';
import { numberedLines } from '../../../src/core/rows/lines.js';

async function linesOf(...chunks: readonly (string | Uint8Array)[]): Promise<readonly unknown[]> {
  const found: unknown[] = [];
  for await (const { text } of numberedLines(texts(Readable.from(chunks)))) found.push(text);
  return found;
}

test('lines end in LF or CRLF, and the last one needs no end', async () => {
  assert.deepEqual(await linesOf('a\nb\r\nc'), ['a', 'b', 'c']);
});

test('lines come as they are, blank ones too', async () => {
  assert.deepEqual(await linesOf('\n a b \n \t \r\n\nc\n'), ['', ' a b ', ' \t ', '', 'c']);
});

test('a line, and a character, may come in pieces', async () => {
  const bytes = Buffer.from('Häuser 日本.jpg\nb\n');
  assert.deepEqual(await linesOf(...[...bytes].map((byte) => Buffer.from([byte]))), ['Häuser 日本.jpg', 'b']);
  assert.deepEqual(await linesOf('a', 'b\n', 'c'), ['ab', 'c']);
});

test('a replacement character stays one, wherever the pieces end; bytes that are not UTF-8 are marked', async () => {
  const good = Buffer.from('a\ufffd\ufffdb\ufeff\ufffd');
  for (const size of [1, 2, 3, 5]) {
    const pieces = Array.from({ length: Math.ceil(good.length / size) }, (_, at) =>
      good.subarray(at * size, (at + 1) * size),
    );
    assert.deepEqual(await linesOf(...pieces), ['a\ufffd\ufffdb\ufeff\ufffd']);
  }
  const bad = Buffer.concat([Buffer.from('a'), Buffer.from([0xef, 0xbf]), Buffer.from('\ufffd'), Buffer.from([0xe9])]);
  assert.deepEqual(await linesOf(bad), ['a\ufdd0\ufffd\ufdd0']);
});

test('nothing has no lines', async () => {
  assert.deepEqual(await linesOf(), []);
  assert.deepEqual(await linesOf(''), []);
});
