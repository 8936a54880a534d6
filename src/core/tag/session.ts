import type { InputsService } from '../../api/service.js';
import { conceptPages } from '../../api/pages.js';
import { CliError, messageOf } from '../../errors.js';
import type { Concept } from '../../api/answers.js';
import type { RunControl } from '../model/run-control.js';
import type { PatchRecord } from '../changes/send.js';
import type { TagInput } from './input.js';
import { TagSaver } from './saver.js';
import { arrived, conceptsKnown, emptyTagging, ended, saveFailed, type Key, type Tagging } from './state.js';
import { pressed, quit } from './keys.js';

/** Read on when fewer inputs than this are known ahead. */
const enoughAhead = 100;

export interface TagSessionParts {
  readonly service: InputsService;
  readonly control: RunControl;
  /** In the order in which they are tagged. */
  readonly pages: AsyncIterable<readonly TagInput[]>;
}

/** A tagging session with its service: reads inputs and concepts ahead, and saves each input once it is left. */
export class TagSession {
  readonly #parts: TagSessionParts;
  readonly #pages: AsyncIterator<readonly TagInput[]>;
  readonly #saver: TagSaver;
  readonly #records: PatchRecord[] = [];
  #state = emptyTagging;
  #reading = false;
  #problem: Error | undefined;
  /** Called when there is something new to show, but for what a key does. */
  onChange: () => void = () => undefined;

  constructor(parts: TagSessionParts) {
    this.#parts = parts;
    this.#pages = parts.pages[Symbol.asyncIterator]();
    this.#saver = new TagSaver(parts, (record, change) => {
      this.#records.push(record);
      if (record.outcome === 'failed') this.#state = saveFailed(this.#state, change);
      if (parts.control.reason !== undefined) this.#state = { ...this.#state, done: true };
      this.onChange();
    });
  }

  get state(): Tagging {
    return this.#state;
  }

  /** What became of each save, in the order of the answers. */
  get records(): readonly PatchRecord[] {
    return this.#records;
  }

  /** Saves that are not answered yet. */
  get waiting(): number {
    return this.#saver.waiting;
  }

  /** Why no more inputs could be read. */
  get problem(): Error | undefined {
    return this.#problem;
  }

  /** Reads the first inputs and concepts. Throws what keeps it from that. */
  async start(): Promise<void> {
    const concepts = conceptPages(this.#parts.service);
    await Promise.all([this.#readFirst(), this.#nextConcepts(concepts)]);
    if (this.#problem !== undefined) throw this.#problem;
    void this.#readOn();
    void this.#restOfConcepts(concepts);
  }

  press(key: Key): void {
    this.#take(pressed(this.#state, key));
  }

  /** Leaves as `q` does. */
  quit(): void {
    if (!this.#state.done) this.#take(quit(this.#state));
  }

  /** Returns once every input that was left is saved, or failed. */
  async finish(): Promise<void> {
    await this.#saver.finish();
    await this.#pages.return?.();
  }

  #take({ state, change }: ReturnType<typeof pressed>): void {
    this.#state = state;
    if (change !== undefined) this.#saver.save(change);
    void this.#readOn();
  }

  async #readFirst(): Promise<void> {
    while (!this.#state.ended && this.#state.sheets.length === 0) await this.#readPage();
  }

  async #readOn(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    while (!this.#state.ended && !this.#state.done && this.#ahead < enoughAhead) await this.#readPage();
    this.#reading = false;
  }

  get #ahead(): number {
    return this.#state.sheets.length - this.#state.at;
  }

  async #readPage(): Promise<void> {
    try {
      const next = await this.#pages.next();
      this.#state = next.done === true ? ended(this.#state) : arrived(this.#state, next.value);
    } catch (error) {
      this.#problem = asError(error);
      this.#state = ended(this.#state);
    }
    this.onChange();
  }

  /** Without the app's concepts, those seen on inputs have to do. */
  async #nextConcepts(pages: AsyncIterator<readonly Concept[]>): Promise<boolean> {
    try {
      const next = await pages.next();
      if (next.done === true || this.#state.done) return false;
      this.#state = conceptsKnown(this.#state, next.value);
      this.onChange();
      return true;
    } catch (error) {
      if (!(error instanceof CliError)) this.#problem ??= asError(error);
      return false;
    }
  }

  async #restOfConcepts(pages: AsyncIterator<readonly Concept[]>): Promise<void> {
    while (await this.#nextConcepts(pages)) continue;
  }
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(messageOf(thrown));
}
