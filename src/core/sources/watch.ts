import { resolve } from 'node:path';
import { pMapIterable, pMapSkip } from 'p-map';
import { interruptible } from '../model/interruptible.js';
import type { Draft, Step } from '../model/steps.js';
import type { Clock } from '../../context.js';
import { settleMs, type FileTracker } from './file-tracker.js';
import { FolderWatcher } from './folder-watcher.js';
import { parsePattern, slashed } from './patterns.js';
import { expandSources, type SourceRequest } from './sources.js';

export interface WatchOptions {
  readonly clock: Clock;
  readonly files: FileTracker;
  /** The folders and patterns among the sources, with the exclusions. */
  readonly watched: readonly string[];
  readonly signal: AbortSignal;
}

/** All is walked once in so long, whatever was told: network folders tell nothing of what others write. */
const walkEveryMs = 60_000;
/** Between two walks; of many files longer, so that walking stays a small part of the work. */
const shortestRestMs = 500;
const restMsPerFile = 0.1;
/** Files that are looked at side by side. */
const looksAtOnce = 32;

/**
 * The sources of a run, then for ever what is new or changed in its folders and patterns, each file once it is whole.
 * What is there is the truth, not the events: a file that came while nobody looked is found by the next walk.
 */
export async function* watchSources(request: SourceRequest, options: WatchOptions): AsyncGenerator<Step> {
  const { signal } = options;
  try {
    yield* interruptible(new SourceWatch(request, options).steps(), signal);
  } catch (error) {
    // what was found so far goes on its way: the stages behind tell what became of it
    if (!signal.aborted) throw error;
  }
}

class SourceWatch {
  readonly #options: WatchOptions;
  readonly #request: SourceRequest;
  readonly #folders = new FolderWatcher();
  readonly #files: FileTracker;
  /** The absolute paths of what is watched, up to the first wildcard. */
  readonly #roots: readonly string[];
  #filesSeen = 0;
  #walkedMs = 0;

  constructor(request: SourceRequest, options: WatchOptions) {
    this.#options = options;
    this.#files = options.files;
    const onFolder = (path: string): void => {
      this.#folders.add(path);
    };
    this.#request = { ...request, watch: { onFolder } };
    this.#roots = options.watched.filter((source) => !source.startsWith('!')).map((source) => rootOf(source, request));
  }

  async *steps(): AsyncGenerator<Step> {
    const { clock, signal, watched } = this.#options;
    try {
      yield* this.#takeAll();
      yield { at: 'notice', notice: 'watching', source: watched.join(' ') };
      while (!signal.aborted) {
        await this.#folders.wait(clock, this.#files.isAnyGrowing ? settleMs : walkEveryMs, signal);
        await clock.sleep(Math.max(shortestRestMs, this.#filesSeen * restMsPerFile), signal);
        if (this.#folders.hasChanged || clock.now() - this.#walkedMs >= walkEveryMs) await this.#lookForNew();
        yield* this.#takeSettled();
      }
    } finally {
      this.#folders.close();
    }
  }

  /** The first walk: all sources, but files that somebody may still be writing. */
  async *#takeAll(): AsyncGenerator<Step> {
    this.#beginWalk();
    const steps = expandSources(this.#request, this.#options.signal);
    const named = new Set(this.#request.sources);
    const take = async (step: Step): Promise<Step | typeof pMapSkip> => {
      this.#filesSeen += 1;
      if (step.at !== 'draft') return step;
      const { source, location } = step.draft;
      const isNamed = location !== undefined || named.has(source);
      const draft = await (isNamed ? this.#files.takeNamed(step.draft) : this.#files.takeOld(step.draft));
      return draft === undefined ? pMapSkip : draftStep(draft);
    };
    yield* pMapIterable(steps, take, { concurrency: looksAtOnce });
    this.#folders.endWalk();
    yield { at: 'pause' };
  }

  /** A later walk. What fails there failed in the first one, or was told where it was found. */
  async #lookForNew(): Promise<void> {
    this.#beginWalk();
    this.#filesSeen = 0;
    const { watched: sources, signal } = this.#options;
    const track = async (step: Step): Promise<void> => {
      this.#filesSeen += 1;
      if (step.at === 'draft') await this.#files.track(step.draft);
    };
    const steps = expandSources({ ...this.#request, sources, lists: [] }, signal);
    const looks = pMapIterable(steps, track, { concurrency: looksAtOnce })[Symbol.asyncIterator]();
    while ((await looks.next()).done !== true);
    this.#folders.endWalk();
  }

  async *#takeSettled(): AsyncGenerator<Step> {
    let isAny = false;
    for await (const draft of this.#files.takeSettled()) {
      isAny = true;
      yield draftStep(draft);
    }
    // the next one may come in a week
    if (isAny) yield { at: 'pause' };
  }

  #beginWalk(): void {
    this.#walkedMs = this.#options.clock.now();
    this.#folders.beginWalk();
    for (const root of this.#roots) this.#folders.addAbove(root);
  }
}

function draftStep(draft: Draft): Step {
  return { at: 'draft', draft };
}

function rootOf(source: string, { cwd, platform }: SourceRequest): string {
  const { folder, rest } = parsePattern(slashed(source, platform), cwd);
  return resolve(folder, rest.includes('*') ? '.' : rest);
}
