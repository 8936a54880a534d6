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
  readonly #growing = new Map<string, GrowingFile>();

  constructor(options: TrackerOptions) {
    this.#options = options;
  }

  /** True while a file is still being written. */
  get isAnyGrowing(): boolean {
    return this.#growing.size > 0;
  }

  /** Looks at a file of the first walk. True if it is to be taken now: a list names it, or nobody wrote to it lately. */
  async takeOld(draft: Draft): Promise<boolean> {
    const path = pathOf(draft);
    const look = path === undefined ? undefined : await this.#lookAt(path);
    if (path === undefined || look === undefined) return true;
    const nowMs = this.#options.clock.now();
    const isListed = draft.location !== undefined;
    if (isListed || look.modifiedMs <= nowMs - settleMs) return this.#take(look.fingerprint);
    this.#growing.set(path, { draft, fingerprint: look.fingerprint, sinceMs: nowMs });
    return false;
  }

  /** Looks at a file of a later walk. One that is new or changed is taken once it stays as it is. */
  async track(draft: Draft): Promise<void> {
    const path = pathOf(draft);
    const look = path === undefined ? undefined : await this.#lookAt(path);
    if (path === undefined || look === undefined || this.#growing.get(path)?.fingerprint === look.fingerprint) return;
    if (this.#taken.find(look.fingerprint) !== undefined) this.#growing.delete(path);
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
        if (this.#take(fingerprint)) yield file.draft;
      }
    }
  }

  /** False if it was taken before, under this name or another. */
  #take(fingerprint: string): boolean {
    const { size } = this.#taken;
    return this.#taken.add(fingerprint, '') === size;
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
