import { errorCode } from '../../errors.js';
import { isUtf8 } from 'node:buffer';
import { createHash, type Hash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readFileSync, readSync, type Stats } from 'node:fs';
import type * as fileTypeModule from 'file-type';
import type * as imageSizeModule from 'image-size';
import { readFlags, type FileContent } from '../../api/new-input.js';
import type { MediaKind } from '../../wire/messages.js';
import { statusCodes } from '../../wire/status.js';
import { claimedKind, conversionAdvice, isSystemFile, isUnfinishedDownload } from './formats.js';
import { isDeadLink, missingReason } from './near-name.js';
import { bmpPixels, sniffFormat, type FileFormat } from './sniff.js';

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

/** A file that can be sent. */
export interface AcceptedFile {
  readonly verdict: 'accepted';
  readonly kind: MediaKind;
  readonly content: FileContent;
  /** SHA-256 of the content, in hex; '' if not asked for. */
  readonly sha256: string;
}

/** A file that can't be sent. */
export interface RejectedFile {
  readonly verdict: 'rejected';
  /** The service's code for the case, or null where it has none. */
  readonly code: number | null;
  readonly reason: string;
  /** True for media that the service would not take as it is; false for what could not be read. */
  readonly isUnsuitable: boolean;
}

/** Why a file that lies in a folder is passed over: its kind, or what else it is. */
export type SkipReason =
  | MediaKind
  | 'other'
  | 'empty'
  | 'unfinished download'
  | 'system file'
  | 'dead link'
  | 'special file'
  | 'unsupported'
  | 'had failed';

/** A file in a folder that nobody asked for. */
export interface SkippedFile {
  readonly verdict: 'skipped';
  readonly reason: SkipReason;
}

export type InspectedFile = AcceptedFile | RejectedFile | SkippedFile;

/** The files to select within folders: one kind, or all media. */
export type WantedKind = MediaKind | 'media';

export interface Inspection {
  /** The kind to take it for, whatever it looks like. */
  readonly kind: MediaKind | undefined;
  /** Whether its SHA-256 is wanted. */
  readonly hash: boolean;
  /** Given for what was found in a folder: all else there is passed over. */
  readonly wanted?: WantedKind | undefined;
}

/**
 * Reads a file: does the service take such a thing, and what is its hash? Whatever is wrong with it is an answer. It
 * keeps its thread while it reads: see `inspectInThread`.
 */
export async function inspectFile(path: string, inspection: Inspection): Promise<InspectedFile> {
  const { wanted } = inspection;
  const ignored = wanted === undefined ? undefined : ignoredByName(path);
  if (ignored !== undefined) return skip(ignored);
  let fd: number | undefined;
  try {
    fd = openSync(path, readFlags);
    const stat = fstatSync(fd);
    if (!stat.isFile())
      return rejectSpecial(stat.isDirectory() ? 'a folder, not a file' : 'not a regular file', wanted);
    if (stat.size === 0) return rejectEmpty(path, wanted);
    return await inspectOpen({ path, fd, stat }, inspection);
  } catch (error) {
    return rejectUnreadable(path, error, wanted);
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

function ignoredByName(path: string): SkipReason | undefined {
  if (isSystemFile(path)) return 'system file';
  return isUnfinishedDownload(path) ? 'unfinished download' : undefined;
}

function rejectSpecial(reason: string, wanted: WantedKind | undefined): InspectedFile {
  return wanted === undefined ? reject(null, reason) : skip('special file');
}

function rejectEmpty(path: string, wanted: WantedKind | undefined): InspectedFile {
  const kind = claimedKind(path);
  if (wanted !== undefined && kind === undefined) return skip('empty');
  return skipUnwanted(kind, wanted) ?? reject(statusCodes.inputInvalidArgument, 'empty', true);
}

function rejectUnreadable(path: string, error: unknown, wanted: WantedKind | undefined): InspectedFile {
  const reason = missingReason(path, error);
  if (wanted === undefined) return reject(null, reason);
  if (isDeadLink(path)) return skip('dead link');
  // a socket
  if (errorCode(error) === 'ENXIO') return skip('special file');
  return skipUnwanted(claimedKind(path), wanted) ?? reject(null, reason);
}

/** Passes over what is of another kind than was asked for in a folder, before it is asked whether it is any good. */
function skipUnwanted(kind: MediaKind | undefined, wanted: WantedKind | undefined): SkippedFile | undefined {
  if (wanted === undefined || kind === undefined) return undefined;
  const isWanted = wanted === 'media' ? kind !== 'text' : kind === wanted;
  return isWanted ? undefined : skip(kind);
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

async function inspectOpen(file: OpenFile, inspection: Inspection): Promise<InspectedFile> {
  const { path, fd, stat } = file;
  const media = await loadLibraries();
  const start = scratch.subarray(0, readSync(fd, scratch, 0, scratch.length, 0));
  const sha = inspection.hash ? createHash('sha256').update(start) : undefined;
  const head = Buffer.from(start.subarray(0, headBytes));
  const pixels = pixelsOf(pixelHeadOf(start), media);
  const format: FileFormat =
    inspection.kind === undefined
      ? await sniffFormat({ path, head, sizeBytes: stat.size }, media.fileType)
      : { is: 'supported', kind: inspection.kind };
  if (format.is !== 'supported') return rejectFormat(format, inspection.wanted);
  const { kind } = format;
  const unsuitable = skipUnwanted(kind, inspection.wanted) ?? rejectOverLimit(kind, stat.size, pixels);
  if (unsuitable !== undefined) return unsuitable;
  const jsonTextBytes = kind === 'text' ? textBytes(fd) : undefined;
  if (kind === 'text' && jsonTextBytes === undefined) {
    return reject(statusCodes.inputUnsupportedFormat, 'neither supported media nor UTF-8 text', true);
  }
  const { size: sizeBytes, mtimeMs } = stat;
  const content = { at: 'file', path, sizeBytes, mtimeMs, jsonTextBytes, pixels } as const;
  return {
    verdict: 'accepted',
    kind,
    sha256: sha === undefined ? '' : hashRest(fd, start.length, sha),
    content,
  };
}

function rejectFormat(
  format: Exclude<FileFormat, { readonly is: 'supported' }>,
  wanted: WantedKind | undefined,
): InspectedFile {
  const code = statusCodes.inputUnsupportedFormat;
  switch (format.is) {
    case 'foreign': {
      const { kind, name } = format.format;
      const reason = `${name}, which the service does not take: ${conversionAdvice(kind)}`;
      return skipUnwanted(kind, wanted) ?? reject(code, reason, true);
    }
    case 'mislabelled': {
      const { kind, extension } = format;
      return skipUnwanted(kind, wanted) ?? reject(code, `holds no ${kind}, although it is named .${extension}`, true);
    }
    case 'lfs-pointer':
      return (
        skipUnwanted(format.kind, wanted) ??
        reject(null, "a Git LFS pointer, not the file itself: fetch it with 'git lfs pull'", true)
      );
    case 'other':
      return wanted === undefined ? reject(code, 'not a supported format', true) : skip('other');
  }
}

function rejectOverLimit(kind: MediaKind, sizeBytes: number, pixels: number | undefined): RejectedFile | undefined {
  const excess = overLimit(kind, sizeBytes, pixels);
  return excess === undefined ? undefined : reject(statusCodes.inputOverLimit, excess, true);
}

/** Goes on with a hash from a place in the file to its end. */
function hashRest(fd: number, from: number, sha: Hash): string {
  for (let place = from; ;) {
    const length = readSync(fd, scratch, 0, scratch.length, place);
    if (length === 0) return sha.digest('hex');
    sha.update(scratch.subarray(0, length));
    place += length;
  }
}

/** The limit that a file or text exceeds, if any. */
export function overLimit(kind: MediaKind, sizeBytes: number, pixels?: number): string | undefined {
  if (sizeBytes > maxBytes[kind]) return `${sizeBytes} bytes, where ${kind} may have ${maxBytes[kind]}`;
  return kind === 'image' && pixels !== undefined && pixels > maxPixels ? 'more than 85 megapixels' : undefined;
}

/** Text goes into the body as JSON, so it is read whole; it has at most 20 MB. Undefined if it is not UTF-8. */
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
function loadLibraries(): Promise<Libraries> {
  return (loading ??= importLibraries());
}

async function importLibraries(): Promise<Libraries> {
  const [fileType, imageSize] = await Promise.all([import('file-type'), import('image-size')]);
  return { fileType, imageSize };
}

/** Undefined for what is not an image, or tells its size further on: the service will tell. */
function pixelsOf(bytes: Uint8Array, { imageSize }: Libraries): number | undefined {
  const ofBmp = bmpPixels(bytes);
  if (ofBmp !== undefined) return ofBmp;
  try {
    const { width, height } = imageSize.imageSize(bytes);
    return width * height;
  } catch {
    return undefined;
  }
}

function reject(code: number | null, reason: string, isUnsuitable = false): RejectedFile {
  return { verdict: 'rejected', code, reason, isUnsuitable };
}

function skip(reason: SkipReason): SkippedFile {
  return { verdict: 'skipped', reason };
}
