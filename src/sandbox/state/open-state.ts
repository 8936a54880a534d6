import { chmodSync, existsSync, linkSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KeyValue } from './key-value.js';
import { openLmdb } from './lmdb.js';
import { damageOf } from './lmdb-file.js';
import { openMemory } from './memory.js';
import { reasonOf, SandboxError } from '../sandbox-error.js';
import { Store } from './store.js';
import { openMediaFiles, openMemoryMedia, type MediaStore } from './media-store.js';

/** More than LMDB takes to begin with: 64 KiB. */
const firstBytes = 256 * 1024;
const dataFile = 'data.mdb';

/** Where a sandbox keeps its state. */
export interface State {
  readonly store: Store;
  readonly mediaStore: MediaStore;
}

/**
 * Opens the state in a directory, which is made if it is not there, or in memory.
 *
 * @throws SandboxError when the directory cannot be used
 */
export async function openState(dataDir: string | undefined): Promise<State> {
  if (dataDir === undefined) return stateOf(openMemory(), openMemoryMedia());
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const damage = damageOf(dataDir);
    if (damage !== undefined) throw new Error(damage);
    if (!existsSync(join(dataDir, dataFile))) await makeDataFile(dataDir);
    const mediaStore = openMediaFiles(join(dataDir, 'media'));
    const state = stateOf(await openLmdb(dataDir), mediaStore);
    for (const name of [dataFile, 'lock.mdb']) chmodSync(join(dataDir, name), 0o600);
    return state;
  } catch (cause) {
    if (cause instanceof SandboxError) throw cause;
    throw new SandboxError(`cannot use the sandbox's data directory ${dataDir}: ${reasonOf(cause)}`, {
      ...(!isSound(cause) && { hint: 'move it away to begin anew, or name another' }),
      cause,
    });
  }
}

/**
 * Makes the data file in a folder of its own and puts it into its place whole: where several processes make one at
 * once, LMDB crashes, hangs or damages it. The first of them wins.
 */
async function makeDataFile(directory: string): Promise<void> {
  const draft = mkdtempSync(join(directory, 'new-'));
  try {
    assertFreeSpace(draft);
    await stateOf(await openLmdb(draft), openMemoryMedia()).store.close();
    putInPlace(join(draft, dataFile), join(directory, dataFile));
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** LMDB maps its files and begins with some pages: on a full disk it ends the whole process, without a word. */
function assertFreeSpace(directory: string): void {
  const probe = join(directory, 'probe');
  writeFileSync(probe, Buffer.alloc(firstBytes, 1));
  rmSync(probe);
}

/** Leaves a file that is there as it is. */
function putInPlace(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    // it is there, or the disk has no hard links
    if (!existsSync(to)) renameSync(from, to);
  }
}

/** True where nothing is wrong with what is there: to move it away would not help. */
function isSound(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && ['ENOSPC', 'EACCES', 'EROFS'].includes(String(cause.code));
}

function stateOf(keyValue: KeyValue, mediaStore: MediaStore): State {
  const drop = (hash: string): void => {
    mediaStore.drop(hash);
  };
  return { store: new Store(keyValue, drop), mediaStore };
}
