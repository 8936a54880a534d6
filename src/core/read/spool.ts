import { mkdtemp, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { InputsService } from '../../api/service.js';
import { mediaUrl } from '../../api/media.js';
import { LocalError, messageOf } from '../../errors.js';

/**
 * No further media is fetched while the files hold this many bytes. It is more than two of the largest requests, so
 * that a batch that is still being filled can't wait for room that only its own end would make.
 */
const maxSpoolBytes = 256_000_000;

const folderPrefix = 'clarifai-inputs-spool-';

/** Files come to a folder in use and go all the time: one that stood still for so long was left by a run that was killed. */
const abandonedMs = 86_400_000;

/** Media on its way from one service to another: files in a folder of their own, each removed once it was sent. */
export class Spool {
  readonly folder: string;
  readonly #service: InputsService;
  /** Bytes by file name. */
  readonly #sizes = new Map<string, number>();
  #bytes = 0;
  #peakBytes = 0;
  #wake: (() => void)[] = [];

  private constructor(folder: string, service: InputsService) {
    this.folder = folder;
    this.#service = service;
  }

  /**
   * Makes an empty folder, its owner's alone, and removes those that killed runs left.
   *
   * @param parent - the folder to make it in
   * @param service - that the media comes from
   * @throws LocalError
   */
  static async open(parent: string, service: InputsService): Promise<Spool> {
    try {
      await removeAbandoned(parent);
      return new Spool(await mkdtemp(join(parent, folderPrefix)), service);
    } catch (error) {
      throw new LocalError(`${parent}: ${messageOf(error)}`, { cause: error });
    }
  }

  /** The most that the files held at any one time. */
  get peakBytes(): number {
    return this.#peakBytes;
  }

  /**
   * Fetches media into a file of that name, once there is room.
   *
   * @returns its path
   * @throws MediaError, ApiError, UnavailableError; LocalError if the file can't be written
   */
  async fetch(name: string, address: string): Promise<string> {
    while (this.#bytes >= maxSpoolBytes) await new Promise<void>((resolve) => this.#wake.push(resolve));
    const path = join(this.folder, name);
    try {
      await this.#service.fetchMedia(mediaUrl(address), (body) => this.#write(body, name));
      return path;
    } catch (error) {
      await this.remove(name);
      throw error;
    }
  }

  /** Removes a file that was sent, or never will be; nothing where there is none of that name. */
  async remove(name: string): Promise<void> {
    const bytes = this.#sizes.get(name);
    if (bytes === undefined) return;
    this.#sizes.delete(name);
    this.#bytes -= bytes;
    await rm(join(this.folder, name), { force: true });
    const waiting = this.#wake;
    this.#wake = [];
    for (const wake of waiting) wake();
  }

  async close(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Begins anew with each try. */
  async #write(body: AsyncIterable<Uint8Array>, name: string): Promise<void> {
    const path = join(this.folder, name);
    const throwLocal = (error: unknown): never => {
      throw new LocalError(`${path}: ${messageOf(error)}`, { cause: error });
    };
    const file = await open(path, 'w', 0o600).catch(throwLocal);
    this.#grow(name, -(this.#sizes.get(name) ?? 0));
    try {
      for await (const chunk of body) {
        // write() stops short on a full disk, and tells so only by a number
        await file.writeFile(chunk).catch(throwLocal);
        this.#grow(name, chunk.length);
      }
    } finally {
      await file.close();
    }
  }

  #grow(name: string, bytes: number): void {
    this.#sizes.set(name, (this.#sizes.get(name) ?? 0) + bytes);
    this.#bytes += bytes;
    this.#peakBytes = Math.max(this.#peakBytes, this.#bytes);
  }
}

async function removeAbandoned(parent: string): Promise<void> {
  // the time of the system, as files have it
  const beforeMs = Date.now() - abandonedMs;
  for (const name of await readdir(parent)) {
    if (!name.startsWith(folderPrefix)) continue;
    const folder = join(parent, name);
    try {
      if ((await stat(folder)).mtimeMs < beforeMs) await rm(folder, { recursive: true, force: true });
    } catch {
      // somebody else's, or removed meanwhile
    }
  }
}
