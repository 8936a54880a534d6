import { mediaKinds } from '../../wire/messages.js';
import { Extractions } from './extractions.js';
import { keys } from './keys.js';
import { type KeyValue, type Table, under } from './key-value.js';
import type { App, StoredAddJob, StoredConcept, StoredDataset, StoredInput } from './records.js';

/** A concept of an app, and how many of its inputs have it. */
export interface ConceptUse {
  readonly id: string;
  readonly name: string;
  readonly inputs: number;
}

interface Index {
  readonly table: Table<string>;
  readonly key: string;
  readonly value: string;
}

const purgeBatch = 1000;

/** The inputs of all apps and what finds them; everything that writes runs inside `write`. */
export class Store {
  readonly inputs: Table<StoredInput>;
  /** By order of adding; values are ids. */
  readonly order: Table<string>;
  /** By the time that pending ends; values are ids. */
  readonly byInProgress: Table<string>;
  /** By end code, then the time of the end; values are ids. */
  readonly ends: Table<string>;
  readonly concepts: Table<ConceptUse>;
  readonly addJobs: Table<StoredAddJob>;
  /** By order of beginning; values are ids. */
  readonly addJobOrder: Table<string>;
  /** By add job, then the time that pending ends; values are ids of inputs. */
  readonly addJobPending: Table<string>;
  /** By add job, then how inputs end, then the time of the end; values are their ids. */
  readonly addJobEnds: Table<string>;
  readonly extractions: Extractions;
  readonly datasets: Table<StoredDataset>;
  /** By dataset, then id; values are ids. */
  readonly datasetInputs: Table<string>;
  readonly #urls: Table<string>;
  readonly #media: Table<string>;
  readonly #pendingDeletes: Table<string>;
  readonly #numbers: Table<number>;
  readonly #keyValue: KeyValue;
  readonly #drop: (hash: string) => void;

  /**
   * @param drop - called for each hosted file that no input has any more, while no other process can write
   */
  constructor(keyValue: KeyValue, drop: (hash: string) => void) {
    this.#keyValue = keyValue;
    this.#drop = drop;
    this.inputs = keyValue.table('inputs');
    this.order = keyValue.table('order');
    this.byInProgress = keyValue.table('byInProgress');
    this.ends = keyValue.table('ends');
    this.concepts = keyValue.table('concepts');
    this.addJobs = keyValue.table('addJobs');
    this.addJobOrder = keyValue.table('addJobOrder');
    this.addJobPending = keyValue.table('addJobPending');
    this.addJobEnds = keyValue.table('addJobEnds');
    this.extractions = new Extractions(keyValue);
    this.datasets = keyValue.table('datasets');
    this.datasetInputs = keyValue.table('datasetInputs');
    this.#urls = keyValue.table('urls');
    this.#media = keyValue.table('media');
    this.#pendingDeletes = keyValue.table('pendingDeletes');
    this.#numbers = keyValue.table('numbers');
  }

  write<T>(work: () => T): T {
    return this.#keyValue.write(work);
  }

  close(): Promise<void> {
    return this.#keyValue.close();
  }

  /** Takes off the inputs whose deletion is due, and lets reads see what other processes wrote. */
  settle(now: number): void {
    this.#keyValue.refresh();
    const due = { from: '0', to: keys.time(now + 1), limit: 1 };
    while (this.#pendingDeletes.range(due).length > 0) {
      this.write(() => {
        for (const { key, value } of this.#pendingDeletes.range({ ...due, limit: purgeBatch })) {
          this.#pendingDeletes.remove(key);
          const input = this.inputs.get(value);
          if (input !== undefined) this.#purge(input);
        }
      });
    }
  }

  find(app: App, id: string): StoredInput | undefined {
    return this.inputs.get(keys.input(app, id));
  }

  hasUrl(app: App, url: string): boolean {
    return this.#urls.count(under(keys.url(app, url))) > 0;
  }

  /** The content type of a hosted file, if an input of this app has it. */
  contentType(app: App, hash: string): string | undefined {
    return this.#media.range({ ...under(keys.medium(hash, app)), limit: 1 })[0]?.value;
  }

  add(input: Omit<StoredInput, 'seq'>): StoredInput {
    const seq = this.#next('last');
    const added = { ...input, seq };
    for (const { table, key, value } of this.#indexes(added)) table.put(key, value);
    this.#count(added, 1);
    this.inputs.put(keys.input(added.app, added.id), added);
    return added;
  }

  replace(previous: StoredInput, input: StoredInput): void {
    for (const { table, key } of this.#indexes(previous)) table.remove(key);
    for (const { table, key, value } of this.#indexes(input)) table.put(key, value);
    this.#count(previous, -1);
    this.#count(input, 1);
    this.inputs.put(keys.input(input.app, input.id), input);
  }

  /** Marks an input as deleted; one that is so already keeps its time. */
  scheduleDelete(input: StoredInput, goneMs: number): void {
    if (input.goneMs !== undefined) return;
    const key = keys.input(input.app, input.id);
    this.#pendingDeletes.put(`${keys.time(goneMs)}/${key}`, key);
    this.inputs.put(key, { ...input, goneMs });
  }

  addJob(app: App, id: string): StoredAddJob | undefined {
    return this.addJobs.get(keys.addJob(app, id));
  }

  /** Puts a job in the place of its former state; one that has none begins now. */
  putAddJob(job: Omit<StoredAddJob, 'seq'>): void {
    const { app, id } = job;
    const seq = this.addJob(app, id)?.seq ?? this.#next('lastAddJob');
    this.addJobs.put(keys.addJob(app, id), { ...job, seq });
    this.addJobOrder.put(keys.addJobOrder(app, seq), id);
  }

  /** Makes a dataset, unless it is there. */
  ensureDataset(app: App, id: string, createdMs: number): StoredDataset {
    const key = keys.dataset(app, id);
    const dataset = this.datasets.get(key) ?? { app, id, createdMs };
    this.datasets.put(key, dataset);
    return dataset;
  }

  #next(name: string): number {
    const number = (this.#numbers.get(name) ?? 0) + 1;
    this.#numbers.put(name, number);
    return number;
  }

  #purge(input: StoredInput): void {
    for (const { table, key } of this.#indexes(input)) table.remove(key);
    this.#count(input, -1);
    this.inputs.remove(keys.input(input.app, input.id));
    for (const kind of mediaKinds) {
      const hash = input.media[kind]?.hosted?.hash;
      if (hash !== undefined && this.#media.count(under(hash)) === 0) this.#drop(hash);
    }
  }

  #indexes(input: StoredInput): readonly Index[] {
    const { app, id, seq, media } = input;
    const ofMedia = mediaKinds.flatMap((kind): readonly Index[] => {
      const { url, hosted } = media[kind] ?? {};
      return [
        ...(url === undefined ? [] : [{ table: this.#urls, key: `${keys.url(app, url)}/${id}`, value: id }]),
        ...(hosted === undefined
          ? []
          : [{ table: this.#media, key: `${keys.medium(hosted.hash, app)}/${id}`, value: hosted.contentType }]),
      ];
    });
    return [
      { table: this.order, key: keys.order(app, seq), value: id },
      { table: this.byInProgress, key: keys.inProgress(input), value: id },
      { table: this.ends, key: keys.end(input), value: id },
      ...ofMedia,
      ...this.#addJobIndexes(input),
      ...Object.keys(input.datasets ?? {}).map((dataset) => ({
        table: this.datasetInputs,
        key: keys.datasetInput(app, dataset, id),
        value: id,
      })),
    ];
  }

  #addJobIndexes(input: StoredInput): readonly Index[] {
    const { id, jobId } = input;
    if (jobId === undefined) return [];
    return [
      { table: this.addJobPending, key: keys.addJobPending(input, jobId), value: id },
      { table: this.addJobEnds, key: keys.addJobEnd(input, jobId), value: id },
    ];
  }

  #count({ app, annotations }: StoredInput, by: 1 | -1): void {
    for (const concept of annotations.concepts ?? []) this.#countOne(app, concept, by);
  }

  #countOne(app: App, { id, name }: StoredConcept, by: 1 | -1): void {
    const key = keys.concept(app, id);
    const inputs = (this.concepts.get(key)?.inputs ?? 0) + by;
    if (inputs > 0) this.concepts.put(key, { id, name, inputs });
    else this.concepts.remove(key);
  }
}
