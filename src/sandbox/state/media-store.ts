import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hashOf } from './ids.js';

/** Bytes that are on their way in. */
export interface StagedFile {
  readonly hash: string;
  /** Puts the bytes in place; inside the transaction that stores their input, so that no deletion comes between. */
  keep(): void;
  /** Ends what was not kept. */
  discard(): Promise<void>;
}

/** Keeps hosted media under the hash of their content. */
export interface MediaStore {
  stage(bytes: Buffer): Promise<StagedFile>;
  read(hash: string): Promise<Buffer | undefined>;
  drop(hash: string): void;
}

const draftsName = 'incoming';
// A file that is being written is younger than this
const staleMs = 3_600_000;

/** Media as files of a directory: written beside their place, then renamed, so that a kill leaves no half of one. */
export function openMediaFiles(directory: string): MediaStore {
  const drafts = join(directory, draftsName);
  mkdirSync(drafts, { recursive: true, mode: 0o700 });
  sweep(drafts);
  return {
    async stage(bytes) {
      const hash = hashOf(bytes);
      const draft = join(drafts, randomBytes(8).toString('hex'));
      await writeFile(draft, bytes, { mode: 0o600 });
      return {
        hash,
        keep: () => {
          renameSync(draft, join(directory, hash));
        },
        discard: () => rm(draft, { force: true }),
      };
    },
    read: (hash) => readFile(join(directory, hash)).catch(() => undefined),
    drop: (hash) => {
      rmSync(join(directory, hash), { force: true });
    },
  };
}

/** Media that end with the process. */
export function openMemoryMedia(): MediaStore {
  const files = new Map<string, Buffer>();
  return {
    stage: (bytes) => {
      const hash = hashOf(bytes);
      return Promise.resolve({ hash, keep: () => void files.set(hash, bytes), discard: () => Promise.resolve() });
    },
    read: (hash) => Promise.resolve(files.get(hash)),
    drop: (hash) => void files.delete(hash),
  };
}

/** Takes off what a killed process left half written. */
function sweep(directory: string): void {
  for (const name of readdirSync(directory)) {
    const path = join(directory, name);
    const { mtimeMs = Infinity } = statSync(path, { throwIfNoEntry: false }) ?? {};
    if (Date.now() - mtimeMs > staleMs) rmSync(path, { force: true });
  }
}
