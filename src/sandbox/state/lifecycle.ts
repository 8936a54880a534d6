import type { CountName } from '../../wire/messages.js';
import { statusCodes } from '../../wire/status.js';
import type { End, Life, StoredExtraction } from './records.js';

/** The life of an input added at `now`: pending for the first half of `indexMs`, in progress for the second. */
export function lifeFrom(now: number, indexMs: number, end: End): Life {
  return { inProgressMs: now + indexMs / 2, doneMs: now + indexMs, end };
}

/** The status of an input as of `now`. */
export function statusAt(life: Life, now: number): End {
  if (now < life.inProgressMs) return { code: statusCodes.inputPending };
  if (now < life.doneMs) return { code: statusCodes.inputInProgress };
  return life.end;
}

const countsByCode: ReadonlyMap<number, CountName> = new Map<number, CountName>([
  [statusCodes.inputOk, 'processed'],
  [statusCodes.inputPending, 'to_process'],
  [statusCodes.inputInProgress, 'processing'],
  [statusCodes.inputReindexed, 'reindexed'],
  [statusCodes.inputReindexPending, 'to_reindex'],
  [statusCodes.inputReindexing, 'reindexing'],
  [30502, 'reindex_errors'],
]);

/** Which of the eight counts an input with this code is in. */
export function countOf(code: number): CountName {
  return countsByCode.get(code) ?? 'errors';
}

/** Whether an input with this code has failed; a page that holds one is answered as mixed. */
export function isFailure(code: number): boolean {
  const count = countOf(code);
  return count === 'errors' || count === 'reindex_errors';
}

// A job whose reader does not come back is given up after this time
const extractionDeadlineMs = 600_000;

/** The status of an extraction job as of `now`, by the time and by how far its files were read. */
export function extractionStatusAt(job: StoredExtraction, now: number): End {
  if (job.isCancelled) return { code: statusCodes.jobCancelled };
  if (now < job.runningMs) return { code: statusCodes.jobQueued };
  if (job.failure !== undefined) return job.failure;
  if (job.taken >= job.total && now >= job.doneMs) return { code: statusCodes.jobDone };
  if (now < job.doneMs + extractionDeadlineMs) return { code: statusCodes.jobRunning };
  return { code: statusCodes.jobFailed, details: 'The sandbox that read the bucket has ended' };
}
