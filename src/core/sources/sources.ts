import { stat } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import { failedStep, fileStep, isUrl, urlStep, type Drafting } from './draft-steps.js';
import type { Step } from '../model/steps.js';
import { isSidecar } from './payload-layers.js';
import { listedSteps, type SourceList } from './lists.js';
import { readFailure } from '../files/inspect-file.js';
import { isInShard, type Shard } from './shard.js';
import { isPattern, patternOf, walk } from './glob.js';

/** What `add` was asked to send, before anything is looked at. */
export interface SourceRequest extends Drafting {
  /** Paths, folders, patterns, `!patterns` and URLs, in the order given. */
  readonly sources: readonly string[];
  /** Those that lists name, after the others. */
  readonly lists: readonly SourceList[];
  /** Tells what `\` means in a source. */
  readonly platform: NodeJS.Platform;
  /** Take what begins with a dot. */
  readonly hidden: boolean;
  /** What belongs to a file is no source itself. */
  readonly sidecars: boolean;
  /** Only what falls to this one. */
  readonly shard: Shard | undefined;
}

/** Sources one by one, in the order given, never all at once. What can't be found is a failed record. */
export async function* expandSources(request: SourceRequest, stopping: AbortSignal): AsyncGenerator<Step> {
  const excluded = await exclusion(request);
  for await (const step of allSteps(request)) {
    if (stopping.aborted) return;
    if (isInShard(step, request.shard) && !excluded(step) && !(request.sidecars && isOfSidecar(step))) yield step;
  }
}

function isOfSidecar(step: Step): boolean {
  return step.at === 'draft' && step.draft.media.at === 'file' && isSidecar(step.draft.media.path);
}

async function* allSteps(request: SourceRequest): AsyncGenerator<Step> {
  for (const source of request.sources) if (!isExclude(source)) yield* argumentSteps(source, request);
  for (const list of request.lists) yield* listedSteps(list, request);
}

function isExclude(source: string): boolean {
  return source.startsWith('!');
}

/** What `!pattern` takes out: files, and all that lies in a folder it names. */
async function exclusion(request: SourceRequest): Promise<(step: Step) => boolean> {
  const patterns = request.sources
    .filter(isExclude)
    .map((source) => patternOf(source.slice(1), request.platform).replace(/^\.\/|\/+$/g, ''));
  if (patterns.length === 0) return () => false;
  const { default: micromatch } = await import('micromatch');
  const all = patterns.flatMap((pattern) => [pattern, `${pattern}/**`]);
  const matches = (path: string): boolean =>
    micromatch.isMatch(path.split(sep).join('/'), all, { dot: true, nocase: true });
  return (step) => {
    if (step.at !== 'draft' || step.draft.media.at !== 'file') return false;
    const { path } = step.draft.media;
    return matches(relative(request.cwd, path)) || matches(path);
  };
}

async function* argumentSteps(source: string, request: SourceRequest): AsyncGenerator<Step> {
  if (isUrl(source)) {
    yield urlStep(source, undefined, request);
    return;
  }
  const found = await lookAt(resolve(request.cwd, source));
  if (found === 'folder') yield* filesIn(source, request);
  else if (found === 'file') yield fileStep({ source }, request);
  else if (isPattern(patternOf(source, request.platform))) yield* filesMatching(source, request);
  else yield failedStep(source, found.reason);
}

async function lookAt(path: string): Promise<'folder' | 'file' | { readonly reason: string }> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    return { reason: readFailure(error) };
  }
}

async function* filesIn(source: string, request: SourceRequest): AsyncGenerator<Step> {
  const folder = source.replace(/[/\\]+$/, '') || sep;
  for await (const entry of walk('**', resolve(request.cwd, source), request.hidden)) {
    const shown = `${folder === sep ? '' : folder}/${entry.path}`;
    if (entry.problem !== undefined) yield failedStep(shown, entry.problem);
    else yield fileStep({ source: shown, found: true }, request);
  }
}

async function* filesMatching(source: string, request: SourceRequest): AsyncGenerator<Step> {
  let matched = false;
  for await (const entry of walk(patternOf(source, request.platform), request.cwd, request.hidden)) {
    matched = true;
    if (entry.problem !== undefined) yield failedStep(entry.path, entry.problem);
    else yield fileStep({ source: entry.path }, request);
  }
  if (!matched) yield failedStep(source, 'matches nothing');
}
