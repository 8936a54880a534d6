import { lstatSync, realpathSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import type micromatchModule from 'micromatch';
import { escapeNewlines } from './glob.js';
import { escapeAllButStars, escapeParentheses, parsePattern, slashed } from './patterns.js';

/** Where `!patterns` are read. */
export interface ExclusionContext {
  readonly cwd: string;
  readonly platform: NodeJS.Platform;
}

/** A path both as it was named and as it leads through symbolic links. */
interface ResolvedPath {
  readonly named: string;
  readonly real: string;
}

interface Exclusion {
  /** The pattern as given, without its `!`. */
  readonly text: string;
  readonly matches: (path: ResolvedPath) => boolean;
}

/** The files that `!pattern` excludes, and everything in a folder that it names. */
export class Exclusions {
  readonly #exclusions: readonly Exclusion[];
  readonly #unused: Set<string>;

  private constructor(exclusions: readonly Exclusion[]) {
    this.#exclusions = exclusions;
    this.#unused = new Set(exclusions.map(({ text }) => text));
  }

  /** @param texts - patterns and paths, each without its `!` */
  static async of(texts: readonly string[], context: ExclusionContext): Promise<Exclusions> {
    if (texts.length === 0) return new Exclusions([]);
    const { default: micromatch } = await import('micromatch');
    return new Exclusions(texts.map((text) => ({ text, matches: matcherOf(text, context, micromatch) })));
  }

  /** Those that have excluded nothing so far. */
  get unused(): readonly string[] {
    return [...this.#unused];
  }

  excludes(path: string): boolean {
    if (this.#exclusions.length === 0) return false;
    const resolved = { named: path, real: realPath(path) };
    // each is asked, so that none counts as unused because another came before it
    const matching = this.#exclusions.filter(({ matches }) => matches(resolved));
    for (const { text } of matching) this.#unused.delete(text);
    return matching.length > 0;
  }
}

/** A name that exists is a path, whatever its characters; anything else is a pattern. */
function matcherOf(
  text: string,
  { cwd, platform }: ExclusionContext,
  micromatch: typeof micromatchModule,
): Exclusion['matches'] {
  const named = resolve(cwd, text);
  return exists(named)
    ? pathMatcher(named, cwd + sep + text)
    : patternMatcher(slashed(text, platform), cwd, micromatch);
}

/** @param spelled - not yet normalized: `..` behind a link leads to where the link's target lies */
function pathMatcher(named: string, spelled: string): Exclusion['matches'] {
  const roots = [named, realPath(named), realPath(spelled)];
  return (path) => roots.some((root) => isWithin(path.named, root) || isWithin(path.real, root));
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/** A pattern is read generously, since what is to stay must stay: letter case and Unicode form make no difference. */
function patternMatcher(text: string, cwd: string, micromatch: typeof micromatchModule): Exclusion['matches'] {
  const { folder, rest } = parsePattern(text.replace(/\/+$/, ''), cwd);
  const readings = [escapeParentheses(rest), escapeAllButStars(rest)].map(comparable);
  const matchers = readings
    .flatMap((reading) => [reading, `${reading}/**`])
    .map((pattern) => micromatch.matcher(pattern, { dot: true, nocase: true }));
  const matches = (path: string): boolean => matchers.some((isMatch) => isMatch(path));
  const below = (base: string, path: string): string => comparable(relative(base, path).split(sep).join('/'));
  const realFolder = realPath(folder);
  const anywhere = rest.startsWith('**/');
  return ({ named, real }) =>
    matches(below(folder, named)) || matches(below(realFolder, real)) || (anywhere && matches(below(sep, named)));
}

function comparable(text: string): string {
  return escapeNewlines(text.normalize('NFC'));
}

function exists(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    // a name that is too long, or in a folder that may not be read, can still be a pattern
    return false;
  }
}

/** Where a path leads; itself where it leads nowhere. */
function realPath(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return path;
  }
}
