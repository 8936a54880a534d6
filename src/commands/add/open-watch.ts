import type { Clock, Context } from '../../context.js';
import { FileTracker } from '../../core/sources/file-tracker.js';
import { findWatchable } from '../../core/sources/sources.js';
import { UsageError } from '../../errors.js';
import type { AddRequest } from './command.js';
import { hasLists } from './source-options.js';

/** What a run with `--watch` has from its first file to its last. */
export interface Watch {
  readonly clock: Clock;
  readonly files: FileTracker;
  /** The folders and patterns among the sources, with the exclusions. */
  readonly watched: readonly string[];
  /** What to do with a file that changed and kept its id. */
  readonly onChange: 'replace' | 'warn';
}

/** @throws UsageError where no source is a folder or a pattern */
export async function openWatch(request: AddRequest, { clock, cwd, platform }: Context): Promise<Watch> {
  const { sources, idFrom, onConflict } = request;
  const watched = await findWatchable(sources.sources, { cwd, platform, hasLists: hasLists(sources) });
  if (watched.length === 0) {
    throw new UsageError('--watch requires a folder or pattern to watch', {
      hint: 'create the folder first, or quote the pattern',
    });
  }
  const files = new FileTracker({ clock, byPath: idFrom === 'name' || idFrom === 'path' });
  return { clock, files, watched, onChange: onConflict === 'replace' ? 'replace' : 'warn' };
}
