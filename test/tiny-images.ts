import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';

const signature = Buffer.from('\u0089PNG\r\n\u001a\n', 'latin1');

/** A square PNG whose content `n` decides; padded to `sizeBytes` where that is larger. */
export function pngOf(n: number, sizeBytes = 0, side = 8): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 2], 8); // 8 bits, RGB
  const colour = [n & 255, (n >> 8) & 255, (n >> 16) & 255];
  const row = Buffer.from([0, ...Array.from({ length: side }, () => colour).flat()]);
  const pixels = deflateSync(Buffer.concat(Array.from({ length: side }, () => row)));
  const parts = [signature, chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))];
  const missing = sizeBytes - Buffer.concat(parts).length - 12;
  if (missing >= 0) parts.splice(2, 0, chunk('paDd', Buffer.alloc(missing, n)));
  return Buffer.concat(parts);
}

/** Writes `count` different pictures into a folder, `0000.png` and so on, and tells their paths. */
export function writeImages(folder: string, count: number, first = 0): readonly string[] {
  mkdirSync(folder, { recursive: true });
  return Array.from({ length: count }, (_, index) => {
    const path = join(folder, `${String(first + index).padStart(4, '0')}.png`);
    writeFileSync(path, pngOf(first + index));
    return path;
  });
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
  return crc;
});

function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = crcTable[(crc ^ byte) & 255]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
