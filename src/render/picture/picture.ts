import { fileTypeFromBuffer } from 'file-type';
import type { Sharp, SharpOptions } from 'sharp';
import { LocalError, messageOf } from '../../errors.js';
import type { Colours } from '../colour.js';
import type { PictureProtocol } from './protocol.js';

/** A renderer for the pictures of one terminal. */
export interface PictureRenderer {
  readonly protocol: PictureProtocol;
  readonly colours: Colours;
}

/** The size of something on a terminal, in characters. */
export interface CellSize {
  readonly columns: number;
  readonly rows: number;
}

/** A picture as a terminal shows it. */
export interface Drawing extends CellSize {
  /** To be written from the place of the upper left corner on; where pixels are drawn, all is in the first line. */
  readonly lines: readonly string[];
}

/** Formats that can be decoded, by what file-type calls them. */
const decodable = new Set(['jpg', 'png', 'apng', 'gif', 'tif', 'webp', 'avif']);

/**
 * The service's own limit. A picture that claims more is not decoded: it may be a bomb. Source: the vendor's upload
 * page.
 */
const maxPixels = 85_000_000;
const maxSeconds = 20;

/** Pixels of a copy's longer side: more than a terminal shows. */
const copySide = 1400;

/** Pixels that a character is taken to have, where a terminal draws pixels; it scales them to what it has. */
const cell = { width: 10, height: 20 };

/**
 * A small upright copy of a picture, from which drawings of any size are made. Decoded outside of the main thread.
 *
 * @throws LocalError that says why it can't be drawn
 */
export async function makeSmallCopy(bytes: Buffer): Promise<Buffer> {
  const type = await fileTypeFromBuffer(bytes);
  if (type === undefined) throw new LocalError('what is at its address is not a picture');
  if (!decodable.has(type.ext)) throw new LocalError(`${type.ext.toUpperCase()} is not drawn here`);
  const image = await openDecoder(bytes, { limitInputPixels: maxPixels, failOn: 'error', sequentialRead: true });
  try {
    return await image
      .autoOrient()
      .resize({ width: copySide, height: copySide, fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#808080' })
      .jpeg({ quality: 90 })
      .timeout({ seconds: maxSeconds })
      .toBuffer();
  } catch (error) {
    throw new LocalError(`it can't be decoded: ${firstLine(error)}`, { cause: error });
  }
}

/** Draws a copy as large as the place lets it, its proportions kept. */
export async function drawPicture(
  copy: Buffer,
  { protocol, colours }: PictureRenderer,
  place: CellSize,
): Promise<Drawing> {
  const image = await openDecoder(copy);
  return protocol === 'half-blocks'
    ? await drawHalfBlocks(image, colours, place)
    : await drawPixels(image, protocol, place);
}

/** Each character shows two pixels, one above the other. */
async function drawHalfBlocks(image: Sharp, colours: Colours, { columns, rows }: CellSize): Promise<Drawing> {
  const { data, info } = await image
    .resize({ width: columns, height: rows * 2, fit: 'inside' })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const pixel = (x: number, y: number): [number, number, number] => {
    const at = (y * info.width + x) * info.channels;
    return [data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0];
  };
  const half = (x: number, y: number): string => {
    const upper = colours.rgb(...pixel(x, y));
    return y + 1 < info.height ? upper.bgRgb(...pixel(x, y + 1))('▀') : upper('▀');
  };
  const height = Math.ceil(info.height / 2);
  const line = (row: number): string => Array.from({ length: info.width }, (_, x) => half(x, row * 2)).join('');
  return { lines: Array.from({ length: height }, (_, row) => line(row)), columns: info.width, rows: height };
}

/** Sends the picture itself; the terminal scales it to the places it is given. */
async function drawPixels(image: Sharp, protocol: 'kitty' | 'iterm', { columns, rows }: CellSize): Promise<Drawing> {
  const sized = image.resize({ width: columns * cell.width, height: rows * cell.height, fit: 'inside' });
  const { data, info } = await (protocol === 'kitty' ? sized.png() : sized.jpeg()).toBuffer({
    resolveWithObject: true,
  });
  const size = { columns: Math.ceil(info.width / cell.width), rows: Math.ceil(info.height / cell.height) };
  return { lines: [protocol === 'kitty' ? encodeKitty(data, size) : encodeIterm(data, size)], ...size };
}

/** Characters of base64 a piece. Source, as of the keys: the documentation of kitty's graphics protocol. */
const kittyPiece = 4096;

/** Without an answer from the terminal (q=2), which would be read as keys, and without moving the cursor (C=1). */
function encodeKitty(png: Buffer, { columns, rows }: CellSize): string {
  const base64 = png.toString('base64');
  const pieces = base64.match(new RegExp(`.{1,${kittyPiece}}`, 'g')) ?? [];
  return pieces
    .map((piece, index) => {
      const head = index === 0 ? `a=T,f=100,c=${columns},r=${rows},C=1,q=2,` : '';
      return `\u001b_G${head}m=${index + 1 < pieces.length ? 1 : 0};${piece}\u001b\\`;
    })
    .join('');
}

/** Source: the documentation of iTerm2's inline images. */
function encodeIterm(jpeg: Buffer, { columns, rows }: CellSize): string {
  const keys = `inline=1;size=${jpeg.length};width=${columns};height=${rows};doNotMoveCursor=1`;
  return `\u001b]1337;File=${keys}:${jpeg.toString('base64')}\u0007`;
}

/** Takes away what was drawn by pixels; characters are overwritten. */
export const removeKittyPictures = '\u001b_Ga=d,d=A,q=2\u001b\\';

async function openDecoder(bytes: Buffer, options: SharpOptions = {}): Promise<Sharp> {
  const sharp = await loadDecoder();
  return sharp(bytes, options);
}

/**
 * Loads what decodes pictures; worth doing before the first one is there, since it takes a while.
 *
 * @throws LocalError if it is not installed
 */
export async function loadDecoder(): Promise<(bytes: Buffer, options: SharpOptions) => Sharp> {
  try {
    const { default: sharp } = await import('sharp');
    sharp.cache(false);
    // one thread a picture: keys are answered meanwhile
    sharp.concurrency(1);
    return sharp;
  } catch (error) {
    throw new LocalError('pictures are drawn with the package sharp, which cannot be loaded here', {
      hint: 'npm install sharp beside clarifai-inputs',
      cause: error,
    });
  }
}

/** Some errors of the decoder hold a line for each part of it. */
function firstLine(error: unknown): string {
  return messageOf(error).split('\n')[0] ?? '';
}
