import { opendir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { CliError, LocalError, messageOf, UsageError } from '../../errors.js';
import type { JsonObject } from '../../wire/json.js';
import { FolderLock } from './folder-lock.js';
import { isPartial } from '../read/download-folder.js';
import { RowFile } from '../rows/row-writer.js';
import { makeFolder } from '../files/make-folder.js';

const manifestName = 'inputs.ndjson';
const partialName = '.inputs.ndjson.partial';
const selectionName = '.export.json';
const lockName = '.export.lock';
const mediaName = 'media';

/** A folder with the export of one selection: its manifest, its media, and which selection it is. */
export class ExportFolder {
  readonly mediaPath: string;
  readonly manifestPath: string;
  readonly #partialPath: string;
  readonly #rows: RowFile;
  readonly #lock: FolderLock;

  private constructor(folder: string, rows: RowFile, lock: FolderLock) {
    this.mediaPath = join(folder, mediaName);
    this.manifestPath = join(folder, manifestName);
    this.#partialPath = join(folder, partialName);
    this.#rows = rows;
    this.#lock = lock;
  }

  /**
   * Makes the folder, or opens it again to go on.
   *
   * @param selection - what is exported, from which app
   * @throws UsageError if it holds anything else or another process is at it, LocalError
   */
  static async open(folder: string, selection: JsonObject): Promise<ExportFolder> {
    let lock: FolderLock | undefined;
    try {
      makeFolder(folder);
      await claim(folder, `${JSON.stringify(selection)}\n`);
      lock = FolderLock.take(join(folder, lockName));
      const partial = join(folder, partialName);
      return new ExportFolder(folder, await RowFile.create(partial, { option: partial, replace: true }), lock);
    } catch (error) {
      lock?.release();
      if (error instanceof CliError) throw error;
      throw new LocalError(`${folder}: ${messageOf(error)}`, { cause: error });
    }
  }

  /** How a row names a file of the folder's media. */
  nameOf(path: string): string {
    return `${mediaName}/${basename(path)}`;
  }

  async write(rows: readonly JsonObject[]): Promise<void> {
    await this.#rows.write(rows);
  }

  /**
   * Puts the manifest in place: all rows were written. One that is there already is kept under another name, since it
   * may hold what the app has lost meanwhile.
   *
   * @returns the path of the manifest that was kept, if there was one
   * @throws LocalError
   */
  async finish(): Promise<string | undefined> {
    await this.#rows.close();
    try {
      await removePartials(this.mediaPath);
      const kept = await keepEarlier(this.manifestPath);
      await rename(this.#partialPath, this.manifestPath);
      this.#lock.release();
      return kept;
    } catch (error) {
      throw new LocalError(`${this.manifestPath}: ${messageOf(error)}`, { cause: error });
    }
  }

  /** Gives up: the manifest of an earlier run stays as it is, and the media that were saved are found again. */
  async abandon(): Promise<void> {
    await this.#rows.close();
    await rm(this.#partialPath, { force: true });
    this.#lock.release();
  }
}

async function keepEarlier(manifest: string): Promise<string | undefined> {
  const earlier = await stat(manifest).catch(() => undefined);
  if (earlier === undefined) return undefined;
  const path = join(dirname(manifest), keptName(earlier.mtime));
  await rename(manifest, path);
  return path;
}

function keptName(writtenAt: Date): string {
  return `inputs-${writtenAt.toISOString().replaceAll(/[:.]/g, '-')}.ndjson`;
}

/** Halves of media that a killed run left. */
async function removePartials(folder: string): Promise<void> {
  for await (const { name } of await opendir(folder)) {
    if (isPartial(name)) await rm(join(folder, name), { force: true });
  }
}

/** Files that systems leave in folders on their own. */
const ignored = new Set(['.DS_Store', 'Thumbs.db', 'desktop.ini']);
/** Manifests of earlier runs. */
const keptNames = /^inputs-[\dTZ-]+\.ndjson$/;
const known = new Set([manifestName, partialName, selectionName, lockName, mediaName]);

async function claim(folder: string, selection: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => !ignored.has(name));
  const other = names.find((name) => !known.has(name) && !keptNames.test(name));
  if (other !== undefined || (names.length > 0 && !names.includes(selectionName))) {
    throw new UsageError(`${folder} is not empty, and not an export`, { hint: 'choose a new folder' });
  }
  const path = join(folder, selectionName);
  if (names.length === 0) await writeFile(path, selection, { flag: 'wx', mode: 0o600 });
  else if ((await readFile(path, 'utf8')) !== selection) {
    throw new UsageError(`${folder} is the export of another app or selection`, { hint: 'choose a new folder' });
  }
}
