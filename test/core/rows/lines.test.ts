import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import test from 'node:test';
import { numberedLines, texts } from '../../../src/core/rows/lines.js';

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

test('nothing has no lines', async () => {
  assert.deepEqual(await linesOf(), []);
  assert.deepEqual(await linesOf(''), []);
});
