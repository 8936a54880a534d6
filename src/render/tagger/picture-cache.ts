import type { TagInput } from '../../core/tag/input.js';
import { messageOf } from '../../errors.js';
import { drawPicture, makeSmallCopy, type CellSize } from '../picture/picture.js';
import { loadView, wrapText, type ViewOptions } from '../picture/media-view.js';

/** Small copies that are kept to go back to. */
const maxCached = 24;

const fetching: readonly string[] = ['fetching…'];

/** Makes the lines that show an input in so much room. */
type DrawAt = (room: CellSize) => Promise<readonly string[]>;

interface CachedPicture {
  readonly controller: AbortController;
  drawAt?: DrawAt;
  /** The room that the lines are drawn for. */
  room?: CellSize;
  lines?: readonly string[];
}

export interface PictureCacheOptions extends Pick<ViewOptions, 'fetch' | 'renderer'> {
  /** Called when something new is there to be shown. */
  readonly onChange: () => void;
}

/** Views of the inputs on the screen and ahead of it, fetched and drawn before they are shown. */
export class PictureCache {
  readonly #options: PictureCacheOptions;
  readonly #pictures = new Map<string, CachedPicture>();
  #room: CellSize = { columns: 0, rows: 0 };
  #decoding: Promise<unknown> = Promise.resolve();

  constructor(options: PictureCacheOptions) {
    this.#options = options;
  }

  /** Gets these ready, the first one first; what is on the way and no longer among them is given up. */
  prepare(inputs: readonly TagInput[], room: CellSize): void {
    this.#room = room;
    this.#keepOnly(new Set(inputs.map(({ id }) => id)));
    for (const input of inputs) {
      const picture = this.#pictures.get(input.id);
      if (picture === undefined) void this.#add(input);
      else if (picture.drawAt !== undefined) void this.#draw(picture, picture.drawAt);
    }
  }

  /** Lines of what is to be seen, or of what is being done for it. */
  linesOf({ id }: TagInput): readonly string[] {
    return this.#pictures.get(id)?.lines ?? fetching;
  }

  close(): void {
    for (const { controller } of this.#pictures.values()) controller.abort();
    this.#pictures.clear();
  }

  #keepOnly(wanted: ReadonlySet<string>): void {
    for (const [id, { drawAt, controller }] of this.#pictures) {
      if (wanted.has(id) || (drawAt !== undefined && this.#pictures.size <= maxCached)) continue;
      controller.abort();
      this.#pictures.delete(id);
    }
  }

  async #add(input: TagInput): Promise<void> {
    const picture: CachedPicture = { controller: new AbortController() };
    this.#pictures.set(input.id, picture);
    const { signal } = picture.controller;
    picture.drawAt = await this.#load(input, signal).catch((error: unknown) => {
      return drawWords(`not shown: ${messageOf(error)}`);
    });
    if (!signal.aborted) await this.#draw(picture, picture.drawAt);
  }

  async #load(input: TagInput, signal: AbortSignal): Promise<DrawAt> {
    const view = await loadView(input, { ...this.#options, signal });
    if (view.at === 'words') return drawWords(view.text);
    const copy = await this.#afterOthers(async () => {
      signal.throwIfAborted();
      return await makeSmallCopy(view.bytes);
    });
    return async (room) => (await drawPicture(copy, view.renderer, room)).lines;
  }

  /** Decodes one at a time: a decoded picture can take hundreds of megabytes. */
  async #afterOthers<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#decoding.then(work);
    this.#decoding = result.catch(() => undefined);
    return await result;
  }

  async #draw(picture: CachedPicture, drawAt: DrawAt): Promise<void> {
    const room = this.#room;
    if (picture.room === room) return;
    picture.room = room;
    const lines = await drawAt(room).catch((error: unknown) => wrapText(messageOf(error), room));
    if (picture.controller.signal.aborted || picture.room !== room) return;
    picture.lines = lines;
    this.#options.onChange();
  }
}

function drawWords(text: string): DrawAt {
  return (room) => Promise.resolve(wrapText(text, room));
}
