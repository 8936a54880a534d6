import type { Entry, KeyValue, Span, Table } from './key-value.js';
import { SortedKeys } from './sorted-keys.js';

type Undo = () => void;

class MemoryTable<V> implements Table<V> {
  readonly #values = new Map<string, V>();
  readonly #keys = new SortedKeys();
  readonly #journal: Undo[];

  constructor(journal: Undo[]) {
    this.#journal = journal;
  }

  get(key: string): V | undefined {
    return this.#values.get(key);
  }

  put(key: string, value: V): void {
    const former = this.#values.get(key);
    if (former === undefined) this.#keys.add(key);
    this.#values.set(key, value);
    this.#journal.push(() => {
      if (former === undefined) this.remove(key);
      else this.#values.set(key, former);
    });
  }

  remove(key: string): void {
    const former = this.#values.get(key);
    if (former === undefined) return;
    this.#keys.remove(key);
    this.#values.delete(key);
    this.#journal.push(() => {
      this.put(key, former);
    });
  }

  range({ from, to, reverse = false, offset = 0, limit = Infinity }: Span): readonly Entry<V>[] {
    const start = this.#keys.rank(from);
    const end = this.#keys.rank(to);
    const keys = reverse
      ? this.#keys.slice(Math.max(start, end - offset - limit), end - offset).toReversed()
      : this.#keys.slice(start + offset, Math.min(end, start + offset + limit));
    return keys.flatMap((key) => {
      const value = this.#values.get(key);
      return value === undefined ? [] : [{ key, value }];
    });
  }

  count({ from, to }: Pick<Span, 'from' | 'to'>): number {
    return Math.max(0, this.#keys.rank(to) - this.#keys.rank(from));
  }
}

/** A store that ends with the process. */
export function openMemory(): KeyValue {
  const journal: Undo[] = [];
  return {
    table: () => new MemoryTable(journal),
    write(work) {
      journal.length = 0;
      try {
        return work();
      } catch (thrown) {
        for (const undo of journal.splice(0).reverse()) undo();
        throw thrown;
      } finally {
        journal.length = 0;
      }
    },
    refresh: () => undefined,
    close: () => Promise.resolve(),
  };
}
