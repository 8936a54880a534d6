import { stat } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import type { Draft, MediaKind, Payload, Step } from './drafts.js';
import { readFailure } from './media.js';
import { finalStep, recordStatus } from './meanings.js';
import { isPattern, walk } from './walk.js';

/** What `add` was asked to send, before anything is looked at. */
export interface SourceRequest {
  /** Paths, folders, patterns, `!patterns` and URLs, in the order given. */
  readonly sources: readonly string[];
  /** Paths and URLs as they stand, after those. */
  readonly listed: AsyncIterable<string> | undefined;
  readonly cwd: string;
  /** Take what begins with a dot. */
  readonly hidden: boolean;
  readonly kind: MediaKind | undefined;
  readonly id: string | undefined;
  readonly payload: Payload;
}

/** Sources one by one, in the order given, never all at once. What can't be found is a failed record. */
export async function* draftsFrom(request: SourceRequest, stopping: AbortSignal): AsyncGenerator<Step> {
  for await (const step of allDrafts(request)) {
    if (stopping.aborted) return;
    yield step;
  }
}

async function* allDrafts(request: SourceRequest): AsyncGenerator<Step> {
  const excluded = await exclusion(request);
  for (const source of request.sources) {
    if (!isExclude(source)) yield* draftsOf(source, request, excluded);
  }
  if (request.listed === undefined) return;
  for await (const source of request.listed) {
    if (isUrl(source)) yield urlDraft(source, request);
    else yield fileDraft(source, source, request);
  }
}

/** True for what is meant as a web address. */
export function isUrl(source: string): boolean {
  return /^https?:\/\//i.test(source.trim());
}

function isExclude(source: string): boolean {
  return source.startsWith('!');
}

type Excluded = (path: string) => boolean;

/** What `!pattern` takes out: files, and all that lies in a folder it names. */
async function exclusion(request: SourceRequest): Promise<Excluded> {
  const patterns = request.sources.filter(isExclude).map((source) => source.slice(1).replace(/^\.\/|\/+$/g, ''));
  if (patterns.length === 0) return () => false;
  const { default: micromatch } = await import('micromatch');
  const all = patterns.flatMap((pattern) => [pattern, `${pattern}/**`]);
  const matches = (path: string): boolean => micromatch.isMatch(path, all, { dot: true, nocase: true });
  return (path) => matches(relative(request.cwd, path).split(sep).join('/')) || matches(path.split(sep).join('/'));
}

async function* draftsOf(source: string, request: SourceRequest, excluded: Excluded): AsyncGenerator<Step> {
  if (isUrl(source)) {
    yield urlDraft(source, request);
    return;
  }
  const path = resolve(request.cwd, source);
  const found = await lookAt(path);
  if (found === 'folder') yield* filesIn(source, request, excluded);
  else if (found === 'file') {
    if (!excluded(path)) yield fileDraft(source, source, request);
  } else if (isPattern(source)) yield* filesMatching(source, request, excluded);
  else yield failed(source, found.reason);
}

async function lookAt(path: string): Promise<'folder' | 'file' | { readonly reason: string }> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    return { reason: readFailure(error) };
  }
}

async function* filesIn(source: string, request: SourceRequest, excluded: Excluded): AsyncGenerator<Step> {
  const folder = source.replace(/[/\\]+$/, '') || sep;
  for await (const entry of walk('**', resolve(request.cwd, source), request.hidden)) {
    const shown = `${folder === sep ? '' : folder}/${entry.path}`;
    if (entry.problem !== undefined) yield failed(shown, entry.problem);
    else if (!excluded(resolve(request.cwd, shown))) yield fileDraft(shown, shown, request, true);
  }
}

async function* filesMatching(source: string, request: SourceRequest, excluded: Excluded): AsyncGenerator<Step> {
  let matched = false;
  for await (const entry of walk(source, request.cwd, request.hidden)) {
    matched = true;
    if (entry.problem !== undefined) yield failed(entry.path, entry.problem);
    else if (!excluded(resolve(request.cwd, entry.path))) yield fileDraft(entry.path, entry.path, request);
  }
  if (!matched) yield failed(source, 'matches nothing');
}

function fileDraft(source: string, path: string, request: SourceRequest, found = false): Step {
  return draft(request, { source, media: { at: 'file', path: resolve(request.cwd, path) }, found });
}

function urlDraft(source: string, request: SourceRequest): Step {
  const url = source.trim();
  return draft(request, { source: url, media: { at: 'url', url }, found: false });
}

function draft(request: SourceRequest, what: Pick<Draft, 'source' | 'media' | 'found'>): Step {
  const { id, kind, payload } = request;
  return { at: 'draft', draft: { ...what, id, kind, payload } };
}

function failed(source: string, reason: string): Step {
  return finalStep({ id: null, source }, 'failed', recordStatus('UNREADABLE', reason));
}
