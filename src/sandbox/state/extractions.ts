import { keys } from './keys.js';
import { type KeyValue, type Span, type Table, under } from './key-value.js';
import type { App, StoredExtraction } from './records.js';

/** The readings of buckets; everything that writes runs inside the store's `write`. */
export class Extractions {
  readonly #jobs: Table<StoredExtraction>;
  /** By order of beginning; values are keys of jobs. */
  readonly #order: Table<string>;
  /** By add job, then the order of beginning; values are keys of jobs. */
  readonly #ofAddJob: Table<string>;
  /** Those with files left to read, by their keys. */
  readonly #open: Table<string>;
  readonly #numbers: Table<number>;

  constructor(keyValue: KeyValue) {
    this.#jobs = keyValue.table('extractions');
    this.#order = keyValue.table('extractionOrder');
    this.#ofAddJob = keyValue.table('extractionsOfAddJob');
    this.#open = keyValue.table('openExtractions');
    this.#numbers = keyValue.table('extractionNumbers');
  }

  find(app: App, id: string): StoredExtraction | undefined {
    return this.#jobs.get(keys.addJob(app, id));
  }

  begin(job: Omit<StoredExtraction, 'seq'>): StoredExtraction {
    const seq = (this.#numbers.get('last') ?? 0) + 1;
    this.#numbers.put('last', seq);
    const key = keys.addJob(job.app, job.id);
    this.#order.put(keys.order(job.app, seq), key);
    this.#ofAddJob.put(keys.extractionOfAddJob(job.app, job.addJobId, seq), key);
    return this.put({ ...job, seq });
  }

  put(job: StoredExtraction): StoredExtraction {
    const key = keys.addJob(job.app, job.id);
    this.#jobs.put(key, job);
    if (hasFilesLeft(job)) this.#open.put(key, key);
    else this.#open.remove(key);
    return job;
  }

  /** A page of an app's, newest first. */
  newest(app: App, slice: Pick<Span, 'offset' | 'limit'>): readonly StoredExtraction[] {
    return this.#all(this.#order.range({ ...under(keys.app(app)), ...slice, reverse: true }));
  }

  /** Those that add under the name of an add job, oldest first. */
  ofAddJob(app: App, addJobId: string): readonly StoredExtraction[] {
    return this.#all(this.#ofAddJob.range(under(keys.addJob(app, addJobId))));
  }

  /** Those of all apps with files left to read. */
  open(): readonly StoredExtraction[] {
    return this.#all(this.#open.range({ from: '!', to: '\x7f' }));
  }

  #all(entries: readonly { readonly value: string }[]): readonly StoredExtraction[] {
    return entries.flatMap(({ value }) => this.#jobs.get(value) ?? []);
  }
}

function hasFilesLeft({ taken, total, failure, isCancelled }: StoredExtraction): boolean {
  return taken < total && failure === undefined && !isCancelled;
}
