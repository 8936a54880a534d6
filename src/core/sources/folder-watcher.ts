import { statSync, watch, type FSWatcher } from 'node:fs';
import { dirname } from 'node:path';
import type { Clock } from '../../context.js';

interface WatchedFolder {
  readonly watcher: FSWatcher;
  /** A folder that was deleted and made again has another. */
  readonly inode: number;
  /** The walk that read it last. */
  walk: number;
}

/**
 * Tells that something changed in folders, so that nobody has to walk them without need. It never tells what: events
 * get lost, come twice, and tell nothing of what lay in a folder that was moved here. One watch a folder, not one a
 * file as most libraries set up: a system allows few.
 */
export class FolderWatcher {
  readonly #folders = new Map<string, WatchedFolder>();
  #walk = 0;
  #hasChanged = false;
  #wake: () => void = () => undefined;

  /** Begins a walk: what changes from here on is told. */
  beginWalk(): void {
    this.#walk += 1;
    this.#hasChanged = false;
  }

  /** Watches a folder, best before it is read. One that can't be watched is left to the walks that come anyway. */
  add(path: string): void {
    try {
      const { ino: inode } = statSync(path);
      const known = this.#folders.get(path);
      if (known?.inode === inode) {
        known.walk = this.#walk;
        return;
      }
      known?.watcher.close();
      const watcher = watch(path, { persistent: false }, this.#change);
      watcher.on('error', this.#change);
      this.#folders.set(path, { watcher, inode, walk: this.#walk });
    } catch {
      // deleted meanwhile, or more than the system watches
    }
  }

  /** Watches the nearest folder above a path that is there: where the path itself is to come back. */
  addAbove(path: string): void {
    for (let folder = dirname(path); ; folder = dirname(folder)) {
      const isThere = statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true;
      if (isThere) this.add(folder);
      if (isThere || dirname(folder) === folder) return;
    }
  }

  /** Ends a walk: folders that it did not come to are gone. */
  endWalk(): void {
    for (const [path, { watcher, walk }] of this.#folders) {
      if (walk === this.#walk) continue;
      watcher.close();
      this.#folders.delete(path);
    }
  }

  /** True if something changed since the walk began. */
  get hasChanged(): boolean {
    return this.#hasChanged;
  }

  /** Waits until something changes, at most so long, or until the signal is aborted. */
  async wait(clock: Clock, longestMs: number, signal: AbortSignal): Promise<void> {
    if (this.#hasChanged) return;
    // AbortSignal.any leaves something behind on a signal that lives for weeks
    const over = new AbortController();
    this.#wake = () => {
      over.abort();
    };
    signal.addEventListener('abort', this.#wake, { once: true });
    await clock.sleep(longestMs, over.signal).catch(() => undefined);
    signal.removeEventListener('abort', this.#wake);
  }

  close(): void {
    for (const { watcher } of this.#folders.values()) watcher.close();
    this.#folders.clear();
  }

  readonly #change = (): void => {
    this.#hasChanged = true;
    this.#wake();
  };
}
