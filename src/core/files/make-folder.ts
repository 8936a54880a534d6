import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorCode } from '../../errors.js';

/**
 * Makes a folder and those above it, where they are not there. Node 20's own way never ends where a folder that is
 * there refuses new ones as missing, such as `/proc`. Throws what the system says.
 */
export function makeFolder(path: string, mode?: number): void {
  try {
    mkdirSync(path, mode);
  } catch (error) {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return;
    const parent = dirname(path);
    const isParentMissing = parent !== path && statSync(parent, { throwIfNoEntry: false }) === undefined;
    if (errorCode(error) !== 'ENOENT' || !isParentMissing) throw error;
    makeFolder(parent, mode);
    mkdirSync(path, mode);
  }
}
