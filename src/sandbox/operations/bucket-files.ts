import { readdir } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { type MediaKind, mediaKinds } from '../../wire/messages.js';
import { formatKindOf } from '../media/examine.js';

/** A folder that stands for a bucket. */
export interface Bucket {
  readonly name: string;
  readonly folder: string;
  /** The credentials that it wants; undefined: it is public. */
  readonly credentials?: { readonly id: string; readonly secret: string } | undefined;
}

/** What a file becomes: an input of a kind, an archive that is not unpacked here, or nothing. */
export type FileUse = MediaKind | 'archive' | undefined;

/** Paths of the files whose path in the bucket begins with a prefix, by name. */
export async function filesOf({ folder }: Bucket, prefix: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => keyOf(folder, path).startsWith(prefix))
    .sort();
}

/** The name of a file in its bucket. */
function keyOf(folder: string, path: string): string {
  return relative(folder, path).split(sep).join('/');
}

// For a file whose bytes do not tell: a broken one is an input that fails
const kindsByExtension: Readonly<Record<string, FileUse>> = {
  '.jpg': 'image',
  '.jpeg': 'image',
  '.png': 'image',
  '.gif': 'image',
  '.bmp': 'image',
  '.tif': 'image',
  '.tiff': 'image',
  '.webp': 'image',
  '.mp4': 'video',
  '.mov': 'video',
  '.mp3': 'audio',
  '.wav': 'audio',
  '.txt': 'text',
  '.zip': 'archive',
  '.tar': 'archive',
  '.gz': 'archive',
};

/** Tells by the bytes what a file is, else by its name. */
export function useOf(path: string, bytes: Buffer): FileUse {
  const extension = extname(path).toLowerCase();
  const named = Object.hasOwn(kindsByExtension, extension) ? kindsByExtension[extension] : undefined;
  return named === 'text' ? named : (formatKindOf(bytes) ?? named);
}

/** Whether a use is a kind of input. */
export function isInput(use: FileUse): use is MediaKind {
  return mediaKinds.some((kind) => kind === use);
}
