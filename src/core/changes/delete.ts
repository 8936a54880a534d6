import type { InputsService } from '../../api/service.js';
import { AccountError, ApiError } from '../../api/errors.js';
import type { Clock } from '../../context.js';
import { maxInputsPerRequest, maxPerPage } from '../../wire/messages.js';
import { chunksOf, type IdList } from '../ids/id-list.js';
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
  /** True if the app is known to have them; otherwise they are looked up, since the service confirms no single ID of a list. */
  readonly areKnown: boolean;
}

/** How long `delete_all` may take before what was there is deleted by id. */
const deleteAllGraceMs = 10_000;
const firstPauseMs = 250;
const longestPauseMs = 5_000;

/** Deletes one input by its own path, which tells whether it was there. */
export async function* deleteOne(id: string, options: DeleteOptions): AsyncGenerator<DeleteRecord> {
  const wasThere = await options.service.deleteInput(id);
  if (!wasThere) yield notThere(id);
  else if (options.waitMs === undefined) yield acceptedRecord(id);
  else yield* waitUntilGone([id], options);
}

/** Deletes inputs by ID, 128 a request; an ID that does not exist fails. */
export async function* deleteMany(ids: Iterable<string>, options: DeleteOptions): AsyncGenerator<DeleteRecord> {
  const ended = new Set<string>();
  for (const chunk of chunksOf(ids, maxInputsPerRequest)) {
    options.stopping.throwIfAborted();
    for (const record of await deleteChunk(chunk, options)) {
      if (record.outcome === 'failed') ended.add(record.id);
      if (record.outcome === 'failed' || options.waitMs === undefined) yield record;
    }
  }
  if (options.waitMs !== undefined) yield* waitUntilGone(without(ids, ended), options);
}

/** Throws what stops the run, such as a refused key; another error is the outcome of each ID of the request. */
async function deleteChunk(ids: readonly string[], { service, areKnown }: DeleteOptions): Promise<DeleteRecord[]> {
  try {
    const present = areKnown ? ids : await presentIds(ids, service);
    if (present.length > 0) await service.deleteInputs(present);
    const isPresent = new Set(present);
    return ids.map((id) => (isPresent.has(id) ? acceptedRecord(id) : notThere(id)));
  } catch (error) {
    if (stopsRun(error)) throw error;
    const status = statusOfError(error);
    return ids.map((id) => failed(id, status));
  }
}

async function presentIds(ids: readonly string[], service: InputsService): Promise<readonly string[]> {
  const found = new Set((await service.getInputs(ids)).map(({ id }) => id));
  return ids.filter((id) => found.has(id));
}

function* without(ids: Iterable<string>, left: ReadonlySet<string>): Generator<string> {
  for (const id of ids) if (!left.has(id)) yield id;
}

/**
 * Deletes all that the app had: in one request as the vendor's page documents it, and by id where the service
 * refuses that or leaves some.
 *
 * @param ids - what the app has; what is added meanwhile is not touched by id
 */
export async function* deleteAll(ids: IdList, options: DeleteOptions): AsyncGenerator<DeleteRecord> {
  if (await isEmptied(ids, options)) for (const id of ids) yield deletedRecord(id);
  else yield* deleteMany(ids, options);
}

/** True once `delete_all` has deleted them; false where the service refuses it, or takes too long. */
async function isEmptied(ids: IdList, { service, clock, stopping }: DeleteOptions): Promise<boolean> {
  if (!(await acceptsDeleteAll(service))) return false;
  const deadlineMs = clock.now() + deleteAllGraceMs;
  const backoff = new Backoff({ firstMs: firstPauseMs, longestMs: deleteAllGraceMs, growth: 2 });
  while (clock.now() < deadlineMs) {
    await backoff.wait(clock, stopping, deadlineMs);
    if (!(await mayBeLeft(service, ids))) return true;
  }
  return false;
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

/** True while one of them is on the app's oldest page, which is emptied first. */
async function mayBeLeft(service: InputsService, ids: IdList): Promise<boolean> {
  const page = await service.streamInputs({ lastId: undefined, perPage: maxPerPage, descending: false });
  return page.some(({ id }) => ids.placeOf(id) !== undefined);
}

/** Polls until the ids are gone or the time is up; whatever ends it, each id is told. */
async function* waitUntilGone(ids: Iterable<string>, options: DeleteOptions): AsyncGenerator<DeleteRecord> {
  const { service, clock, stopping, waitMs } = options;
  const deadlineMs = clock.now() + (waitMs ?? 0);
  const next = ids[Symbol.iterator]();
  let asked = take(next, maxInputsPerRequest);
  const backoff = new Backoff({ firstMs: firstPauseMs, longestMs: longestPauseMs });
  try {
    while (asked.length > 0) {
      const there = new Set((await service.getInputs(asked, { background: true })).map(({ id }) => id));
      const gone = asked.filter((id) => !there.has(id));
      const open = asked.filter((id) => there.has(id));
      asked = [...open, ...take(next, maxInputsPerRequest - open.length)];
      yield* gone.map(deletedRecord);
      if (there.size === 0) continue;
      if (clock.now() >= deadlineMs) break;
      await backoff.wait(clock, stopping, deadlineMs);
    }
  } catch (error) {
    yield* acceptedRecords(asked, next);
    throw error;
  }
  yield* acceptedRecords(asked, next);
}

/** As many as are left of so many. */
function take(from: Iterator<string>, count: number): readonly string[] {
  const taken: string[] = [];
  while (taken.length < count) {
    const next = from.next();
    if (next.done === true) break;
    taken.push(next.value);
  }
  return taken;
}

function* acceptedRecords(asked: readonly string[], rest: Iterator<string>): Generator<DeleteRecord> {
  yield* asked.map(acceptedRecord);
  for (let next = rest.next(); next.done !== true; next = rest.next()) yield acceptedRecord(next.value);
}

function failed(id: string, status: RecordStatus): DeleteRecord {
  return { id, status, outcome: 'failed' };
}

function notThere(id: string): DeleteRecord {
  return failed(id, recordStatus(statusCodes.inputDoesNotExist));
}

function deletedRecord(id: string): DeleteRecord {
  return { id, status: recordStatus('DELETED'), outcome: 'deleted' };
}

function acceptedRecord(id: string): DeleteRecord {
  return { id, status: recordStatus('DELETING'), outcome: 'accepted' };
}
