import type { CountName } from '../../wire/messages.js';
import { statusCodes } from '../../wire/status.js';
import { after, codeOf, keys, seqOf, until } from './keys.js';
import { type Entry, under } from './key-value.js';
import { countOf, statusAt } from './lifecycle.js';
import type { App, StoredAddJob, StoredDataset, StoredInput } from './records.js';
import type { ConceptUse, Store } from './store.js';

export interface Slice {
  readonly offset: number;
  readonly limit: number;
}

export interface Walk {
  /** The input before the first one wanted. */
  readonly last: StoredInput | undefined;
  readonly limit: number;
  readonly descending: boolean;
  readonly byId: boolean;
}

/** How far the inputs of an add job are. */
export interface AddJobProgress {
  readonly pending: number;
  readonly inProgress: number;
  readonly succeeded: number;
  readonly failed: number;
}

/** Queries on one app through its indexes: no answer costs more than the inputs in it and their neighbours. */
export class Queries {
  readonly #store: Store;
  readonly #app: App;
  readonly #now: number;

  constructor(store: Store, app: App, now: number) {
    this.#store = store;
    this.#app = app;
    this.#now = now;
  }

  newest(slice: Slice): readonly StoredInput[] {
    return this.#all(this.#store.order.range({ ...under(keys.app(this.#app)), ...slice, reverse: true }));
  }

  total(): number {
    return this.#store.order.count(under(keys.app(this.#app)));
  }

  /** The newest of those whose status is `code` now. */
  withStatus(code: number, { offset, limit }: Slice): readonly StoredInput[] {
    const ended = until(keys.code(this.#app, code), this.#now);
    if (code !== statusCodes.inputPending && code !== statusCodes.inputInProgress) {
      return this.#all(this.#store.ends.range({ ...ended, offset, limit, reverse: true }));
    }
    const found = [...this.#open(code), ...this.#store.ends.range(ended)];
    return this.#all(found.sort((a, b) => seqOf(b.key) - seqOf(a.key)).slice(offset, offset + limit));
  }

  /** Those of `ids` that are there, newest first; only those with the status `code`, unless it is 0. */
  withIds(ids: readonly string[], code: number): readonly StoredInput[] {
    return [...new Set(ids)]
      .flatMap((id) => this.#store.find(this.#app, id) ?? [])
      .filter((input) => code === 0 || statusAt(input, this.#now).code === code)
      .sort((a, b) => b.seq - a.seq);
  }

  walk({ last, limit, descending, byId }: Walk): readonly StoredInput[] {
    const { from, to } = under(keys.app(this.#app));
    const cursor = last && (byId ? keys.input(this.#app, last.id) : keys.order(this.#app, last.seq));
    const span = {
      from: descending || cursor === undefined ? from : `${cursor}!`, // '!' sorts before all that an id may hold
      to: descending ? (cursor ?? to) : to,
      reverse: descending,
      limit,
    };
    if (byId) return this.#store.inputs.range(span).map(({ value }) => value);
    return this.#all(this.#store.order.range(span));
  }

  counts(): Readonly<Record<CountName, number>> {
    const counts = new Map<CountName, number>();
    for (const [code, inputs] of this.byCode()) {
      const name = countOf(code);
      counts.set(name, (counts.get(name) ?? 0) + inputs);
    }
    const of = (name: CountName): number => counts.get(name) ?? 0;
    return {
      processed: of('processed'),
      to_process: of('to_process'),
      errors: of('errors'),
      processing: of('processing'),
      reindexed: of('reindexed'),
      to_reindex: of('to_reindex'),
      reindex_errors: of('reindex_errors'),
      reindexing: of('reindexing'),
    };
  }

  /** How many inputs each status code has now. */
  byCode(): ReadonlyMap<number, number> {
    const pending = this.#store.byInProgress.count(after(keys.app(this.#app), this.#now));
    const counts = new Map<number, number>();
    const add = (code: number, by: number): void => void counts.set(code, (counts.get(code) ?? 0) + by);
    let ended = 0;
    for (const code of this.#codes()) {
      const some = this.#store.ends.count(until(keys.code(this.#app, code), this.#now));
      add(code, some);
      ended += some;
    }
    add(statusCodes.inputPending, pending);
    add(statusCodes.inputInProgress, this.total() - pending - ended);
    return counts;
  }

  concepts(slice: Slice): readonly ConceptUse[] {
    return this.#store.concepts.range({ ...under(keys.app(this.#app)), ...slice }).map(({ value }) => value);
  }

  datasets(slice: Slice): readonly StoredDataset[] {
    return this.#store.datasets.range({ ...under(keys.app(this.#app)), ...slice }).map(({ value }) => value);
  }

  inDataset(id: string, slice: Slice): readonly StoredInput[] {
    return this.#all(this.#store.datasetInputs.range({ ...under(keys.dataset(this.#app, id)), ...slice }));
  }

  addJobs(slice: Slice): readonly StoredAddJob[] {
    const span = { ...under(keys.app(this.#app)), ...slice, reverse: true };
    return this.#store.addJobOrder.range(span).flatMap(({ value }) => this.#store.addJob(this.#app, value) ?? []);
  }

  /** Where the inputs of an add job are now, as far as they have not been deleted. */
  addJobProgress(id: string): AddJobProgress {
    const { addJobPending, addJobEnds } = this.#store;
    const job = keys.addJob(this.#app, id);
    const count = (result: 'failed' | 'succeeded'): number =>
      addJobEnds.count(until(keys.addJobResult(this.#app, id, result), this.#now));
    const pending = addJobPending.count(after(job, this.#now));
    const [succeeded, failed] = [count('succeeded'), count('failed')];
    return { pending, inProgress: addJobPending.count(under(job)) - pending - succeeded - failed, succeeded, failed };
  }

  /** The end codes that inputs of this app have or will have, found by leaping from one to the next. */
  #codes(): readonly number[] {
    const { from, to } = under(keys.app(this.#app));
    const codes: number[] = [];
    let first = this.#store.ends.range({ from, to, limit: 1 })[0];
    while (first !== undefined) {
      const code = codeOf(first.key, this.#app);
      codes.push(code);
      first = this.#store.ends.range({ from: under(keys.code(this.#app, code)).to, to, limit: 1 })[0];
    }
    return codes;
  }

  #open(code: number): readonly Entry<string>[] {
    const pending = this.#store.byInProgress.range(after(keys.app(this.#app), this.#now));
    if (code === statusCodes.inputPending) return pending;
    const ids = new Set(pending.map(({ value }) => value));
    const open = this.#codes().flatMap((end) => this.#store.ends.range(after(keys.code(this.#app, end), this.#now)));
    return open.filter(({ value }) => !ids.has(value));
  }

  #all(entries: readonly Entry<string>[]): readonly StoredInput[] {
    return entries.flatMap(({ value }) => this.#store.find(this.#app, value) ?? []);
  }
}

/** The apps that have inputs, found by leaping from one to the next. */
export function appsOf(store: Store): readonly App[] {
  const apps: App[] = [];
  let from = '!';
  for (;;) {
    const first = store.inputs.range({ from, to: '\x7f', limit: 1 })[0];
    if (first === undefined) return apps;
    apps.push(first.value.app);
    from = under(keys.app(first.value.app)).to;
  }
}
