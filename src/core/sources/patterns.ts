import { existsSync } from 'node:fs';
import { isAbsolute, join, parse } from 'node:path';
import glob from 'fast-glob';

/** A pattern, split where the folders that are there end and its wildcards begin. */
export interface Pattern {
  /** The absolute path of the folder below which it matches. */
  readonly folder: string;
  /** That folder as it was spelled, to be put before what is found below: `''` or `shots/`. */
  readonly prefix: string;
  /** The pattern to match below the folder. */
  readonly rest: string;
}

/**
 * A source with `/` between its folders. On Windows `\` parts folders, as it does in every path there, and escapes
 * nothing: the shells of Windows leave patterns to the program.
 */
export function slashed(source: string, platform: NodeJS.Platform): string {
  return platform === 'win32' ? source.replaceAll('\\', '/') : source;
}

/** A name in which no character is a wildcard, for a pattern that finds it alone. */
export function escapePattern(name: string): string {
  return name.replaceAll(/[*?()[\]{}|!+@^$\\]/g, '\\$&');
}

/** The name that a pattern without wildcards stands for; undefined where it has some. */
export function unescapePattern(pattern: string): string | undefined {
  if (/[*?()[\]{}|!+@]/.test(pattern.replaceAll(/\\./gs, ''))) return undefined;
  return pattern.replaceAll(/\\(.)/gs, '$1');
}

/** True if a source that does not exist is meant as a pattern. */
export function isPattern(source: string): boolean {
  return glob.isDynamicPattern(escapeParentheses(source));
}

/**
 * Splits a pattern after the leading folders that exist by their own names, so that what exists is a path there as
 * well: `trip (2)/*.jpg`. A folder with `*` or `?` in its name is matched by itself, among others.
 */
export function parsePattern(pattern: string, cwd: string): Pattern {
  const root = isAbsolute(pattern) ? parse(pattern).root : '';
  const segments = pattern.slice(root.length).split('/');
  let folder = root === '' ? cwd : root;
  let prefix = root;
  while (segments.length > 1) {
    const name = existingFolder(folder, segments[0] ?? '');
    if (name === undefined) break;
    folder = join(folder, name);
    if (name !== '.' && name !== '') prefix += `${name}/`;
    segments.shift();
  }
  return { folder, prefix, rest: segments.join('/') };
}

function existingFolder(parent: string, segment: string): string | undefined {
  if (segment === '' || segment === '.') return segment;
  if (/(?<!\\)[*?]/.test(segment)) return undefined;
  const names = [segment, segment.replaceAll(/\\(.)/gs, '$1')];
  // with a slash at the end it must be a folder
  return names.find((name) => existsSync(`${join(parent, name)}/`));
}

/**
 * A pattern in which parentheses mean themselves unless one of `@!*+?` stands before them: `photo (?).jpg`. A `!` at
 * its beginning means itself, too: what is below a folder excludes nothing.
 */
export function escapeParentheses(pattern: string): string {
  let escaped = '';
  const isLiteral: boolean[] = [];
  for (const [token] of pattern.matchAll(/\\.|./gsu)) {
    if (token === '(') isLiteral.push(!/(?<!\\)[@!*+?]$/.test(escaped));
    const literal = token === '(' ? isLiteral.at(-1) : token === ')' ? (isLiteral.pop() ?? true) : false;
    escaped += literal === true ? `\\${token}` : token;
  }
  return escaped.replace(/^!(?!\()/, '\\!');
}

/** A pattern in which everything but `*` and `?` means itself. */
export function escapeAllButStars(pattern: string): string {
  return pattern.replaceAll(/\\?([()[\]{}|!+@^$\\])/g, '\\$1');
}
