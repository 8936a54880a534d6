import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { Chalk } from 'chalk';
import { drawPicture, makeSmallCopy } from '../../../src/render/picture/picture.js';
import { pictureProtocol } from '../../../src/render/picture/protocol.js';
import { fixture } from '../../harness.js';
import { pngOf } from '../../tiny-images.js';

// eslint-disable-next-line no-control-regex -- they are what is looked for
const kittyPieces = /\u001b_G([^;]*);([^\u001b]*)\u001b\\/g;
// eslint-disable-next-line no-control-regex -- they are what is looked for
const itermPicture = /^\u001b\]1337;File=([^:]*):([^\u0007]*)\u0007$/;

const colours = new Chalk({ level: 3 });

test('half blocks show two pixels a place, in their colours and proportions', async () => {
  const copy = await makeSmallCopy(pngOf(0x2040c0));
  const { lines, columns, rows } = await drawPicture(
    copy,
    { protocol: 'half-blocks', colours },
    { columns: 20, rows: 5 },
  );
  assert.deepEqual([columns, rows], [10, 5]);
  assert.deepEqual(
    lines.map((line) => stripVTControlCharacters(line)),
    Array.from({ length: 5 }, () => '▀'.repeat(10)),
  );
  // pngOf takes the lowest byte for red; a JPEG copy is off by a little
  const [, red, green, blue] = /\[38;2;(\d+);(\d+);(\d+)m/.exec(lines[0] ?? '') ?? [];
  for (const [got, wanted] of [
    [red, 0xc0],
    [green, 0x40],
    [blue, 0x20],
  ] as const) {
    assert.ok(Math.abs(Number(got) - wanted) < 6, `${got ?? ''} is about ${wanted}`);
  }
});

test('kitty gets a PNG in pieces of 4096, without being asked for an answer', async () => {
  const photo = readFileSync(fixture('photos', 'cat', 'Ginger cat.jpg'));
  const { lines, columns, rows } = await drawPicture(
    await makeSmallCopy(photo),
    { protocol: 'kitty', colours },
    { columns: 60, rows: 20 },
  );
  const pieces = [...(lines[0] ?? '').matchAll(kittyPieces)];
  assert.equal(pieces.map(([whole]) => whole).join(''), lines[0]);
  assert.ok(pieces.length > 1 && pieces.every(([, , data = '']) => data.length <= 4096));
  assert.equal(pieces[0]?.[1], `a=T,f=100,c=${columns},r=${rows},C=1,q=2,m=1`);
  assert.equal(pieces.at(-1)?.[1], 'm=0');
  const png = Buffer.from(pieces.map(([, , data]) => data).join(''), 'base64');
  assert.equal(png.toString('latin1', 1, 4), 'PNG');
  assert.ok(columns <= 60 && rows <= 20 && (columns === 60 || rows === 20));
});

test('iTerm2 gets a JPEG with its size in places', async () => {
  const { lines, columns, rows } = await drawPicture(
    await makeSmallCopy(pngOf(7)),
    { protocol: 'iterm', colours },
    { columns: 30, rows: 10 },
  );
  const [, keys, data = ''] = itermPicture.exec(lines[0] ?? '') ?? [];
  const jpeg = Buffer.from(data, 'base64');
  assert.equal(keys, `inline=1;size=${jpeg.length};width=${columns};height=${rows};doNotMoveCursor=1`);
  assert.equal(jpeg.readUInt16BE(0), 0xffd8);
});

test('what is not a picture, damaged or far too large says so', async () => {
  const photo = readFileSync(fixture('photos', 'cat', 'Ginger cat.jpg'));
  await assert.rejects(makeSmallCopy(Buffer.from('<html>gone</html>')), /not a picture/);
  await assert.rejects(makeSmallCopy(Buffer.alloc(0)), /not a picture/);
  await assert.rejects(makeSmallCopy(photo.subarray(0, photo.length / 2)), /can't be decoded/);
  const bomb = pngOf(1);
  // the width in its header
  bomb.writeUInt32BE(60_000, 16);
  bomb.writeUInt32BE(60_000, 20);
  await assert.rejects(makeSmallCopy(bomb), /can't be decoded/);
});

test('a terminal is given what it tells that it can show', () => {
  const env = (values: Record<string, string>): unknown => pictureProtocol(values, colours);
  assert.equal(env({ KITTY_WINDOW_ID: '1' }), 'kitty');
  assert.equal(env({ TERM: 'xterm-ghostty' }), 'kitty');
  assert.equal(env({ TERM_PROGRAM: 'iTerm.app' }), 'iterm');
  assert.equal(env({ LC_TERMINAL: 'iTerm2' }), 'iterm');
  assert.equal(env({ TERM: 'xterm-256color' }), 'half-blocks');
  assert.equal(env({ TERM: 'tmux-256color', KITTY_WINDOW_ID: '1' }), 'half-blocks');
  assert.equal(env({ TMUX: '/tmp/x', TERM_PROGRAM: 'iTerm.app' }), 'half-blocks');
  assert.equal(pictureProtocol({}, new Chalk({ level: 1 })), undefined);
  assert.equal(pictureProtocol({ KITTY_WINDOW_ID: '1' }, new Chalk({ level: 0 })), undefined);
});
