import { access, link, open, opendir, rename, rm } from 'node:fs/promises';
import { join, parse } from 'node:path';
import type { InputsService } from '../../api/service.js';
import type { AppInput } from '../../api/answers.js';
import { MediaError } from '../../api/errors.js';
import { mediaOf, mediaUrl, type MediaPlace } from '../../api/media.js';
import { CliError, errorCode, LocalError, messageOf } from '../../errors.js';
import { isValidId } from '../ids/id-rules.js';
import { IdTable } from '../ids/id-table.js';
import { slugId } from '../ids/make-id.js';
import { makeFolder } from '../files/make-folder.js';

/** The outcome of downloading an input's media. */
export type Download =
  | { readonly outcome: 'saved' | 'there'; readonly path: string }
  | { readonly outcome: 'failed'; readonly reason: string };

/** Enough to tell what a file is. */
const headBytes = 4100;

interface DownloadTarget {
  readonly folder: string;
  readonly service: InputsService;
  /** Tells which names a file can't have. */
  readonly platform: NodeJS.Platform;
}

/** Names of devices, whatever their extension. Source: Microsoft's "Naming Files, Paths, and Namespaces". */
const windowsDevice = /^(?:con|prn|aux|nul|com[1-9]|lpt[1-9])$/i;

/** The file name before the extension. No id contains `~`, so that no two names collide. */
function fileStem(id: string, platform: NodeJS.Platform): string {
  const stem = isValidId(id) ? id : slugId(id);
  return platform === 'win32' && windowsDevice.test(stem) ? `${stem}~` : stem;
}

/** The name of a file that is being fetched. */
function partialName(stem: string): string {
  return `.${stem}.partial`;
}

/** True for a file that is being fetched, or was when its run was killed. */
export function isPartial(name: string): boolean {
  return name.startsWith('.') && name.endsWith('.partial');
}

/** A folder that media is saved into, each whole or not at all, nothing that is there overwritten. */
export class DownloadFolder {
  readonly #folder: string;
  readonly #service: InputsService;
  readonly #platform: NodeJS.Platform;
  /** Names in the folder, by what stands before the extension. */
  readonly #names: IdTable;

  private constructor({ folder, service, platform }: DownloadTarget, names: IdTable) {
    this.#folder = folder;
    this.#service = service;
    this.#platform = platform;
    this.#names = names;
  }

  /** Makes the folder if it is not there. Throws LocalError. */
  static async open(target: DownloadTarget): Promise<DownloadFolder> {
    const { folder } = target;
    try {
      makeFolder(folder);
      const names = new IdTable();
      for await (const { name } of await opendir(folder)) names.add(parse(name).name, name);
      return new DownloadFolder(target, names);
    } catch (error) {
      throw new LocalError(`${folder}: ${messageOf(error)}`, { cause: error });
    }
  }

  /** Saves an input's media as `ID.ext`, the extension by its content. Throws what ends the run. */
  async save(input: AppInput): Promise<Download> {
    const stem = fileStem(input.id, this.#platform);
    const there = this.#nameOf(stem);
    const place = mediaOf(input);
    if (place === undefined) return { outcome: 'failed', reason: 'has no media' };
    if (there !== undefined) return await this.#existing(join(this.#folder, there), place);
    const partial = join(this.#folder, partialName(stem));
    try {
      await this.#fetch(place, partial);
      const name = `${stem}.${await extensionOf(partial, place)}`;
      await putInPlace(partial, join(this.#folder, name));
      this.#names.add(stem, name);
      return { outcome: 'saved', path: join(this.#folder, name) };
    } catch (error) {
      await rm(partial, { force: true });
      if (error instanceof CliError && error.exitCode !== 3 && error.exitCode !== 6) throw error;
      return { outcome: 'failed', reason: messageOf(error) };
    }
  }

  #nameOf(stem: string): string | undefined {
    const number = this.#names.find(stem);
    return number === undefined ? undefined : this.#names.sourceAt(number);
  }

  /** An existing file of that name is taken for the input's media only if its type fits. */
  async #existing(path: string, place: MediaPlace): Promise<Download> {
    try {
      await extensionOf(path, place);
      return { outcome: 'there', path };
    } catch (error) {
      return { outcome: 'failed', reason: `another file is in the way: ${path} (${messageOf(error)})` };
    }
  }

  async #fetch(place: MediaPlace, partial: string): Promise<void> {
    if (place.at === 'text') await write([Buffer.from(place.text)], partial);
    else await this.#service.fetchMedia(mediaUrl(place.url), (body) => write(body, partial));
  }
}

/** Throws LocalError where the file can't be written: fetching again would not help; and what the body throws. */
async function write(body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, path: string): Promise<void> {
  const told = (error: unknown): never => {
    throw new LocalError(`${path}: ${messageOf(error)}`, { cause: error });
  };
  const file = await open(path, 'w').catch(told);
  try {
    // write() stops short on a full disk, and tells so only by a number
    for await (const chunk of body) await file.writeFile(chunk).catch(told);
  } finally {
    await file.close();
  }
}

/** A link fails where a file stands already; file systems without links can only rename. */
async function putInPlace(partial: string, path: string): Promise<void> {
  try {
    await link(partial, path);
    await rm(partial);
  } catch (error) {
    if (errorCode(error) === 'EEXIST') throw new MediaError(`${path} already exists`, { cause: error });
    if (await exists(path)) throw new MediaError(`${path} already exists`, { cause: error });
    await rename(partial, path);
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}

/**
 * The extension of what was fetched, by its content.
 *
 * @throws MediaError for what is empty or not of the input's kind: a page to sign in, sent as if it were a picture
 */
async function extensionOf(path: string, place: MediaPlace): Promise<string> {
  const { fileTypeFromBuffer, fileTypeFromFile } = await import('file-type');
  const file = await open(path);
  try {
    const head = Buffer.alloc(headBytes);
    const { bytesRead } = await file.read(head, 0, headBytes, 0);
    if (bytesRead === 0) throw new MediaError('it is empty');
    if (place.at === 'text' || place.kind === 'text') return 'txt';
    const type = (await fileTypeFromBuffer(head.subarray(0, bytesRead))) ?? (await fileTypeFromFile(path));
    if (type === undefined || !isOfKind(type.mime, place.kind)) {
      throw new MediaError(`it is not ${place.kind} content${type === undefined ? '' : `, but ${type.mime}`}`);
    }
    return type.ext;
  } finally {
    await file.close();
  }
}

/** Containers of video may hold sound alone. */
function isOfKind(mime: string, kind: string): boolean {
  if (mime === 'application/vnd.ms-asf') return kind === 'video' || kind === 'audio';
  return mime.startsWith(`${kind}/`) || (kind === 'audio' && mime.startsWith('video/'));
}
