import { Refusal } from '../requests/refusals.js';
import type { App, StoredInput } from '../state/records.js';
import type { MediaStore } from '../state/media-store.js';
import type { Store } from '../state/store.js';
import type { Answer, View } from './answers.js';
import type { Bucket } from './bucket-files.js';
import type { Faults } from './faults.js';

/** The state that the operations work on. */
export interface Service {
  readonly store: Store;
  readonly mediaStore: MediaStore;
  readonly faults: Faults;
  readonly indexMs: number;
  readonly deleteMs: number;
  readonly deleteAll: boolean;
  /** Takes inputs whose URLs are to be fetched; undefined where none are. */
  readonly fetch: ((input: StoredInput) => void) | undefined;
  readonly buckets: Buckets;
  /** Told of what should never be thrown, such as by a store that is damaged. */
  readonly failed: (thrown: unknown) => void;
}

/** The buckets that can be read. */
export interface Buckets {
  readonly find: (name: string) => Bucket | undefined;
  /** Adds the files that are due by now; whoever asks next sees them. Never rejects. */
  readonly advance: (service: Service, now: number) => Promise<void>;
}

/** Whose inputs an operation is about, and how it shows them. */
export interface Scope extends View {
  readonly app: App;
}

/** Brings the state up to the time: what is due is deleted, and read from buckets. */
export async function settle(service: Service, now: number): Promise<void> {
  service.store.settle(now);
  await service.buckets.advance(service, now);
}

/** Runs an operation on the state as it is now; remembers what is thrown that is not a refusal. */
export async function perform(
  service: Service,
  now: number,
  operation: () => Answer | Promise<Answer>,
): Promise<Answer> {
  try {
    await settle(service, now);
    return await operation();
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) service.failed(thrown);
    throw thrown;
  }
}
