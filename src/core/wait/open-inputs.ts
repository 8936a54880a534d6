import type { IdTable } from '../ids/id-table.js';
import type { AcceptedAs } from '../model/steps.js';

export interface OpenInput {
  readonly id: string;
  readonly source: string;
  readonly was: AcceptedAs;
}

const firstRoom = 1 << 10;
/** Bits of an input's state. */
const open = 1;
const existing = 2;
const asked = 4;
const missed = 8;
const updated = 16;

const acceptedBits: Readonly<Record<AcceptedAs, number>> = { added: 0, updated, exists: existing };

/** The inputs of a run that are not final yet: a byte each beside the table of the run's ids, so that a million may be open. */
export class OpenInputs {
  readonly #ids: IdTable;
  #states = new Uint8Array(firstRoom);
  #size = 0;
  #unasked = 0;

  constructor(ids: IdTable) {
    this.#ids = ids;
  }

  get size(): number {
    return this.#size;
  }

  /** How many are still to be asked for in this sweep. */
  get notYetPolled(): number {
    return this.#unasked;
  }

  /** Opens an input; the sweep under way leaves it out. */
  add({ id, source, was }: OpenInput): void {
    const number = this.#ids.add(id, source);
    if (number >= this.#states.length) this.#grow(number);
    if (!this.#has(number, open)) this.#size += 1;
    this.#states[number] = open | asked | acceptedBits[was];
  }

  find(id: string): OpenInput | undefined {
    const number = this.#ids.find(id);
    return number === undefined || !this.#has(number, open) ? undefined : this.#at(number);
  }

  close(id: string): void {
    const number = this.#ids.find(id);
    if (number === undefined || !this.#has(number, open)) return;
    this.#asked(number);
    this.#states[number] = 0;
    this.#size -= 1;
  }

  /** Begins a sweep: all are to be asked for. */
  sweep(): void {
    for (let number = 0; number < this.#states.length; number += 1) this.#clear(number, asked);
    this.#unasked = this.#size;
  }

  /** An answer told of this id. Tells whether it was to be asked for. */
  markSeen(id: string): boolean {
    const number = this.#ids.find(id);
    if (number === undefined || !this.#has(number, open)) return false;
    this.#clear(number, missed);
    return this.#asked(number);
  }

  /** An answer left this id out. Tells whether the one before did so too. */
  markMissing(id: string): boolean {
    const number = this.#ids.find(id);
    if (number === undefined) return false;
    const again = this.#has(number, missed);
    this.#set(number, missed);
    return again;
  }

  /** Ids that are still to be asked for in this sweep, up to so many at once; then they are asked for. */
  *idsToPoll(perRequest: number): Generator<readonly string[]> {
    let ids: string[] = [];
    for (let number = 0; number < this.#ids.size; number += 1) {
      if (!this.#has(number, open) || !this.#asked(number)) continue;
      if (ids.push(this.#ids.idAt(number)) < perRequest) continue;
      yield ids;
      ids = [];
    }
    if (ids.length > 0) yield ids;
  }

  *[Symbol.iterator](): Generator<OpenInput> {
    for (let number = 0; number < this.#ids.size; number += 1) if (this.#has(number, open)) yield this.#at(number);
  }

  #at(number: number): OpenInput {
    const was = this.#has(number, existing) ? 'exists' : this.#has(number, updated) ? 'updated' : 'added';
    return { id: this.#ids.idAt(number), source: this.#ids.sourceAt(number), was };
  }

  /** Marks as asked for. Tells whether it was not yet. */
  #asked(number: number): boolean {
    if (this.#has(number, asked)) return false;
    this.#set(number, asked);
    this.#unasked -= 1;
    return true;
  }

  #has(number: number, bit: number): boolean {
    return ((this.#states[number] ?? 0) & bit) !== 0;
  }

  #set(number: number, bit: number): void {
    this.#states[number] = (this.#states[number] ?? 0) | bit;
  }

  #clear(number: number, bit: number): void {
    this.#states[number] = (this.#states[number] ?? 0) & ~bit;
  }

  #grow(number: number): void {
    const grown = new Uint8Array(2 ** Math.ceil(Math.log2(number + 1)));
    grown.set(this.#states);
    this.#states = grown;
  }
}
