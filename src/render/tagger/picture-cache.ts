import type { TagInput } from '../../core/tag/input.js';
import { messageOf } from '../../errors.js';
import { drawn, smallCopy, type Places } from '../picture/picture.js';
import { look, wordLines, type Looking } from '../picture/media-view.js';

/** Small copies that are kept to go back to. */
const mostKept = 24;

const fetching: readonly string[] = ['fetching…'];

/** Makes the lines that show an input in a place. */
type Painter = (place: Places) => Promise<readonly string[]>;

interface Exhibit {
  readonly unwanted: AbortController;
  paint?: Painter;
  /** Drawn for this place. */
  place?: Places;
  lines?: readonly string[];
}

export interface GalleryOptions extends Pick<Looking, 'fetch' | 'brush'> {
  /** Called when something new is there to be shown. */
  readonly onChange: () => void;
}

/** What there is to see of the inputs on the screen and ahead, fetched and drawn before it is looked at. */
export class Gallery {
  readonly #options: GalleryOptions;
  readonly #exhibits = new Map<string, Exhibit>();
  #place: Places = { columns: 0, rows: 0 };
  #decoding: Promise<unknown> = Promise.resolve();

  constructor(options: GalleryOptions) {
    this.#options = options;
  }

  /** Gets these ready, the first one first; what is on the way and no longer among them is given up. */
  prepare(inputs: readonly TagInput[], place: Places): void {
    this.#place = place;
    this.#giveUpAllBut(new Set(inputs.map(({ id }) => id)));
    for (const input of inputs) {
      const exhibit = this.#exhibits.get(input.id);
      if (exhibit === undefined) void this.#add(input);
      else if (exhibit.paint !== undefined) void this.#draw(exhibit, exhibit.paint);
    }
  }

  /** Lines of what is to be seen, or of what is being done for it. */
  linesOf({ id }: TagInput): readonly string[] {
    return this.#exhibits.get(id)?.lines ?? fetching;
  }

  close(): void {
    for (const { unwanted } of this.#exhibits.values()) unwanted.abort();
    this.#exhibits.clear();
  }

  #giveUpAllBut(wanted: ReadonlySet<string>): void {
    for (const [id, { paint, unwanted }] of this.#exhibits) {
      if (wanted.has(id) || (paint !== undefined && this.#exhibits.size <= mostKept)) continue;
      unwanted.abort();
      this.#exhibits.delete(id);
    }
  }

  async #add(input: TagInput): Promise<void> {
    const exhibit: Exhibit = { unwanted: new AbortController() };
    this.#exhibits.set(input.id, exhibit);
    const { signal } = exhibit.unwanted;
    exhibit.paint = await this.#painterOf(input, signal).catch((error: unknown) => {
      return wordPainter(`not shown: ${messageOf(error)}`);
    });
    if (!signal.aborted) await this.#draw(exhibit, exhibit.paint);
  }

  async #painterOf(input: TagInput, unwanted: AbortSignal): Promise<Painter> {
    const sight = await look(input, { ...this.#options, unwanted });
    if (sight.at === 'words') return wordPainter(sight.text);
    const copy = await this.#inTurn(async () => {
      unwanted.throwIfAborted();
      return await smallCopy(sight.bytes);
    });
    return async (place) => (await drawn(copy, sight.brush, place)).lines;
  }

  /** One at a time: a decoded picture can take hundreds of megabytes. */
  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#decoding.then(work);
    this.#decoding = turn.catch(() => undefined);
    return await turn;
  }

  async #draw(exhibit: Exhibit, paint: Painter): Promise<void> {
    const place = this.#place;
    if (exhibit.place === place) return;
    exhibit.place = place;
    const lines = await paint(place).catch((error: unknown) => wordLines(messageOf(error), place));
    if (exhibit.unwanted.signal.aborted || exhibit.place !== place) return;
    exhibit.lines = lines;
    this.#options.onChange();
  }
}

function wordPainter(text: string): Painter {
  return (place) => Promise.resolve(wordLines(text, place));
}
