/** Keys from `from` (inclusive) to `to` (exclusive), in order of their characters, or backwards. */
export interface Span {
  readonly from: string;
  readonly to: string;
  readonly reverse?: boolean;
  readonly offset?: number;
  readonly limit?: number;
}

export interface Entry<V> {
  readonly key: string;
  readonly value: V;
}

/** A sorted map. Keys are ASCII, so that characters and bytes sort alike; values are what JSON can hold. */
export interface Table<V> {
  get(key: string): V | undefined;
  put(key: string, value: V): void;
  remove(key: string): void;
  range(span: Span): readonly Entry<V>[];
  count(span: Pick<Span, 'from' | 'to'>): number;
}

/** All that is different between a store on disk and one in memory. */
export interface KeyValue {
  table<V>(name: string): Table<V>;
  /** Runs `work` alone of all processes; what it wrote is there afterwards, or nothing of it when it throws. */
  write<T>(work: () => T): T;
  /** Lets the following reads see what other processes wrote. */
  refresh(): void;
  close(): Promise<void>;
}

/** The span of all keys that start with `prefix` and a slash. */
export function under(prefix: string): { readonly from: string; readonly to: string } {
  return { from: `${prefix}/`, to: `${prefix}0` }; // '0' is the character after '/'
}
