import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import type { GivenInput } from '../requests/input-requests.js';
import { placeOf } from '../requests/data-source-requests.js';
import type { StoredExtraction } from '../state/records.js';
import { storeInputs } from './add.js';
import { type Bucket, filesOf, isInput, useOf } from './bucket-files.js';
import type { Buckets, Service } from './service.js';

/** Files that are read and added at once. */
const chunkFiles = 64;
const maxIdLength = 48;

/** Reads the buckets of jobs, as far as they are due. */
export class BucketReader implements Buckets {
  readonly #buckets: readonly Bucket[];
  /** Paths by the job's id, so that a folder is listed once. */
  readonly #files = new Map<string, readonly string[]>();
  #work: Promise<void> = Promise.resolve();

  constructor(buckets: readonly Bucket[]) {
    this.#buckets = buckets;
  }

  find(name: string): Bucket | undefined {
    return this.#buckets.find((bucket) => bucket.name === name);
  }

  advance(service: Service, now: number): Promise<void> {
    if (this.#buckets.length === 0) return Promise.resolve();
    this.#work = this.#work.then(() => this.#readAll(service, now)).catch(service.failed);
    return this.#work;
  }

  async #readAll(service: Service, now: number): Promise<void> {
    for (const job of service.store.extractions.open()) {
      const bucket = this.find(placeOf(job.url).bucket);
      if (bucket !== undefined) await this.#read(service, { job, bucket, now });
    }
  }

  async #read(service: Service, { job, bucket, now }: DueJob): Promise<void> {
    const files = this.#files.get(job.id) ?? (await filesOf(bucket, placeOf(job.url).prefix));
    this.#files.set(job.id, files);
    const due = dueFiles(job, now);
    for (let at = job.taken; at < due; at += chunkFiles) {
      await takeFiles(service, { job, paths: files.slice(at, Math.min(due, at + chunkFiles)), at, now });
    }
    if (due === job.total) this.#files.delete(job.id);
  }
}

interface DueJob {
  readonly job: StoredExtraction;
  readonly bucket: Bucket;
  readonly now: number;
}

/** The share of the files that the time of reading has come to. */
function dueFiles({ runningMs, doneMs, total }: StoredExtraction, now: number): number {
  const share = (now - runningMs) / Math.max(1, doneMs - runningMs);
  return Math.max(0, Math.min(total, Math.floor(total * share)));
}

interface Chunk {
  readonly job: StoredExtraction;
  readonly paths: readonly string[];
  /** The number of files before the first one. */
  readonly at: number;
  readonly now: number;
}

/** Files become inputs in the transaction that counts them as read: a kill, or another reader, reads none twice. */
async function takeFiles(service: Service, { job, paths, at, now }: Chunk): Promise<void> {
  const { app, id, addJobId: jobId, conflictResolution } = job;
  const files = await Promise.all(paths.map(readUse));
  const inputs = files.flatMap(({ path, use, bytes }) => (isInput(use) ? [inputOf(path, { use, bytes }, job)] : []));
  await storeInputs(service, { inputs, jobId, conflictResolution }, { app, now, origin: '' }, () => {
    const current = service.store.extractions.find(app, id);
    if (current === undefined || current.isCancelled || current.taken !== at) return false;
    const found = { ...current.found };
    for (const { use } of files) if (isInput(use)) found[use] = (found[use] ?? 0) + 1;
    const failedArchives = current.failedArchives + files.filter(({ use }) => use === 'archive').length;
    service.store.extractions.put({ ...current, found, failedArchives, taken: at + paths.length, modifiedMs: now });
    return true;
  });
}

interface ReadBytes {
  readonly use: ReturnType<typeof useOf>;
  readonly bytes: Buffer;
}

/** A file that vanished meanwhile is nothing. */
async function readUse(path: string): Promise<ReadBytes & { readonly path: string }> {
  const bytes = await readFile(path).catch(() => undefined);
  if (bytes === undefined) return { path, use: undefined, bytes: Buffer.alloc(0) };
  return { path, use: useOf(path, bytes), bytes };
}

function inputOf(path: string, { use, bytes }: ReadBytes, { template }: StoredExtraction): GivenInput {
  const name = basename(path, extname(path));
  return {
    id: name.replaceAll(/[^A-Za-z0-9_-]/g, '-').slice(0, maxIdLength),
    media: isInput(use) ? [{ kind: use, url: undefined, bytes, isDuplicateUrlAllowed: false }] : [],
    annotations: template.annotations,
    datasetIds: template.datasetIds,
  };
}
