import { isUtf8 } from 'node:buffer';
import type * as fileTypeModule from 'file-type';
import type { MediaKind } from '../../wire/messages.js';
import {
  claimedKind,
  extensionOf,
  foreignFormat,
  foreignFormatOfName,
  isRawName,
  kindOfFormat,
  kindOfName,
  type ForeignFormat,
} from './formats.js';

/** The format of a file, by its first bytes and its name. */
export type FileFormat =
  | { readonly is: 'supported'; readonly kind: MediaKind }
  /** Media of a format that the service does not take. */
  | { readonly is: 'foreign'; readonly format: ForeignFormat }
  /** Named as media, without any in it. */
  | { readonly is: 'mislabelled'; readonly kind: MediaKind; readonly extension: string }
  | { readonly is: 'lfs-pointer'; readonly kind: MediaKind }
  | { readonly is: 'other' };

/** First bytes of a file, with its path for the formats that keep what tells them further on, such as TIFF. */
export interface FileHead {
  readonly path: string;
  readonly head: Buffer;
  readonly sizeBytes: number;
}

/** Larger than every pointer that Git LFS writes. */
const maxPointerBytes = 1024;

/** Tells the format of a file. A name that says text is believed if the content is text, whatever it begins with. */
export async function sniffFormat(file: FileHead, fileType: typeof fileTypeModule): Promise<FileFormat> {
  const { path, head } = file;
  const isText = isPlainText(head);
  if (isText && kindOfName(path) === 'text') return { is: 'supported', kind: 'text' };
  return formatOfText(file, isText) ?? (await formatOfContent(file, isText, fileType)) ?? formatOfName(path);
}

/** Formats that are written as text. */
function formatOfText({ path, head, sizeBytes }: FileHead, isText: boolean): FileFormat | undefined {
  if (!isText) return undefined;
  const text = head.toString('utf8');
  const kind = claimedKind(path);
  if (sizeBytes < maxPointerBytes && text.startsWith('version https://git-lfs.github.com/spec/')) {
    return kind === undefined ? { is: 'other' } : { is: 'lfs-pointer', kind };
  }
  const isSvg = /^\ufeff?\s*(<\?xml[^>]*\?>\s*)?(<!--.*?-->\s*|<!DOCTYPE svg[^>]*>\s*)*<svg[\s/>]/is.test(text);
  return isSvg ? { is: 'foreign', format: { kind: 'image', name: 'SVG' } } : undefined;
}

async function formatOfContent(
  { path, head, sizeBytes }: FileHead,
  isText: boolean,
  fileType: typeof fileTypeModule,
): Promise<FileFormat | undefined> {
  // all media have bytes that no text has: what is text only begins like them
  if (isText) return undefined;
  const type = (await fileType.fileTypeFromBuffer(head)) ?? (await fileType.fileTypeFromFile(path));
  if (type === undefined || !isSignatureFollowed(type.ext, head, sizeBytes)) return undefined;
  // a camera's raw picture is TIFF by its first bytes
  return type.ext === 'tif' && isRawName(path) ? formatOfName(path) : formatOfType(type);
}

function formatOfType({ ext, mime }: fileTypeModule.FileTypeResult): FileFormat {
  const kind = kindOfFormat(ext);
  const isAudioOfVideo = kind === 'video' && mime.startsWith('audio/');
  if (kind !== undefined && !isAudioOfVideo) return { is: 'supported', kind };
  const format = foreignFormat(isAudioOfVideo ? 'wma' : ext, mime);
  return format === undefined ? { is: 'other' } : { is: 'foreign', format };
}

function formatOfName(path: string): FileFormat {
  const kind = kindOfName(path);
  // whether it is UTF-8 throughout is looked at when the whole of it is read
  if (kind === 'text') return { is: 'supported', kind };
  if (kind !== undefined) return { is: 'mislabelled', kind, extension: extensionOf(path) };
  const format = foreignFormatOfName(path);
  return format === undefined ? { is: 'other' } : { is: 'foreign', format };
}

/** True for UTF-8 without control characters but line ends, tabs and the like; the last character may be cut. */
function isPlainText(head: Buffer): boolean {
  for (let cut = 0; cut < 4 && cut < head.length; cut += 1) {
    const part = head.subarray(0, head.length - cut);
    if (isUtf8(part)) return !part.some((byte) => byte === 127 || (byte < 32 && !isTextControl(byte)));
  }
  return false;
}

/** Tab to carriage return, the end of a file in DOS, and escape. */
function isTextControl(byte: number): boolean {
  return (byte >= 9 && byte <= 13) || byte === 26 || byte === 27;
}

/** Sizes of the headers of BMP. Source: the Windows SDK's wingdi.h, and OS/2's. */
const bmpHeaderBytes = new Set([12, 16, 40, 52, 56, 64, 108, 124]);
const gifHeaderBytes = 13;

/** True if what must follow a short signature follows it: two letters alone are the beginning of many things. */
function isSignatureFollowed(format: string, head: Buffer, sizeBytes: number): boolean {
  switch (format) {
    case 'bmp':
      return sizeBytes >= 26 && bmpHeaderBytes.has(head.readUInt32LE(14));
    case 'gif':
      return isGif(head);
    case 'mp3':
      return head.toString('latin1', 0, 3) !== 'ID3' || isId3(head);
    default:
      return true;
  }
}

function isGif(head: Buffer): boolean {
  if (head.length <= gifHeaderBytes || !/^GIF8[79]a/.test(head.toString('latin1', 0, 6))) return false;
  const packed = head.readUInt8(10);
  const tableBytes = (packed & 0x80) === 0 ? 0 : 3 * 2 ** ((packed & 7) + 1);
  const block = head[gifHeaderBytes + tableBytes];
  // an image, an extension, or the end; a cut file is for the service to judge
  return block === undefined || block === 0x2c || block === 0x21 || block === 0x3b;
}

/** Version 2 to 4, and a size of four bytes below 128. Source: id3.org, ID3v2.4 section 3.1. */
function isId3(head: Buffer): boolean {
  if (head.length < 10) return false;
  const version = head.readUInt8(3);
  return version >= 2 && version <= 4 && head.subarray(6, 10).every((byte) => byte < 0x80);
}

/** Pixels of a BMP: image-size reads the old header of 12 bytes as if it were the newer one. */
export function bmpPixels(head: Uint8Array): number | undefined {
  if (head.length < 26 || head[0] !== 0x42 || head[1] !== 0x4d) return undefined;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (view.getUint32(14, true) === 12) return view.getUint16(18, true) * view.getUint16(20, true);
  // a negative height means that the first row is the upper one
  return Math.abs(view.getInt32(18, true) * view.getInt32(22, true));
}
