import assert from 'node:assert/strict';
import test from 'node:test';
import * as fileType from 'file-type';
import { bmpPixels, sniffFormat } from '../../../src/core/files/sniff.js';
import { TempFolder } from '../../temp-folder.js';
import { pngOf } from '../../tiny-images.js';

const heic = Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1');
const mkv = Buffer.from('1a45dfa3a3428681014282886d6174726f736b61', 'hex');
const flac = Buffer.from('fLaC\0\0\0\x22\x10\0', 'latin1');
const tiff = Buffer.concat([Buffer.from('II*\0\x08\0\0\0', 'latin1'), Buffer.alloc(64)]);
const gif = Buffer.from('GIF89a\x01\0\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0;', 'latin1');
const bmp = Buffer.concat([
  Buffer.from('BM', 'latin1'),
  Buffer.alloc(12),
  Buffer.from([40, 0, 0, 0]),
  Buffer.alloc(40),
]);

const supported = (kind: string): object => ({ is: 'supported', kind });
const foreign = (kind: string, name: string): object => ({ is: 'foreign', format: { kind, name } });

const cases: readonly (readonly [string, string | Buffer, object])[] = [
  ['a.txt', 'BMW fleet notes', supported('text')],
  ['a.md', 'ID3 tags explained', supported('text')],
  ['a.csv', 'GIF89a,is,a,format', supported('text')],
  ['notes', 'BM25 ranking, with more words than a header has bytes', { is: 'other' }],
  ['notes', 'GIF89a is a format', { is: 'other' }],
  ['notes.dat', Buffer.from('BM\0\x01\x02\x03 and other bytes that are not a picture', 'latin1'), { is: 'other' }],
  ['notes.dat', Buffer.from('ID3\x7f\x7f\0\xff\xff\xff\xff', 'latin1'), { is: 'other' }],
  ['a.txt', pngOf(1), supported('image')],
  ['a.jpg', pngOf(1), supported('image')],
  ['a', gif, supported('image')],
  ['a', bmp, supported('image')],
  ['a.jpg', 'no picture', { is: 'mislabelled', kind: 'image', extension: 'jpg' }],
  ['IMG_1.HEIC', heic, foreign('image', 'HEIC')],
  ['IMG_1.jpg', heic, foreign('image', 'HEIC')],
  ['film', mkv, foreign('video', 'MKV')],
  ['song.mp3', flac, foreign('audio', 'FLAC')],
  ['raw.nef', tiff, foreign('image', 'NEF (raw)')],
  ['scan.tif', tiff, supported('image')],
  ['a.psd', 'anything', foreign('image', 'PSD')],
  ['a.svg', '<?xml version="1.0"?>\n<!-- drawn -->\n<svg xmlns="x"/>', foreign('image', 'SVG')],
  ['a.jpg', '<svg/>', foreign('image', 'SVG')],
  ['a.txt', '<svg/>', supported('text')],
  [
    'a.jpg',
    'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n',
    { is: 'lfs-pointer', kind: 'image' },
  ],
  ['a.bin', 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n', { is: 'other' }],
];

for (const [name, content, expected] of cases) {
  const start = Buffer.from(content).toString('latin1', 0, 20);
  test(`${name} that begins ${JSON.stringify(start)} is told`, async (t) => {
    const path = new TempFolder(t).write(name, content);
    const head = Buffer.from(content).subarray(0, 4100);
    assert.deepEqual(await sniffFormat({ path, head, sizeBytes: head.length }, fileType), expected);
  });
}

test('the pixels of a BMP are told whichever header it has', () => {
  const old = Buffer.from('424d00000000000000001a0000000c000000080009000100180000', 'hex');
  assert.equal(bmpPixels(old), 72);
  const upsideDown = Buffer.from(bmp);
  upsideDown.writeInt32LE(10, 18);
  upsideDown.writeInt32LE(-20, 22);
  assert.equal(bmpPixels(upsideDown), 200);
  assert.equal(bmpPixels(Buffer.from(pngOf(1))), undefined);
});
