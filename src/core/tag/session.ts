import type { InputsService } from '../../api/service.js';
import { conceptPages } from '../../api/pages.js';
import { CliError, messageOf } from '../../errors.js';
import type { AppInput, Concept } from '../../api/answers.js';
import type { RowFile } from '../rows/row-writer.js';
import type { RunControl } from '../model/run-control.js';
import type { PatchRecord } from '../changes/send.js';
import { orderConcepts } from './concepts.js';
import { tagInput, type TagInput, type Tags } from './input.js';
import { TagSaver } from './saver.js';
import {
  acceptSaved,
  addInputs,
  addMissing,
  emptyTagging,
  endInputs,
  markUnconfirmed,
  type TagKey,
  type TagChange,
  type TaggingState,
} from './state.js';
import { handleKey, saveAndQuit } from './keys.js';

/** Read on when fewer inputs than this are known ahead. */
const enoughAhead = 100;

/** Inputs in the order in which they are tagged. */
export interface TagPage {
  readonly inputs: readonly TagInput[];
  /** Ids that were asked for and are not in the app. */
  readonly missing: readonly string[];
}

/** Where inputs come from. */
export interface TagSource {
  readonly pages: AsyncIterable<TagPage>;
  /** Counts the inputs that there will be in all; undefined where only reading them all would tell. */
  readonly countTotal: () => Promise<number | undefined>;
}

export interface TagSessionParts {
  readonly service: InputsService;
  readonly control: RunControl;
  readonly source: TagSource;
  /** Concepts that come first, in this order. */
  readonly pinned: readonly string[];
  /** Where the state that an input has before its first change is saved. */
  readonly undoFile: RowFile | undefined;
}

/** A tagging session with its service: reads inputs ahead, and saves each input once it is left. */
export class TagSession {
  readonly #parts: TagSessionParts;
  readonly #pages: AsyncIterator<TagPage>;
  readonly #saver: TagSaver;
  readonly #records = new Map<string, PatchRecord>();
  readonly #changedElsewhere = new Map<string, Tags>();
  readonly #missing: string[] = [];
  #state = emptyTagging;
  #reading = false;
  #problem: Error | undefined;
  /** Called when there is something new to show, but for what a key does. */
  onChange: () => void = () => undefined;

  constructor(parts: TagSessionParts) {
    this.#parts = parts;
    this.#pages = parts.source.pages[Symbol.asyncIterator]();
    this.#saver = new TagSaver(parts, (record, change) => {
      this.#accept(record, change);
    });
  }

  get state(): TaggingState {
    return this.#state;
  }

  /** The result of each input's last save, in the order of the answers. */
  get records(): readonly PatchRecord[] {
    return [...this.#records.values()];
  }

  /** Ids that were asked for and are not in the app. */
  get missing(): readonly string[] {
    return this.#missing;
  }

  /** The tags of inputs that somebody else changed meanwhile, by id. */
  get changedElsewhere(): ReadonlyMap<string, Tags> {
    return this.#changedElsewhere;
  }

  /** Saves that are not answered yet. */
  get waiting(): number {
    return this.#saver.waiting;
  }

  /** Why no more inputs could be read. */
  get problem(): Error | undefined {
    return this.#problem;
  }

  /** Reads the first inputs, and all concepts, since their order must not change later. Throws what keeps it from that. */
  async start(): Promise<void> {
    const [known, total] = await Promise.all([this.#readConcepts(), this.#countTotal(), this.#readFirst()]);
    if (this.#problem !== undefined) throw this.#problem;
    const list = orderConcepts(this.#parts.pinned, [...known, ...this.#state.list]);
    const rest = total === undefined ? undefined : total - this.#missing.length;
    this.#state = { ...this.#state, list, total: this.#state.total ?? rest };
    void this.#readOn();
  }

  press(key: TagKey): void {
    this.#take(handleKey(this.#state, key));
  }

  /** Leaves as `q` does. */
  quit(): void {
    if (!this.#state.done) this.#take(saveAndQuit(this.#state));
  }

  /** Returns once every input that was left is saved, or failed. */
  async finish(): Promise<void> {
    await this.#saver.finish();
    await this.#pages.return?.();
  }

  #take({ state, change }: ReturnType<typeof handleKey>): void {
    this.#state = state;
    if (change !== undefined) this.#saver.save(change);
    void this.#readOn();
  }

  #accept(record: PatchRecord, change: TagChange): void {
    const { answer, ...kept } = record;
    this.#records.delete(change.id);
    this.#records.set(change.id, kept);
    if (record.outcome === 'failed') this.#state = markUnconfirmed(this.#state, change);
    else if (answer !== undefined) this.#compare(change, answer);
    if (this.#parts.control.reason !== undefined) this.#state = { ...this.#state, done: true };
    this.onChange();
  }

  #compare(change: TagChange, answer: AppInput): void {
    const before = this.#state;
    const { tags } = tagInput(answer);
    this.#state = acceptSaved(before, change, tags);
    if (this.#state !== before) this.#changedElsewhere.set(change.id, tags);
  }

  async #readFirst(): Promise<void> {
    while (!this.#state.ended && this.#state.inputs.length === 0) await this.#readPage();
  }

  async #readOn(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    while (!this.#state.ended && !this.#state.done && this.#ahead < enoughAhead) await this.#readPage();
    this.#reading = false;
  }

  get #ahead(): number {
    return this.#state.inputs.length - this.#state.at;
  }

  async #readPage(): Promise<void> {
    try {
      const next = await this.#pages.next();
      if (next.done === true) this.#state = endInputs(this.#state);
      else this.#takePage(next.value);
    } catch (error) {
      this.#problem = asError(error);
      this.#state = endInputs(this.#state);
    }
    this.onChange();
  }

  #takePage({ inputs, missing }: TagPage): void {
    this.#missing.push(...missing);
    this.#state = addMissing(addInputs(this.#state, inputs), missing);
  }

  /** Without the app's concepts, those seen on inputs have to do. */
  async #readConcepts(): Promise<readonly Concept[]> {
    const known: Concept[] = [];
    try {
      for await (const page of conceptPages(this.#parts.service)) known.push(...page);
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
    }
    return known;
  }

  /** Without the total, the screen tells how many are read. */
  async #countTotal(): Promise<number | undefined> {
    try {
      return await this.#parts.source.countTotal();
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      return undefined;
    }
  }
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(messageOf(thrown));
}
