import type { View } from './answers.js';
import type { Faults } from './faults.js';
import type { App, StoredInput } from '../state/records.js';
import type { Store } from '../state/store.js';
import type { Vault } from '../state/media-store.js';

/** What the routes work on. */
export interface Service {
  readonly store: Store;
  readonly vault: Vault;
  readonly faults: Faults;
  readonly indexMs: number;
  readonly deleteMs: number;
  readonly deleteAll: boolean;
  /** Takes inputs whose URLs are to be fetched; undefined where none are. */
  readonly fetch: ((input: StoredInput) => void) | undefined;
  /** Told of what should never be thrown, such as by a store that is damaged. */
  readonly failed: (thrown: unknown) => void;
}

/** A request that found its route, has a good key, and was read. */
export interface Call extends View {
  readonly app: App;
  /** From the path. */
  readonly id: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
}
