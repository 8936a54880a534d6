import { appendFileSync, closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';

interface Meta {
  readonly pageSize: number;
  readonly lastPage: bigint;
  readonly transaction: bigint;
}

// Layout of LMDB's two meta pages, data version 2 as the package lmdb 3 writes it
const magic = 0xbeefc0de;
const offsets = { magic: 24, pageSize: 48, lastPage: 144, transaction: 152, end: 160 };

/**
 * Looks at the files of an LMDB directory before LMDB does, which trusts them: a broken one ends the whole process.
 * A data file that is shorter than its pages gets zeros at its end, which LMDB answers with an error where it needs
 * them; it may be a little shorter with nothing lost, so this alone is not an error.
 *
 * @returns what is wrong with them, or undefined
 */
export function damageOf(directory: string): string | undefined {
  const path = join(directory, 'data.mdb');
  const odd = [path, join(directory, 'lock.mdb')].find((name) => existsSync(name) && !statSync(name).isFile());
  if (odd !== undefined) return `${odd} is not a file`;
  if (!existsSync(path) || statSync(path).size === 0) return undefined;
  const meta = newestMeta(path);
  if (meta === undefined) return `${path} is damaged`;
  const { size } = statSync(path);
  const missing = (Number(meta.lastPage) + 1) * meta.pageSize - size;
  if (missing > size) return `${path} is damaged`;
  // Appended, never written at a place: another process may be making the file longer at this moment
  if (missing > 0) appendFileSync(path, Buffer.alloc(missing));
  return undefined;
}

function newestMeta(path: string): Meta | undefined {
  const file = openSync(path, 'r');
  try {
    const first = metaAt(file, 0);
    const second = first && metaAt(file, first.pageSize);
    return first && second && (second.transaction > first.transaction ? second : first);
  } finally {
    closeSync(file);
  }
}

function metaAt(file: number, position: number): Meta | undefined {
  const bytes = Buffer.alloc(offsets.end);
  if (readSync(file, bytes, 0, bytes.length, position) < bytes.length) return undefined;
  const pageSize = bytes.readUInt32LE(offsets.pageSize);
  const isPageSize = pageSize >= 512 && pageSize <= 65_536 && Number.isInteger(Math.log2(pageSize));
  if (bytes.readUInt32LE(offsets.magic) !== magic || !isPageSize) return undefined;
  return {
    pageSize,
    lastPage: bytes.readBigUInt64LE(offsets.lastPage),
    transaction: bytes.readBigUInt64LE(offsets.transaction),
  };
}
