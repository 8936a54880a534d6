import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { KeyValue } from './key-value.js';
import { openLmdb } from './lmdb.js';
import { openMemory } from './memory.js';
import { SandboxError } from './sandbox-error.js';
import { openFiles, openShelf, type Vault } from './vault.js';

/** Where a sandbox keeps its state. */
export interface State {
  readonly keyValue: KeyValue;
  readonly vault: Vault;
}

/**
 * Opens the state in a directory, which is made if it is not there, or in memory.
 *
 * @throws SandboxError when the directory cannot be used
 */
export async function openState(dataDir: string | undefined): Promise<State> {
  if (dataDir === undefined) return { keyValue: openMemory(), vault: openShelf() };
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const vault = openFiles(join(dataDir, 'media'));
    const keyValue = await openLmdb(dataDir);
    for (const name of ['data.mdb', 'lock.mdb']) chmodSync(join(dataDir, name), 0o600);
    return { keyValue, vault };
  } catch (cause) {
    if (cause instanceof SandboxError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SandboxError(`the sandbox cannot use its data directory ${dataDir}: ${reason}`, {
      hint: 'move it away to begin anew, or name another',
      cause,
    });
  }
}
