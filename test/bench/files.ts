import { randomFillSync } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratch } from './processes.js';

/** Files of one size, and how many of them make a run of some seconds. */
export interface FileSet {
  readonly name: string;
  readonly sizeBytes: number;
  readonly count: number;
  readonly folder: string;
  readonly paths: readonly string[];
}

/** Start of a JPEG of 64 x 64 pixels; what follows is noise, which nobody here decodes. */
const head = Buffer.from(
  'ffd8ffe000104a46494600010100000100010000ffc0000b080040004001011100ffda0008010100003f00',
  'hex',
);

/** Writes the files, each with a content of its own, so that each has an id of its own. */
export function makeFiles(name: string, sizeBytes: number, count: number): FileSet {
  const folder = join(scratch, name.replaceAll(' ', '-'));
  mkdirSync(folder, { recursive: true });
  const bytes = Buffer.allocUnsafe(sizeBytes);
  randomFillSync(bytes);
  head.copy(bytes);
  const paths = Array.from({ length: count }, (_, index) => {
    bytes.writeUInt32LE(index, head.length);
    const path = join(folder, `${index}.jpg`);
    writeFileSync(path, bytes);
    return path;
  });
  return { name, sizeBytes, count, folder, paths };
}

export function totalBytes(set: FileSet): number {
  return set.sizeBytes * set.count;
}
