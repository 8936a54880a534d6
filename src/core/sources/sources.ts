import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { isAbsolute, resolve, sep } from 'node:path';
import { UsageError } from '../../errors.js';
import { draftOf, failedStep, fileStep, urlStep, type SourceDefaults } from './draft-steps.js';
import type { Draft, Step } from '../model/steps.js';
import { interruptible } from '../model/interruptible.js';
import { isSidecar } from './payload-layers.js';
import { listedSteps, type SourceList } from './lists.js';
import type { ExpandPattern, RowDefaults } from './manifest.js';
import { mistypedReason } from '../files/near-name.js';
import { Exclusions } from './exclusions.js';
import { walk, type Entry, type FolderListener } from './glob.js';
import {
  escapeAllButStars,
  escapeParentheses,
  escapePattern,
  isPattern,
  parsePattern,
  slashed,
  unescapePattern,
} from './patterns.js';
import { addressProblem, isUrl } from './urls.js';
import { isInShard, type Shard } from './shard.js';

/** The sources that `add` was asked to send, before anything is read. */
export interface SourceRequest extends SourceDefaults {
  /** Paths, folders, patterns, `!patterns` and URLs, in the order given. */
  readonly sources: readonly string[];
  /** Those that lists name, after the others. */
  readonly lists: readonly SourceList[];
  /** Tells what `\` means in a source. */
  readonly platform: NodeJS.Platform;
  /** Take what begins with a dot. */
  readonly hidden: boolean;
  /** A sidecar file is not a source itself. */
  readonly sidecars: boolean;
  /** Only what falls to this one. */
  readonly shard: Shard | undefined;
  /** Set while its folders are watched: what a pattern matches may still come. */
  readonly watch?: FolderListener;
}

/** A request while it is being expanded. */
interface Expansion extends SourceRequest {
  readonly stopping: AbortSignal;
  /** What a row says of all that its pattern finds. */
  readonly row?: RowDefaults;
}

/** Sources one by one, in the order given, never all at once. What can't be found is a failed record. */
export async function* expandSources(request: SourceRequest, stopping: AbortSignal): AsyncGenerator<Step> {
  const { sources, excluded } = sortArguments({ ...request, hasLists: request.lists.length > 0 });
  const exclusions = await Exclusions.of(excluded, request);
  try {
    for await (const step of interruptible(expandAll({ ...request, sources, stopping }, exclusions), stopping)) {
      if (isTaken(step, request, exclusions)) yield step;
      if (stopping.aborted) return;
    }
  } catch (error) {
    // what was found so far goes on its way: the stages behind tell what became of it
    if (stopping.aborted) return;
    throw error;
  }
  for (const text of exclusions.unused) yield { at: 'notice', notice: 'unused-exclusion', source: `!${text}` };
}

function isTaken(step: Step, request: SourceRequest, exclusions: Exclusions): boolean {
  if (step.at === 'draft' && step.draft.media.at === 'file') {
    const { path } = step.draft.media;
    if (exclusions.excludes(path) || (request.sidecars && isSidecar(path))) return false;
  }
  return isInShard(step, request.shard);
}

/**
 * Tells sources from exclusions. A file whose own name begins with `!` is a source, unless there is one of that name
 * without the `!` as well, which it could exclude.
 *
 * @throws UsageError where an argument could mean both, and where nothing is left to add
 */
export function sortArguments({ sources: words, cwd, hasLists }: Arguments): {
  readonly sources: readonly string[];
  readonly excluded: readonly string[];
} {
  const isSource = (word: string): boolean => !word.startsWith('!') || isNamedSo(word, cwd);
  const sources = words.filter(isSource);
  const excluded = words.filter((word) => !isSource(word)).map((word) => word.slice(1));
  if (excluded.includes('')) throw new UsageError("an exclusion is empty: '!'");
  if (excluded.length > 0 && sources.length === 0 && !hasLists) {
    throw new UsageError('add: every source is an exclusion', { hint: "specify a folder beside the '!pattern'" });
  }
  return { sources, excluded };
}

interface Arguments extends Pick<SourceRequest, 'sources' | 'cwd'> {
  /** True if there are sources beside the arguments. */
  readonly hasLists: boolean;
}

function isNamedSo(word: string, cwd: string): boolean {
  // not normalized, which would make '!d/../a' the same as 'a'
  if (!existsSync(`${cwd}${sep}${word}`)) return false;
  if (!existsSync(resolve(cwd, word.slice(1) || '.'))) return true;
  throw new UsageError(`'${word}' is a file, and could also exclude '${word.slice(1)}'`, {
    hint: `write './${word}' to add it, or '!./${word.slice(1)}' to exclude the other`,
  });
}

async function* expandAll(request: Expansion, exclusions: Exclusions): AsyncGenerator<Step> {
  for (const source of request.sources) yield* expandArgument(source, request, exclusions);
  const expand: ExpandPattern = (pattern, cwd, row) => expandArgument(pattern, { ...request, cwd, row }, exclusions);
  for (const list of request.lists) yield* bounded(list.name, listedSteps(list, request, expand), request);
}

async function* expandArgument(source: string, request: Expansion, exclusions: Exclusions): AsyncGenerator<Step> {
  if (isUrl(source)) {
    yield urlStep(source, undefined, request);
    return;
  }
  const found = await lookAt(resolve(request.cwd, source));
  if (found === 'folder') yield* bounded(source, filesIn(source, request, exclusions), request);
  else if (found === 'file') yield fileStep({ source, ...request.row }, request);
  else yield* expandMissing(source, found.reason, { request, exclusions });
}

async function* expandMissing(
  source: string,
  reason: string,
  { request, exclusions }: { readonly request: Expansion; readonly exclusions: Exclusions },
): AsyncGenerator<Step> {
  const problem = addressProblem(source);
  const name = literalName(source, request);
  if (problem !== undefined) yield failedStep(source, problem, { draft: addressDraft(source, request) });
  else if (name !== undefined) yield* expandArgument(name, request, exclusions);
  else if (isPattern(slashed(source, request.platform))) yield* filesMatching(source, request, exclusions);
  else yield unexpandedStep(source, reason, request, escapedPath(source, request));
}

function addressDraft(url: string, request: Expansion): Draft {
  return draftOf({ source: url, media: { at: 'url', url }, ...request.row }, request);
}

/** The name of what a pattern without wildcards finds by itself, where that is another one. */
function literalName(source: string, { cwd, platform }: SourceRequest): string | undefined {
  if (platform === 'win32' || !source.includes('\\')) return undefined;
  const name = unescapePattern(source);
  return name !== undefined && existsSync(resolve(cwd, name)) ? name : undefined;
}

/** A path as a pattern that finds it alone, from every working folder. Windows has no way to escape a name. */
function escapedPath(source: string, { cwd, platform }: SourceRequest): string {
  const path = resolve(cwd, source);
  return platform === 'win32' ? path : escapePattern(path);
}

/** A pattern that finds the same from every working folder. */
function rootedPattern(source: string, { cwd, platform }: SourceRequest): string {
  if (isAbsolute(source)) return source;
  return `${platform === 'win32' ? cwd : escapePattern(cwd)}${sep}${source}`;
}

function unexpandedStep(source: string, reason: string, { row, ...request }: Expansion, pattern: string): Step {
  const { kind, payload } = request;
  const unexpanded = { kind: row?.kind ?? kind, payload, own: row?.own, pattern };
  return failedStep(source, reason, { location: row?.location, unexpanded });
}

/** The sources of a folder or list, between marks that let a later stage tell whether there was anything to add. */
async function* bounded(
  source: string,
  steps: AsyncIterable<Step>,
  { shard, watch }: SourceRequest,
): AsyncGenerator<Step> {
  // what falls to other shards is there all the same, and what is watched may still come
  const isWhole = shard === undefined && watch === undefined;
  if (isWhole) yield { at: 'bound', edge: 'begin', source };
  yield* steps;
  if (isWhole) yield { at: 'bound', edge: 'end', source };
}

/** The folders and patterns among the arguments, with the exclusions: where something new may come. */
export async function findWatchable(words: readonly string[], context: WatchContext): Promise<readonly string[]> {
  const { sources, excluded } = sortArguments({ ...context, sources: words });
  const watched: string[] = [];
  for (const source of sources) {
    const found = isUrl(source) ? 'file' : await lookAt(resolve(context.cwd, source));
    const isMissing = found !== 'folder' && found !== 'file' && addressProblem(source) === undefined;
    if (found === 'folder' || (isMissing && isPattern(slashed(source, context.platform)))) watched.push(source);
  }
  return watched.length === 0 ? [] : [...watched, ...excluded.map((text) => `!${text}`)];
}

interface WatchContext extends Pick<SourceRequest, 'cwd' | 'platform'> {
  readonly hasLists: boolean;
}

async function lookAt(path: string): Promise<'folder' | 'file' | { readonly reason: string }> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    return { reason: mistypedReason(path, error) };
  }
}

async function* filesIn(source: string, request: Expansion, exclusions: Exclusions): AsyncGenerator<Step> {
  const name = source.replace(/[/\\]+$/, '') || sep;
  const prefix = name === sep ? sep : `${name}/`;
  const folder = resolve(request.cwd, source);
  for await (const entry of walk('**', folder, request)) {
    yield* entrySteps(entry, { prefix, folder, found: true }, { request, exclusions });
  }
}

/** Files that match only if all characters but `*` and `?` are literal are found by a second walk. */
async function* filesMatching(source: string, request: Expansion, exclusions: Exclusions): AsyncGenerator<Step> {
  const { folder, prefix, rest } = parsePattern(slashed(source, request.platform), request.cwd);
  for (const pattern of new Set([escapeParentheses(rest), escapeAllButStars(rest)])) {
    let matched = false;
    for await (const entry of walk(pattern, folder, request)) {
      matched = true;
      yield* entrySteps(entry, { prefix, folder, found: false }, { request, exclusions });
    }
    if (matched) return;
  }
  if (request.watch !== undefined) return;
  yield unexpandedStep(source, 'matches nothing', request, rootedPattern(source, request));
}

interface WalkedFolder {
  /** The prefix that its entries are shown with. */
  readonly prefix: string;
  /** Its absolute path. */
  readonly folder: string;
  readonly found: boolean;
}

function* entrySteps(
  { path, problem }: Entry,
  { prefix, folder, found }: WalkedFolder,
  { request, exclusions }: { readonly request: Expansion; readonly exclusions: Exclusions },
): Generator<Step> {
  const source = prefix + path;
  if (problem === undefined) yield fileStep({ source, found, ...request.row }, request);
  else if (!exclusions.excludes(resolve(folder, path))) {
    yield unexpandedStep(source, problem, request, escapedPath(resolve(folder, path), request));
  }
}
