import type { Entry, KeyValue, Span, Table } from './key-value.js';
import { SandboxError } from '../sandbox-error.js';

interface LmdbRange {
  readonly start: string;
  readonly end: string;
  readonly reverse?: boolean;
  readonly exclusiveStart?: boolean;
  readonly inclusiveEnd?: boolean;
  readonly offset?: number;
  readonly limit?: number;
}

interface Database<V> {
  get(key: string): V | undefined;
  putSync(key: string, value: V): void;
  removeSync(key: string): boolean;
  getRange(range: LmdbRange): Iterable<Entry<V>>;
  getKeysCount(range: LmdbRange): number;
}

interface RootDatabase {
  openDB<V>(options: { readonly name: string; readonly encoding: 'json' }): Database<V>;
  transactionSync<T>(action: () => T): T;
  resetReadTxn(): void;
  close(): Promise<void>;
}

/** The part of the package that is used: its own declarations do not compile in an ES module (TS1203). */
interface Lmdb {
  open(options: {
    /** A directory even if its name has a dot, which the package takes for a file's. */
    readonly noSubdir: false;
    readonly path: string;
    readonly maxDbs: number;
    readonly encoding: 'json';
  }): RootDatabase;
}

class LmdbTable<V> implements Table<V> {
  readonly #database: Database<V>;

  constructor(database: Database<V>) {
    this.#database = database;
  }

  get(key: string): V | undefined {
    return this.#database.get(key);
  }

  put(key: string, value: V): void {
    this.#database.putSync(key, value);
  }

  remove(key: string): void {
    this.#database.removeSync(key);
  }

  range({ from, to, reverse = false, offset = 0, limit = Infinity }: Span): readonly Entry<V>[] {
    // Backwards, LMDB starts at the upper end and would take it in; our spans leave it out
    const ends = reverse
      ? { start: to, end: from, exclusiveStart: true, inclusiveEnd: true }
      : { start: from, end: to };
    const most = Number.isFinite(limit) ? { limit } : {};
    return [...this.#database.getRange({ ...ends, ...most, offset, reverse })];
  }

  count({ from, to }: Pick<Span, 'from' | 'to'>): number {
    return this.#database.getKeysCount({ start: from, end: to });
  }
}

/**
 * A store in a directory, which several processes may have open at once.
 *
 * @throws SandboxError when the package is missing
 */
export async function openLmdb(path: string): Promise<KeyValue> {
  const lmdb = await packageLmdb('lmdb');
  const root = lmdb.open({ path, noSubdir: false, maxDbs: 32, encoding: 'json' });
  return {
    table: <V>(name: string) => new LmdbTable<V>(root.openDB<V>({ name, encoding: 'json' })),
    write: (work) => root.transactionSync(work),
    refresh: () => {
      root.resetReadTxn();
    },
    close: () => root.close(),
  };
}

/** The name is not a literal in the import, since the compiler would read the package's declarations. */
async function packageLmdb(name: string): Promise<Lmdb> {
  try {
    const loaded: unknown = await import(name);
    return loaded as Lmdb; // the one cast that an untyped package needs
  } catch (cause) {
    throw new SandboxError('the sandbox keeps its state with the package lmdb, which cannot be loaded here', {
      hint: 'npm install lmdb beside clarifai-inputs, or keep the state in memory: clarifai-inputs sandbox --memory',
      cause,
    });
  }
}
