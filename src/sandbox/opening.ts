import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { KeyValue } from './key-value.js';
import { openLmdb } from './lmdb.js';
import { damageOf } from './lmdb-file.js';
import { openMemory } from './memory.js';
import { SandboxError } from './sandbox-error.js';
import { Store } from './store.js';
import { openFiles, openShelf, type Vault } from './vault.js';

/** Where a sandbox keeps its state. */
export interface State {
  readonly store: Store;
  readonly vault: Vault;
}

/**
 * Opens the state in a directory, which is made if it is not there, or in memory.
 *
 * @throws SandboxError when the directory cannot be used
 */
export async function openState(dataDir: string | undefined): Promise<State> {
  if (dataDir === undefined) return stateOf(openMemory(), openShelf());
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const damage = damageOf(dataDir);
    if (damage !== undefined) throw new Error(damage);
    const vault = openFiles(join(dataDir, 'media'));
    const state = stateOf(await openLmdb(dataDir), vault);
    for (const name of ['data.mdb', 'lock.mdb']) chmodSync(join(dataDir, name), 0o600);
    return state;
  } catch (cause) {
    if (cause instanceof SandboxError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SandboxError(`cannot use the sandbox's data directory ${dataDir}: ${reason.replaceAll(/\s+/g, ' ')}`, {
      hint: 'move it away to begin anew, or name another',
      cause,
    });
  }
}

function stateOf(keyValue: KeyValue, vault: Vault): State {
  const drop = (hash: string): void => {
    vault.drop(hash);
  };
  return { store: new Store(keyValue, drop), vault };
}
