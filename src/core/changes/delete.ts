import type { Client } from '../../api/policy/delivery.js';
import { AccountError, ApiError, UnavailableError } from '../../api/errors.js';
import { deleteAllInputs, deleteInput, deleteInputs, getInputs, streamInputs } from '../../api/rest/inputs.js';
import type { Clock } from '../../context.js';
import { CliError } from '../../errors.js';
import { maxInputsPerRequest, maxPerPage } from '../../wire/messages.js';
import type { RecordStatus } from '../model/steps.js';
import { recordStatus } from '../model/status-catalog.js';
import { statusCodes } from '../../wire/status.js';

/** What became of one id; printed as it stands. */
export interface DeleteRecord {
  readonly id: string;
  readonly status: RecordStatus;
  readonly outcome: 'deleted' | 'accepted' | 'failed';
}

export interface Deleting {
  readonly client: Client;
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
export async function* deletedOne(id: string, deleting: Deleting): AsyncGenerator<DeleteRecord> {
  const wasThere = await deleteInput(deleting.client, id);
  if (!wasThere) yield failed(id, recordStatus(statusCodes.inputDoesNotExist));
  else if (deleting.waitMs === undefined) yield deletedRecord(id);
  else yield* goneOf([id], deleting);
}

/** Deletes ids, 128 a request; the service does not tell which of them were there. */
export async function* deletedMany(ids: readonly string[], deleting: Deleting): AsyncGenerator<DeleteRecord> {
  const accepted: string[] = [];
  for (let from = 0; from < ids.length; from += maxInputsPerRequest) {
    deleting.stopping.throwIfAborted();
    const chunk = ids.slice(from, from + maxInputsPerRequest);
    const failure = await failureOf(deleteInputs(deleting.client, chunk));
    if (failure !== undefined) yield* chunk.map((id) => failed(id, failure));
    else if (deleting.waitMs === undefined) yield* chunk.map(acceptedRecord);
    else accepted.push(...chunk);
  }
  if (deleting.waitMs !== undefined) yield* goneOf(accepted, deleting);
}

/**
 * Deletes all that the app had: in one request as the vendor's page documents it, and by id where the service
 * refuses that or leaves some.
 *
 * @param ids - what the app has; what is added meanwhile is not touched by id
 */
export async function* deletedAll(ids: readonly string[], deleting: Deleting): AsyncGenerator<DeleteRecord> {
  const { client, clock } = deleting;
  let left: ReadonlySet<string> = new Set(ids);
  if (await acceptsDeleteAll(client)) {
    const deadlineMs = clock.now() + deleteAllGraceMs;
    for (let pauseMs = firstPauseMs; left.size > 0 && clock.now() < deadlineMs; pauseMs *= 2) {
      await clock.sleep(Math.min(pauseMs, deadlineMs - clock.now()), deleting.stopping);
      left = await remaining(client, left);
    }
  }
  const stillThere = left;
  yield* ids.filter((id) => !stillThere.has(id)).map(deletedRecord);
  yield* deletedMany([...stillThere], deleting);
}

async function acceptsDeleteAll(client: Client): Promise<boolean> {
  try {
    await deleteAllInputs(client);
    return true;
  } catch (error) {
    if (error instanceof ApiError && !(error instanceof AccountError)) return false;
    throw error;
  }
}

/** Which of these are still there, as far as the oldest page of the app tells: deleting empties it from there. */
async function remaining(client: Client, ids: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  const page = await streamInputs(client, { lastId: undefined, perPage: maxPerPage, descending: false });
  const oldest = page.filter(({ id }) => ids.has(id));
  return oldest.length === 0 ? new Set() : ids;
}

/** Polls until the ids are gone or the time is up. */
async function* goneOf(ids: readonly string[], deleting: Deleting): AsyncGenerator<DeleteRecord> {
  const { client, clock, stopping, waitMs } = deleting;
  const deadlineMs = clock.now() + (waitMs ?? 0);
  let left = ids;
  for (let pauseMs = firstPauseMs; left.length > 0; pauseMs = Math.min(longestPauseMs, pauseMs * 1.5)) {
    const chunk = left.slice(0, maxInputsPerRequest);
    const there = new Set((await getInputs(client, chunk, true)).map(({ id }) => id));
    yield* chunk.filter((id) => !there.has(id)).map(deletedRecord);
    left = [...chunk.filter((id) => there.has(id)), ...left.slice(chunk.length)];
    if (there.size === 0) continue;
    if (clock.now() >= deadlineMs) break;
    await clock.sleep(Math.min(pauseMs, deadlineMs - clock.now()), stopping);
  }
  yield* left.map(acceptedRecord);
}

/** Undefined for success; trouble of the account or one that lasts is thrown. */
async function failureOf(work: Promise<void>): Promise<RecordStatus | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    const passing = error instanceof UnavailableError ? !error.persistent : error instanceof ApiError;
    if (!passing || error instanceof AccountError || !(error instanceof CliError)) throw error;
    const code = error instanceof ApiError ? error.refusal.code : 0;
    return recordStatus(code === 0 ? 'NO_ANSWER' : code, error.message);
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
