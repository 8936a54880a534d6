import { pMapIterable } from 'p-map';
import type { InputsService, RequestSizes } from '../../api/service.js';
import { isQuotaCode, type AppInput } from '../../api/answers.js';
import { quotaError, TooLargeError } from '../../api/errors.js';
import { statusCodes } from '../../wire/status.js';
import type { RecordStatus } from '../model/steps.js';
import { stopsRun, type RunControl } from '../model/run-control.js';
import { phaseOf, recordStatus, statusOfError } from '../model/status-catalog.js';
import { PatchBatches, type PatchBatch } from './patch-batches.js';
import { differences, type Change } from './edits.js';

/** The outcome of one change; printed as it stands. */
export interface PatchRecord {
  /** Null for a row that names no input. */
  readonly id: string | null;
  readonly status: RecordStatus;
  readonly outcome: 'patched' | 'unchanged' | 'failed';
  /** The input after the change, as the service answered with it. */
  readonly answer?: AppInput;
}

/** A change on its way, or a record of what can't be done. */
export type PatchStep = Change | PatchRecord;

export interface SendOptions {
  readonly service: InputsService;
  readonly control: RunControl;
  /** Requests in flight at most. */
  readonly width: number;
}

/** Batches of changes, records passing by. Once the run stops, nothing more is read. */
export async function* batchChanges(
  steps: AsyncIterable<PatchStep>,
  sizes: RequestSizes,
  stopping?: AbortSignal,
): AsyncGenerator<PatchBatch | PatchRecord> {
  const batches = new PatchBatches(sizes);
  for await (const step of steps) {
    if ('outcome' in step) yield step;
    else if (stopping?.aborted === true) break;
    else yield* batches.add(step);
  }
  yield* batches.rest();
}

/** Sends changes, 128 a request, some requests at a time; nothing is thrown for one batch. */
export async function* sendChanges(steps: AsyncIterable<PatchStep>, options: SendOptions): AsyncGenerator<PatchRecord> {
  const queue = new PerInputQueue();
  const failures = new Map<string, RecordStatus>();
  const work = async (step: PatchBatch | PatchRecord): Promise<readonly PatchRecord[]> => {
    if ('outcome' in step) return [step];
    return await queue.run(step, () => sendBatch(step, options, failures));
  };
  const width = { concurrency: options.width, backpressure: options.width * 2 };
  const batches = batchChanges(steps, options.service, options.control.signal);
  for await (const records of pMapIterable(batches, work, width)) yield* records;
}

/** Sees to it that the batches of one input go one after the other, in the order in which they were begun. */
class PerInputQueue {
  readonly #latest = new Map<string, Promise<unknown>>();

  async run<T>(batch: PatchBatch, work: () => Promise<T>): Promise<T> {
    const ids = batch.changes.map(({ id }) => id);
    const before = new Set(ids.flatMap((id) => this.#latest.get(id) ?? []));
    const done = Promise.all(before).then(work);
    for (const id of ids) this.#latest.set(id, done);
    try {
      return await done;
    } finally {
      for (const id of ids) if (this.#latest.get(id) === done) this.#latest.delete(id);
    }
  }
}

/** Sends a batch; a wish whose first edit failed is not gone on with, and is told once. */
async function sendBatch(
  { action, changes }: PatchBatch,
  options: SendOptions,
  failures: Map<string, RecordStatus>,
): Promise<readonly PatchRecord[]> {
  const results = await sendAndJudge({ action, changes: changes.filter(({ id }) => !failures.has(id)) }, options);
  return changes.flatMap((change) => {
    const failure = failures.get(change.id);
    const record = failure === undefined ? results.get(change.id) : failedRecord(change.id, failure);
    if (change.last) failures.delete(change.id);
    else if (record?.outcome === 'failed') failures.set(change.id, record.status);
    return change.last && record !== undefined ? [record] : [];
  });
}

type Results = ReadonlyMap<string, PatchRecord>;

async function sendAndJudge(batch: PatchBatch, options: SendOptions): Promise<Results> {
  const { service, control } = options;
  if (batch.changes.length === 0) return new Map();
  if (control.isStopped) return allFailed(batch, recordStatus('NOT_SENT'));
  try {
    const answers = await service.patchInputs(batch.action, batch.changes);
    const byId = new Map(answers.map((answer) => [answer.id, answer]));
    const refused = answers.find(({ status }) => isQuotaCode(status.code));
    if (refused !== undefined) control.stop(quotaError('PATCH /inputs', refused.status));
    return new Map(batch.changes.map((change) => [change.id, judge(change, byId.get(change.id))]));
  } catch (error) {
    if (error instanceof TooLargeError && batch.changes.length > 1) return await sendHalves(batch, options);
    if (stopsRun(error)) control.stop(error);
    return allFailed(batch, statusOfError(error));
  }
}

async function sendHalves({ action, changes }: PatchBatch, options: SendOptions): Promise<Results> {
  const middle = Math.ceil(changes.length / 2);
  const first = await sendAndJudge({ action, changes: changes.slice(0, middle) }, options);
  return new Map([...first, ...(await sendAndJudge({ action, changes: changes.slice(middle) }, options))]);
}

function judge(change: Change, answer: AppInput | undefined): PatchRecord {
  const { id } = change;
  if (answer === undefined) {
    return failedRecord(id, recordStatus('NO_ANSWER', 'the service did not report its status'));
  }
  const { code, details, description } = answer.status;
  if (isQuotaCode(code)) return failedRecord(id, recordStatus('NOT_SENT'));
  if (phaseOf(code) === 'failed') return failedRecord(id, recordStatus(code, details || description));
  const differing = change.restores ? differences(change.data, answer) : [];
  if (differing.length > 0) {
    const what = `restored, except: ${differing.join(', ')}`;
    return failedRecord(id, { ...recordStatus(statusCodes.inputModified), description: what });
  }
  return { id, status: recordStatus(code), outcome: 'patched', answer };
}

function allFailed({ changes }: PatchBatch, status: RecordStatus): Results {
  return new Map(changes.map(({ id }) => [id, failedRecord(id, status)]));
}

function failedRecord(id: string, status: RecordStatus): PatchRecord {
  return { id, status, outcome: 'failed' };
}
