import { existsSync, lstatSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { readFailure } from './read-failure.js';

/** Larger folders are not searched: reading them would take longer than looking. */
const maxNames = 20_000;

interface Listing {
  readonly folder: string;
  /** Names as they are, by what is left of them without letter case and Unicode form. */
  readonly names: ReadonlyMap<string, string>;
}

/** Kept for the next missing file of a long list, which is likely to lie in the same folder. */
let lastListing: Listing = { folder: '', names: new Map() };

/** Why nothing can be read at a path, with the name in another letter case or Unicode form that is there instead. */
export function missingReason(path: string, error: unknown): string {
  const reason = readFailure(error);
  if (reason !== 'no such file') return reason;
  if (isDeadLink(path)) return 'a symbolic link to a file that does not exist';
  const { folder, name } = firstMissing(path);
  const near = listing(folder).names.get(foldName(name));
  if (near === undefined || near === name) return reason;
  if (near.normalize('NFC') !== name.normalize('NFC')) return `${reason}; did you mean '${near}'?`;
  return `${reason}; '${near}' is there, with its accents in the other Unicode form (NFC or NFD)`;
}

/** Like `missingReason`, for one path that was typed: a name one character off may be the intended one. */
export function mistypedReason(path: string, error: unknown): string {
  const reason = missingReason(path, error);
  if (reason !== 'no such file') return reason;
  const { folder, name } = firstMissing(path);
  const folded = foldName(name);
  for (const [other, near] of listing(folder).names) {
    if (isOneEditApart(other, folded)) return `${reason}; did you mean '${near}'?`;
  }
  return reason;
}

/** True for a symbolic link that leads to nothing, or only to itself. */
export function isDeadLink(path: string): boolean {
  return !existsSync(path) && lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}

function foldName(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

/** Where a path leaves what exists. */
function firstMissing(path: string): { readonly folder: string; readonly name: string } {
  let name = basename(path);
  let folder = dirname(path);
  while (!existsSync(folder) && dirname(folder) !== folder) {
    name = basename(folder);
    folder = dirname(folder);
  }
  return { folder, name };
}

function listing(folder: string): Listing {
  if (lastListing.folder === folder) return lastListing;
  const names = new Map(namesIn(folder).map((name) => [foldName(name), name]));
  return (lastListing = { folder, names });
}

function namesIn(folder: string): readonly string[] {
  try {
    const names = readdirSync(join(folder, '.'));
    return names.length > maxNames ? [] : names;
  } catch {
    return [];
  }
}

/** True if one sign more, less or other, or two that changed places, makes one text of the other. */
function isOneEditApart(left: string, right: string): boolean {
  const [a, b] = [Array.from(left), Array.from(right)];
  if (Math.max(a.length, b.length) < 4 || Math.abs(a.length - b.length) > 1) return false;
  const start = commonStart(a, b);
  const [x, y] = [a.slice(start), b.slice(start)];
  const end = commonStart(x.toReversed(), y.toReversed());
  return isOneEdit(x.slice(0, x.length - end), y.slice(0, y.length - end));
}

function commonStart(a: readonly string[], b: readonly string[]): number {
  const length = a.findIndex((sign, index) => sign !== b[index]);
  return length < 0 ? a.length : length;
}

/** @param x - what is left of one text without all that both begin and end with; `y` of the other */
function isOneEdit(x: readonly string[], y: readonly string[]): boolean {
  if (x.length <= 1 && y.length <= 1) return true;
  return x.length === 2 && y.length === 2 && x[0] === y[1] && x[1] === y[0];
}
