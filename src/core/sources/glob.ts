import * as fs from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import glob from 'fast-glob';
import { readFailure } from '../files/read-failure.js';

/** A file that a pattern matched, or a folder below that can't be read. */
export interface Entry {
  /** Relative to the folder, with `/`. */
  readonly path: string;
  readonly problem?: string;
}

export interface WalkOptions {
  /** Take what begins with a dot. */
  readonly hidden: boolean;
  readonly stopping: AbortSignal;
  readonly watch?: FolderListener;
}

export interface FolderListener {
  /** Told of each folder right before it is read. */
  onFolder(path: string): void;
}

/**
 * Files below a folder, as they are found, letter case ignored. Symbolic links are followed, but never to a folder
 * that holds them.
 */
export async function* walk(
  pattern: string,
  folder: string,
  { hidden, stopping, watch }: WalkOptions,
): AsyncGenerator<Entry> {
  const loops = new Set<string>();
  const problems: Entry[] = [];
  const found = glob.stream(caseInsensitivePattern(escapeNewlines(pattern)), {
    cwd: folder,
    dot: hidden,
    caseSensitiveMatch: false,
    // so that a broken link or a FIFO is seen and named, not passed over
    onlyFiles: false,
    markDirectories: true,
    suppressErrors: true,
    fs: {
      stat: (path, done) => {
        statUnlessLoop(restoreNewlines(path), done, loops);
      },
      readdir: reportingReaddir({ stopping, watch }, (path, reason) => {
        problems.push({ path: relative(folder, restoreNewlines(path)).split(sep).join('/') || '.', problem: reason });
      }),
    },
  });
  for await (const entry of found) {
    const path = restoreNewlines(String(entry));
    if (!path.endsWith('/') && !loops.has(resolve(folder, path))) yield { path };
  }
  yield* problems;
}

/** Stands for a line end in names: a wildcard of fast-glob matches anything else. */
const lineEnd = '\uE00A';

/** A name on one line, as patterns can match it. */
export function escapeNewlines(name: string): string {
  return name.replaceAll('\n', lineEnd);
}

function restoreNewlines(path: string): string {
  return path.replaceAll(lineEnd, '\n').replaceAll(backslash, '\\');
}

/** Stands for the backslash of a name such as `.\a`, which fast-glob takes for `a` in the folder itself. */
const backslash = '\uE00B';

function escapeName(name: string): string {
  return escapeNewlines(name).replace(/^\.\\/, `.${backslash}`);
}

/**
 * A pattern whose first folders are found in any letter case: fast-glob opens what stands before the first wildcard
 * as it is spelled. Each of them gets a wildcard of its own: `[S]UB`.
 */
function caseInsensitivePattern(pattern: string): string {
  const parts = pattern.split('/');
  const dynamic = parts.findIndex((part) => part !== '' && glob.isDynamicPattern(part));
  return parts.map((part, index) => (index >= dynamic ? part : part.replace(/\p{L}/u, '[$&]'))).join('/');
}

type NamesDone = (error: NodeJS.ErrnoException | null, names: string[]) => void;
type EntriesDone = (error: NodeJS.ErrnoException | null, entries: fs.Dirent[]) => void;

interface Readdir {
  (path: string, options: { withFileTypes: true }, done: EntriesDone): void;
  (path: string, done: NamesDone): void;
}

/** A folder that can't be read would end the walk or be passed over in silence: note it, and go on. */
function reportingReaddir(
  { stopping, watch }: { readonly stopping: AbortSignal; readonly watch: FolderListener | undefined },
  note: (path: string, reason: string) => void,
): Readdir {
  return (path: string, options: { withFileTypes: true } | NamesDone, done?: EntriesDone): void => {
    if (typeof options === 'function') {
      fs.readdir(restoreNewlines(path), options);
      return;
    }
    // a walk that was stopped comes to its end without reading what is left
    if (stopping.aborted) {
      done?.(null, []);
      return;
    }
    watch?.onFolder(restoreNewlines(path));
    fs.readdir(restoreNewlines(path), options, (error, entries) => {
      const missing = error?.code === 'ENOENT' || error?.code === 'ENOTDIR';
      if (error !== null && !missing) note(path, readFailure(error));
      // there are none after an error
      const named = error === null ? entries : [];
      for (const entry of named) entry.name = escapeName(entry.name);
      done?.(null, named);
    });
  };
}

type StatDone = (error: NodeJS.ErrnoException | null, stats: fs.Stats) => void;

/** The walk asks this of symbolic links alone; one that leads to a folder above itself is not followed. */
function statUnlessLoop(path: string, done: StatDone, loops: Set<string>): void {
  fs.stat(path, (error, stats) => {
    if (error !== null || !stats.isDirectory() || !isSymlinkLoop(path)) {
      done(error, stats);
      return;
    }
    loops.add(resolve(path));
    done(Object.assign(new Error('loop'), { code: 'ELOOP' }), stats);
  });
}

function isSymlinkLoop(link: string): boolean {
  const target = fs.realpathSync(link);
  const holder = fs.realpathSync(dirname(link));
  return holder === target || holder.startsWith(target.endsWith(sep) ? target : target + sep);
}
