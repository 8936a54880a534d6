import { constants } from 'node:fs';
import { open, rm, stat, type FileHandle } from 'node:fs/promises';
import { errorCode, LocalError, messageOf, UsageError } from '../../errors.js';
import type { JsonObject } from '../../wire/json.js';
import { jsonText } from '../model/json-text.js';

interface CreateOptions {
  /** As typed, for errors: `--undo former.ndjson`. */
  readonly option: string;
  /** Whether a file that is there may go. */
  readonly replace: boolean;
}

interface OpenFile {
  readonly file: FileHandle;
  readonly isNew: boolean;
  readonly isRegular: boolean;
}

/** A file of NDJSON that grows row by row; what was written is on the disk. */
export class RowFile {
  readonly #path: string;
  readonly #file: FileHandle;
  /** True if it was made by this run. */
  readonly #isNew: boolean;
  /** False for a pipe or a device, which can't be synced or cut. */
  readonly #isRegular: boolean;
  /** Length in bytes up to the last complete row. */
  #sizeBytes = 0;

  private constructor(path: string, { file, isNew, isRegular }: OpenFile) {
    this.#path = path;
    this.#file = file;
    this.#isNew = isNew;
    this.#isRegular = isRegular;
  }

  /**
   * Makes the file, its owner's alone.
   *
   * @throws UsageError if there is one that may not go, or what is there can't be written to, LocalError if it can't be made
   */
  static async create(path: string, { option, replace }: CreateOptions): Promise<RowFile> {
    try {
      const file = await openToWrite(path, { option, replace });
      return new RowFile(path, { file, isNew: !replace, isRegular: (await file.stat()).isFile() });
    } catch (error) {
      if (error instanceof UsageError) throw error;
      if (errorCode(error) === 'EEXIST') {
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
      if (this.#isRegular) await this.#file.datasync();
      this.#sizeBytes += Buffer.byteLength(text);
    } catch (error) {
      await this.#cutBack();
      throw new LocalError(`${this.#path}: ${messageOf(error)}`, { cause: error });
    }
  }

  /** Leaves no half of a row, and no empty file that would stand in the way of the same command. */
  async #cutBack(): Promise<void> {
    if (this.#isRegular) await this.#file.truncate(this.#sizeBytes).catch(() => undefined);
    if (this.#isNew && this.#sizeBytes === 0) await rm(this.#path, { force: true });
  }

  /** Takes a new file away again if nothing was written: it would stand in the way of the same command. */
  async close(): Promise<void> {
    await this.#file.close();
    if (this.#isNew && this.#sizeBytes === 0) await rm(this.#path, { force: true });
  }
}

/** Opens the file to write to. Throws UsageError for a folder, and for a pipe that nothing reads. */
async function openToWrite(path: string, { option, replace }: CreateOptions): Promise<FileHandle> {
  const there = await stat(path).catch(() => undefined);
  if (there?.isDirectory() === true) throw new UsageError(`${option} is a folder, not a file`);
  if (replace && there?.isFile() === true) await assertRows(path, option);
  const probe = there?.isFIFO() === true ? await probeReader(path, option) : undefined;
  try {
    return await open(path, replace ? 'w' : 'wx', 0o600);
  } finally {
    await probe?.close();
  }
}

/** A photo that is named by mistake must not be lost: what is written over holds rows, or nothing. */
async function assertRows(path: string, option: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(1), 0, 1, 0);
    if (bytesRead === 0 || buffer.toString('latin1') === '{') return;
    throw new UsageError(`${option} exists and does not hold rows of failures`, { hint: 'choose another file' });
  } finally {
    await file.close();
  }
}

/** Opening a pipe that nothing reads would wait for ever, deaf to Ctrl-C; once this is open, opening it again does not. */
async function probeReader(path: string, option: string): Promise<FileHandle> {
  try {
    return await open(path, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (errorCode(error) !== 'ENXIO') throw error;
    throw new UsageError(`${option} is a pipe that nothing reads`, { hint: 'choose a file', cause: error });
  }
}
