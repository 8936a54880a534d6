type Reader = (bytes: Buffer) => string | undefined;

const pngModes: ReadonlyMap<number | undefined, string> = new Map([
  [0, 'GRAY'],
  [2, 'RGB'],
  [3, 'PALETTE'],
  [4, 'GRAYA'],
  [6, 'RGBA'],
]);

const readers: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['JPEG', jpeg],
  ['PNG', (bytes) => pngModes.get(bytes[25])],
  ['GIF', () => 'PALETTE'],
  ['BMP', (bytes) => (bytes.length > 28 && bytes.readUInt16LE(28) <= 8 ? 'PALETTE' : 'RGB')],
  ['WEBP', (bytes) => (bytes.toString('latin1', 12, 16) === 'VP8 ' ? 'YUV' : 'RGBA')],
]);

/** The colour mode of an image of the named format, or undefined where its header cannot be read. */
export function colourMode(format: string, bytes: Buffer): string | undefined {
  return (readers.get(format) ?? (() => 'RGB'))(bytes);
}

/** By the number of components in the frame's header, which follows a chain of segments. */
function jpeg(bytes: Buffer): string | undefined {
  let at = 2;
  while (at + 10 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] ?? 0;
    if (marker >= 0xc0 && marker <= 0xc2) return bytes[at + 9] === 1 ? 'GRAY' : bytes[at + 9] === 4 ? 'CMYK' : 'YUV';
    at += marker === 0xff ? 1 : 2 + bytes.readUInt16BE(at + 2);
  }
  return undefined;
}
