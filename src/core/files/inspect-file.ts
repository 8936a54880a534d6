import { isUtf8 } from 'node:buffer';
import { createHash, type Hash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readFileSync, readSync, type Stats } from 'node:fs';
import { extname } from 'node:path';
import type * as fileTypeModule from 'file-type';
import type * as imageSizeModule from 'image-size';
import { readFlags, type FileContent } from '../../api/new-input.js';
import type { MediaKind } from '../../wire/messages.js';
import { statusCodes } from '../../wire/status.js';

/** MB is 10^6 bytes. Source: the vendor's upload page. */
const maxBytes: Readonly<Record<MediaKind, number>> = {
  image: 20_000_000,
  video: 128_000_000,
  audio: 20_000_000,
  text: 20_000_000,
};
/** Source: the same page. */
const maxPixels = 85_000_000;

/** Bytes read at once; of the first of them its kind is told. */
const readBytes = 1024 * 1024;
/** Enough for nearly every format; the rest is looked up in the file itself. */
const headBytes = 4100;
/** An image tells its width and height within this, unless a long preview stands before them. */
const pixelHeadBytes = 64 * 1024;

/** Formats the service takes, by what file-type calls them. Source: the vendor's upload page and its official tests. */
const kindsByFormat = new Map<string, MediaKind>([
  ...kindOfAll('image', 'jpg png apng tif bmp webp gif'),
  ...kindOfAll('video', 'avi mp4 m4v asf wmv mov 3gp 3g2'),
  ...kindOfAll('audio', 'wav mp3'),
]);

const kindsByExtension = new Map<string, MediaKind>([
  ...kindOfAll('image', 'jpg jpeg jpe png tif tiff bmp webp gif'),
  ...kindOfAll('video', 'avi mp4 m4v asf wmv mov 3gp 3gpp 3g2'),
  ...kindOfAll('audio', 'wav mp3'),
  ...kindOfAll('text', 'txt text csv tsv md'),
]);

/** A file that can be sent. */
export interface SoundFile {
  readonly ok: true;
  readonly kind: MediaKind;
  readonly content: FileContent;
  /** Of the content, in hex; '' if not asked for. */
  readonly sha256: string;
}

/** A file that can't be sent. */
export interface UnsoundFile {
  readonly ok: false;
  /** The service's code for the case, or null where it has none. */
  readonly code: number | null;
  readonly reason: string;
  /** True if it can't be told as image, video or audio. */
  readonly noMedia: boolean;
}

export interface Inspection {
  /** The kind to take it for, whatever it looks like. */
  readonly kind: MediaKind | undefined;
  /** Whether its SHA-256 is wanted. */
  readonly hash: boolean;
}

/** The kind that a name's extension claims. */
export function kindOfName(name: string): MediaKind | undefined {
  return kindsByExtension.get(extname(name).slice(1).toLowerCase());
}

/**
 * Reads a file: does the service take such a thing, and what is its hash? Whatever is wrong with it is an answer. It
 * keeps its thread while it reads: see `inspected`.
 */
export async function inspectFile(path: string, inspection: Inspection): Promise<SoundFile | UnsoundFile> {
  let fd: number | undefined;
  try {
    fd = openSync(path, readFlags);
    const stat = fstatSync(fd);
    if (!stat.isFile()) return unsound(null, stat.isDirectory() ? 'a folder, not a file' : 'not a regular file');
    if (stat.size === 0) return unsound(statusCodes.inputInvalidArgument, 'empty', true);
    return await inspectOpen({ path, fd, stat }, inspection);
  } catch (error) {
    return unsound(null, readFailure(error));
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

interface OpenFile {
  readonly path: string;
  readonly fd: number;
  readonly stat: Stats;
}

/** Shared by all: it is filled and used up before anything is awaited. */
const scratch = Buffer.allocUnsafeSlow(readBytes);

/** Apart from the scratch buffer, since image-size reads on to the end of what lies below the bytes it is given. */
const pixelHead = new Uint8Array(pixelHeadBytes);

function pixelHeadOf(start: Uint8Array): Uint8Array {
  const head = start.subarray(0, pixelHeadBytes);
  pixelHead.set(head);
  return pixelHead.fill(0, head.length);
}

async function inspectOpen(file: OpenFile, { kind: asked, hash }: Inspection): Promise<SoundFile | UnsoundFile> {
  const { path, fd, stat } = file;
  const media = await libraries();
  const start = scratch.subarray(0, readSync(fd, scratch, 0, scratch.length, 0));
  const sha = hash ? createHash('sha256').update(start) : undefined;
  const head = Buffer.from(start.subarray(0, headBytes));
  const pixelCount = pixelsOf(pixelHeadOf(start), media);
  const kind = asked ?? (await sniff(path, head, media)) ?? textIfNamedSo(path);
  if (kind === undefined) return unsound(statusCodes.inputUnsupportedFormat, 'not a supported format', true);
  const excess = overLimit(kind, stat.size, pixelCount);
  if (excess !== undefined) return unsound(statusCodes.inputOverLimit, excess);
  const jsonTextBytes = kind === 'text' ? textBytes(fd) : undefined;
  if (kind === 'text' && jsonTextBytes === undefined) {
    return unsound(statusCodes.inputUnsupportedFormat, 'neither supported media nor UTF-8 text', true);
  }
  const content = { at: 'file', path, sizeBytes: stat.size, mtimeMs: stat.mtimeMs, jsonTextBytes } as const;
  return { ok: true, kind, sha256: sha === undefined ? '' : hashed(fd, start.length, sha), content };
}

/** Goes on with a hash from a place in the file to its end. */
function hashed(fd: number, from: number, sha: Hash): string {
  for (let place = from; ;) {
    const length = readSync(fd, scratch, 0, scratch.length, place);
    if (length === 0) return sha.digest('hex');
    sha.update(scratch.subarray(0, length));
    place += length;
  }
}

function textIfNamedSo(path: string): MediaKind | undefined {
  return kindOfName(path) === 'text' ? 'text' : undefined;
}

/** What a file or text has more of than it may, if anything. */
export function overLimit(kind: MediaKind, sizeBytes: number, pixels?: number): string | undefined {
  if (sizeBytes > maxBytes[kind]) return `${sizeBytes} bytes, where ${kind} may have ${maxBytes[kind]}`;
  return kind === 'image' && pixels !== undefined && pixels > maxPixels ? 'more than 85 megapixels' : undefined;
}

/** Text goes into the body as JSON, so it is read whole; it has at most 20 MB. Undefined for what is no UTF-8. */
function textBytes(fd: number): number | undefined {
  const bytes = readFileSync(fd);
  return isUtf8(bytes) ? Buffer.byteLength(JSON.stringify(bytes.toString('utf8'))) - 2 : undefined;
}

interface Libraries {
  readonly fileType: typeof fileTypeModule;
  readonly imageSize: typeof imageSizeModule;
}

let loading: Promise<Libraries> | undefined;

/** Loaded with the first file; an import costs something each time, even of what is there. */
function libraries(): Promise<Libraries> {
  return (loading ??= load());
}

async function load(): Promise<Libraries> {
  const [fileType, imageSize] = await Promise.all([import('file-type'), import('image-size')]);
  return { fileType, imageSize };
}

/** The kind that the first bytes tell. Some formats, such as TIFF, keep what tells them further on. */
async function sniff(path: string, head: Buffer, { fileType }: Libraries): Promise<MediaKind | undefined> {
  const type = (await fileType.fileTypeFromBuffer(head)) ?? (await fileType.fileTypeFromFile(path));
  return type === undefined ? undefined : kindsByFormat.get(type.ext);
}

/** Undefined for what is no image, or tells its size further on: the service will tell. */
function pixelsOf(bytes: Uint8Array, { imageSize }: Libraries): number | undefined {
  try {
    const { width, height } = imageSize.imageSize(bytes);
    return width * height;
  } catch {
    return undefined;
  }
}

function unsound(code: number | null, reason: string, noMedia = false): UnsoundFile {
  return { ok: false, code, reason, noMedia };
}

/** What a failed read means to a user. */
export function readFailure(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOENT':
      return isMangledPath(error)
        ? 'no such file, or its name is not UTF-8, which Node.js can not open'
        : 'no such file';
    case 'EACCES':
    case 'EPERM':
      return 'permission denied';
    case 'ELOOP':
      return 'a symbolic link that leads to itself';
    case 'ENXIO':
      return 'not a regular file';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}

/** Bytes of a name that are no UTF-8 have become U+FFFD by the time they are seen. */
function isMangledPath(error: unknown): boolean {
  return error instanceof Error && 'path' in error && String(error.path).includes('\ufffd');
}

function kindOfAll(kind: MediaKind, names: string): readonly (readonly [string, MediaKind])[] {
  return names.split(' ').map((name) => [name, kind] as const);
}
