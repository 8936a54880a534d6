import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { Clock } from '../../context.js';
import { IdTable } from '../ids/id-table.js';
import type { Draft } from '../model/steps.js';

/** A file that looks the same for so long is whole. */
export const settleMs = 2000;

/** A file as it was when it was looked at. */
interface Look {
  readonly fingerprint: string;
  readonly modifiedMs: number;
}

interface GrowingFile extends Pick<Look, 'fingerprint'> {
  readonly draft: Draft;
  /** Since when it looks the same. */
  readonly sinceMs: number;
}

export interface TrackerOptions {
  readonly clock: Clock;
  /** True where a file that is moved is another source, since its id comes from its name. */
  readonly byPath: boolean;
}

/** Which files were taken, and which are still being written. Of what was taken a few bytes are kept. */
export class FileTracker {
  readonly #options: TrackerOptions;
  readonly #taken = new IdTable();
  /** What was taken, but could not be sent as it was. */
  readonly #released = new Set<string>();
  readonly #growing = new Map<string, GrowingFile>();

  constructor(options: TrackerOptions) {
    this.#options = options;
  }

  /** True while a file is still being written. */
  get isAnyGrowing(): boolean {
    return this.#growing.size > 0;
  }

  /** Looks at a file of the first walk. Gives it back if it is to be taken now: nobody wrote to it lately. */
  async takeOld(draft: Draft): Promise<Draft | undefined> {
    const path = pathOf(draft);
    const look = path === undefined ? undefined : await this.#lookAt(path);
    if (path === undefined || look === undefined) return draft;
    const nowMs = this.#options.clock.now();
    if (look.modifiedMs <= nowMs - settleMs) return this.#take(draft, look.fingerprint);
    this.#growing.set(path, { draft, fingerprint: look.fingerprint, sinceMs: nowMs });
    return undefined;
  }

  /** Takes a file that is named by itself: it is sent as it is, and no walk would find it again. */
  async takeNamed(draft: Draft): Promise<Draft> {
    const path = pathOf(draft);
    const look = path === undefined ? undefined : await this.#lookAt(path);
    if (look !== undefined) this.#take(draft, look.fingerprint);
    return draft;
  }

  /** Looks at a file of a later walk. One that is new or changed is taken once it stays as it is. */
  async track(draft: Draft): Promise<void> {
    const path = pathOf(draft);
    const look = path === undefined ? undefined : await this.#lookAt(path);
    if (path === undefined || look === undefined || this.#growing.get(path)?.fingerprint === look.fingerprint) return;
    if (this.#isTaken(look.fingerprint)) this.#growing.delete(path);
    else this.#growing.set(path, { draft, fingerprint: look.fingerprint, sinceMs: this.#options.clock.now() });
  }

  /** Takes the files that are whole by now. */
  async *takeSettled(): AsyncGenerator<Draft> {
    for (const [path, file] of this.#growing) {
      const fingerprint = (await this.#lookAt(path))?.fingerprint;
      const nowMs = this.#options.clock.now();
      if (fingerprint === undefined) this.#growing.delete(path);
      else if (fingerprint !== file.fingerprint) this.#growing.set(path, { ...file, fingerprint, sinceMs: nowMs });
      else if (nowMs - file.sinceMs >= settleMs) {
        this.#growing.delete(path);
        const taken = this.#take(file.draft, fingerprint);
        if (taken !== undefined) yield taken;
      }
    }
  }

  /** True if a file that was taken is not what it was, or not where it was: then it is to be taken again. */
  async isStale(draft: Draft): Promise<boolean> {
    const path = pathOf(draft);
    if (path === undefined || draft.fingerprint === undefined) return false;
    const isSame = (await this.#lookAt(path))?.fingerprint === draft.fingerprint;
    if (!isSame) this.release(draft);
    return !isSame;
  }

  /** Has a file taken again, wherever a walk finds it. */
  release({ fingerprint }: Draft): void {
    if (fingerprint !== undefined) this.#released.add(fingerprint);
  }

  /** Undefined if it was taken before, under this name or another. */
  #take(draft: Draft, fingerprint: string): Draft | undefined {
    if (this.#isTaken(fingerprint)) return undefined;
    this.#released.delete(fingerprint);
    this.#taken.add(fingerprint, '');
    return { ...draft, fingerprint };
  }

  #isTaken(fingerprint: string): boolean {
    return this.#taken.find(fingerprint) !== undefined && !this.#released.has(fingerprint);
  }

  /** Undefined for what is not there any more. */
  async #lookAt(path: string): Promise<Look | undefined> {
    const stats = await stat(path, { bigint: true }).catch(() => undefined);
    if (stats === undefined) return undefined;
    const { dev, ino, size, mtimeNs, birthtimeNs, mtimeMs } = stats;
    // what stays when a file is renamed, so that it need not be read again
    const facts = [dev, ino, size, mtimeNs, birthtimeNs, ...(this.#options.byPath ? [path] : [])];
    const fingerprint = createHash('sha256').update(facts.join(':')).digest('hex').slice(0, 32);
    return { fingerprint, modifiedMs: Number(mtimeMs) };
  }
}

function pathOf({ media }: Draft): string | undefined {
  return media.at === 'file' ? media.path : undefined;
}
