import { open, rm, type FileHandle } from 'node:fs/promises';
import { LocalError, messageOf, UsageError } from '../../errors.js';
import type { JsonObject } from '../../wire/json.js';
import { jsonText } from '../model/json-text.js';

/** A file of NDJSON that grows row by row; what was written is on the disk. */
export class RowFile {
  readonly #path: string;
  readonly #file: FileHandle;
  /** True if it was made by this run. */
  readonly #isNew: boolean;
  /** Length in bytes up to the last complete row. */
  #sizeBytes = 0;

  private constructor(path: string, file: FileHandle, isNew: boolean) {
    this.#path = path;
    this.#file = file;
    this.#isNew = isNew;
  }

  /**
   * Makes the file, its owner's alone.
   *
   * @param option - as typed, for errors: `--undo former.ndjson`
   * @param replace - whether one that is there may go
   * @throws UsageError if there is one that may not, LocalError if it can't be made
   */
  static async create(path: string, { option, replace }: { option: string; replace: boolean }): Promise<RowFile> {
    try {
      return new RowFile(path, await open(path, replace ? 'w' : 'wx', 0o600), !replace);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
        throw new UsageError(`${option} already exists`, { hint: 'choose another file', cause: error });
      }
      throw new LocalError(`${option}: ${messageOf(error)}`, { cause: error });
    }
  }

  /** Returns once the rows are on the disk. Throws LocalError. */
  async write(rows: readonly JsonObject[]): Promise<void> {
    if (rows.length === 0) return;
    const text = rows.map((row) => `${jsonText(row)}\n`).join('');
    try {
      // write() stops short on a full disk, and tells so only by a number
      await this.#file.appendFile(text);
      await this.#file.datasync();
      this.#sizeBytes += Buffer.byteLength(text);
    } catch (error) {
      await this.#cutBack();
      throw new LocalError(`${this.#path}: ${messageOf(error)}`, { cause: error });
    }
  }

  /** Leaves no half of a row, and no empty file that would stand in the way of the same command. A device has no length. */
  async #cutBack(): Promise<void> {
    await this.#file.truncate(this.#sizeBytes).catch(() => undefined);
    if (this.#isNew && this.#sizeBytes === 0) await rm(this.#path, { force: true });
  }

  /** Takes a new file away again if nothing was written: it would stand in the way of the same command. */
  async close(): Promise<void> {
    await this.#file.close();
    if (this.#isNew && this.#sizeBytes === 0) await rm(this.#path, { force: true });
  }
}
