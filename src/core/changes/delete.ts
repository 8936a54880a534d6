import type { InputsService } from '../../api/service.js';
import { AccountError, ApiError } from '../../api/errors.js';
import type { Clock } from '../../context.js';
import { maxInputsPerRequest, maxPerPage } from '../../wire/messages.js';
import type { RecordStatus } from '../model/steps.js';
import { Backoff } from '../model/backoff.js';
import { stopsRun } from '../model/run-control.js';
import { recordStatus, statusOfError } from '../model/status-catalog.js';
import { statusCodes } from '../../wire/status.js';

/** The outcome of one id; printed as it stands. */
export interface DeleteRecord {
  readonly id: string;
  readonly status: RecordStatus;
  readonly outcome: 'deleted' | 'accepted' | 'failed';
}

export interface DeleteOptions {
  readonly service: InputsService;
  readonly clock: Clock;
  readonly stopping: AbortSignal;
  /** How long to wait until they are gone, from now; undefined not to wait. */
  readonly waitMs: number | undefined;
}

/** How long `delete_all` may take before what was there is deleted by id. */
const deleteAllGraceMs = 10_000;
const firstPauseMs = 250;
const longestPauseMs = 5_000;

/** Deletes one input by its own path, which tells whether it was there. */
export async function* deleteOne(id: string, options: DeleteOptions): AsyncGenerator<DeleteRecord> {
  const wasThere = await options.service.deleteInput(id);
  if (!wasThere) yield failed(id, recordStatus(statusCodes.inputDoesNotExist));
  else if (options.waitMs === undefined) yield acceptedRecord(id);
  else yield* waitUntilGone([id], options);
}

/** Deletes ids, 128 a request; the service does not tell which of them were there. */
export async function* deleteMany(ids: readonly string[], options: DeleteOptions): AsyncGenerator<DeleteRecord> {
  const accepted: string[] = [];
  for (let from = 0; from < ids.length; from += maxInputsPerRequest) {
    options.stopping.throwIfAborted();
    const chunk = ids.slice(from, from + maxInputsPerRequest);
    const failure = await statusIfFailed(options.service.deleteInputs(chunk));
    if (failure !== undefined) yield* chunk.map((id) => failed(id, failure));
    else if (options.waitMs === undefined) yield* chunk.map(acceptedRecord);
    else accepted.push(...chunk);
  }
  if (options.waitMs !== undefined) yield* waitUntilGone(accepted, options);
}

/**
 * Deletes all that the app had: in one request as the vendor's page documents it, and by id where the service
 * refuses that or leaves some.
 *
 * @param ids - what the app has; what is added meanwhile is not touched by id
 */
export async function* deleteAll(ids: readonly string[], options: DeleteOptions): AsyncGenerator<DeleteRecord> {
  const { service, clock } = options;
  let left: ReadonlySet<string> = new Set(ids);
  if (await acceptsDeleteAll(service)) {
    const deadlineMs = clock.now() + deleteAllGraceMs;
    const backoff = new Backoff({ firstMs: firstPauseMs, longestMs: deleteAllGraceMs, growth: 2 });
    while (left.size > 0 && clock.now() < deadlineMs) {
      await backoff.wait(clock, options.stopping, deadlineMs);
      left = await remaining(service, left);
    }
  }
  const stillThere = left;
  yield* ids.filter((id) => !stillThere.has(id)).map(deletedRecord);
  yield* deleteMany([...stillThere], options);
}

async function acceptsDeleteAll(service: InputsService): Promise<boolean> {
  try {
    await service.deleteAllInputs();
    return true;
  } catch (error) {
    if (error instanceof ApiError && !(error instanceof AccountError)) return false;
    throw error;
  }
}

/** Which of these may be left: all, while one of them is on the app's oldest page, which is emptied first. */
async function remaining(service: InputsService, ids: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  const page = await service.streamInputs({ lastId: undefined, perPage: maxPerPage, descending: false });
  const oldest = page.filter(({ id }) => ids.has(id));
  return oldest.length === 0 ? new Set() : ids;
}

/** Polls until the ids are gone or the time is up; whatever ends it, each id is told. */
async function* waitUntilGone(ids: readonly string[], options: DeleteOptions): AsyncGenerator<DeleteRecord> {
  const { service, clock, stopping, waitMs } = options;
  const deadlineMs = clock.now() + (waitMs ?? 0);
  let left = ids;
  const backoff = new Backoff({ firstMs: firstPauseMs, longestMs: longestPauseMs });
  try {
    while (left.length > 0) {
      const chunk = left.slice(0, maxInputsPerRequest);
      const there = new Set((await service.getInputs(chunk, { background: true })).map(({ id }) => id));
      left = [...chunk.filter((id) => there.has(id)), ...left.slice(chunk.length)];
      yield* chunk.filter((id) => !there.has(id)).map(deletedRecord);
      if (there.size === 0) continue;
      if (clock.now() >= deadlineMs) break;
      await backoff.wait(clock, stopping, deadlineMs);
    }
  } catch (error) {
    yield* left.map(acceptedRecord);
    throw error;
  }
  yield* left.map(acceptedRecord);
}

/** Undefined for success; trouble of the account or one that lasts is thrown. */
async function statusIfFailed(work: Promise<void>): Promise<RecordStatus | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (stopsRun(error)) throw error;
    return statusOfError(error);
  }
}

function failed(id: string, status: RecordStatus): DeleteRecord {
  return { id, status, outcome: 'failed' };
}

function deletedRecord(id: string): DeleteRecord {
  return { id, status: recordStatus('DELETED'), outcome: 'deleted' };
}

function acceptedRecord(id: string): DeleteRecord {
  return { id, status: recordStatus('DELETING'), outcome: 'accepted' };
}
