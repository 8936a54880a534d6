import { IdTable } from './id-table.js';

/** Ids, each once, in the order in which they came, kept outside of the heap as an {@link IdTable} keeps them. */
export class IdList implements Iterable<string> {
  readonly #table = new IdTable();

  get size(): number {
    return this.#table.size;
  }

  add(id: string): void {
    this.#table.add(id, '');
  }

  /** The place of an id, from 0; undefined if it is not in the list. */
  placeOf(id: string): number | undefined {
    return this.#table.find(id);
  }

  *[Symbol.iterator](): Generator<string> {
    for (let place = 0; place < this.#table.size; place += 1) yield this.#table.idAt(place);
  }
}

/** Cuts into lists of so many; the last one may be shorter. */
export function* chunksOf<T>(items: Iterable<T>, length: number): Generator<T[]> {
  let chunk: T[] = [];
  for (const item of items) {
    chunk.push(item);
    if (chunk.length < length) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}
