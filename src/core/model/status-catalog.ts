import { AccountError, ApiError, UnavailableError } from '../../api/errors.js';
import { CliError, InterruptedError } from '../../errors.js';
import { nameOfCode, statusCodes } from '../../wire/status.js';
import type { Final, Outcome, RecordStatus } from './steps.js';

interface Meaning {
  readonly name: string;
  readonly meaning: string;
}

/** Meanings of status codes of inputs and jobs. Source of names and meanings: the service's proto files and status pages. */
const meanings: Readonly<Record<number, Meaning>> = {
  [statusCodes.inputOk]: { name: 'INPUT_SUCCESS', meaning: 'indexed' },
  [statusCodes.inputPending]: { name: 'INPUT_PENDING', meaning: 'waiting to be indexed' },
  [statusCodes.inputFailed]: {
    name: 'INPUT_FAILED',
    meaning: 'download or processing failed',
  },
  [statusCodes.inputInProgress]: { name: 'INPUT_IN_PROGRESS', meaning: 'being indexed' },
  30004: { name: 'INPUT_STATUS_UPDATE_FAILED', meaning: 'the service lost track of it' },
  30005: { name: 'INPUT_DELETE_FAILED', meaning: 'could not be deleted' },
  [statusCodes.inputDuplicateUrl]: {
    name: 'INPUT_DUPLICATE',
    meaning: 'the app already has this URL',
  },
  [statusCodes.inputUnsupportedFormat]: {
    name: 'INPUT_UNSUPPORTED_FORMAT',
    meaning: 'not a supported format',
  },
  [statusCodes.inputDoesNotExist]: { name: 'INPUT_DOES_NOT_EXIST', meaning: 'no such input' },
  30103: { name: 'INPUT_PERMISSION_DENIED', meaning: 'permission denied' },
  [statusCodes.inputInvalidArgument]: {
    name: 'INPUT_INVALID_ARGUMENT',
    meaning: 'empty, or contains a value that the service refuses',
  },
  [statusCodes.inputOverLimit]: {
    name: 'INPUT_OVER_LIMIT',
    meaning: 'larger than the service allows',
  },
  [statusCodes.inputInvalidUrl]: { name: 'INPUT_INVALID_URL', meaning: 'not a usable URL' },
  [statusCodes.inputModified]: { name: 'INPUT_MODIFY_SUCCESS', meaning: 'changed' },
  [statusCodes.inputModifyPending]: { name: 'INPUT_MODIFY_PENDING', meaning: 'being changed' },
  30203: { name: 'INPUT_MODIFY_FAILED', meaning: 'could not be changed' },
  [statusCodes.inputStorageHostFailed]: {
    name: 'INPUT_STORAGE_HOST_FAILED',
    meaning: "the service's storage failed",
  },
  [statusCodes.inputInvalidBytes]: {
    name: 'ALL_INPUT_INVALID_BYTES',
    meaning: 'could not be decoded',
  },
  [statusCodes.inputReindexed]: { name: 'INPUT_REINDEX_SUCCESS', meaning: 'indexed again' },
  [statusCodes.inputReindexPending]: {
    name: 'INPUT_REINDEX_PENDING',
    meaning: 'waiting to be reindexed',
  },
  30502: { name: 'INPUT_REINDEX_FAILED', meaning: 'could not be reindexed' },
  [statusCodes.inputReindexing]: { name: 'INPUT_REINDEX_IN_PROGRESS', meaning: 'being reindexed' },
  [statusCodes.inputConnectionFailed]: {
    name: 'INPUT_CONNECTION_FAILED',
    meaning: 'the service could not reach the URL',
  },
  [statusCodes.inputInvalidRequest]: {
    name: 'INPUT_INVALID_REQUEST',
    meaning: 'refused as invalid',
  },
  [statusCodes.duplicateKey]: {
    name: 'DATABASE_DUPLICATE_KEY',
    meaning: 'the app already has this ID',
  },
  [statusCodes.jobQueued]: { name: 'JOB_QUEUED', meaning: 'waiting to be read' },
  [statusCodes.jobRunning]: { name: 'JOB_RUNNING', meaning: 'being read' },
  [statusCodes.jobDone]: { name: 'JOB_COMPLETED', meaning: 'read to the end' },
  [statusCodes.jobFailed]: { name: 'JOB_FAILED', meaning: 'could not be read' },
  [statusCodes.jobCancelled]: { name: 'JOB_CANCELLED', meaning: 'cancelled' },
  [statusCodes.jobUnexpectedError]: { name: 'JOB_UNEXPECTED_ERROR', meaning: 'the service failed to read it' },
  [statusCodes.jobConflict]: { name: 'JOB_CONFLICT', meaning: 'the app already has a job of this ID' },
  [statusCodes.jobPaused]: { name: 'JOB_PAUSED', meaning: 'paused by the service' },
};

/** Cases that the service has no code for. */
const codelessMeanings = {
  UNREADABLE: { meaning: 'cannot be uploaded' },
  INVALID_ROW: { meaning: 'a row of a file that cannot be read' },
  NO_ANSWER: {
    meaning: 'the service gave no answer',
  },
  UNCONFIRMED: { meaning: 'may be in the app, under an ID that is not known' },
  DUPLICATE: { meaning: 'the same as an earlier source' },
  NOT_SENT: { meaning: 'not sent: the run stopped' },
  VANISHED: {
    meaning: 'no longer in the app',
  },
  NOT_CONFIRMED: { meaning: 'not confirmed' },
  DELETED: { meaning: 'deleted' },
  DELETING: { meaning: 'the service is deleting it in the background' },
} as const satisfies Readonly<Record<string, Omit<Meaning, 'name'>>>;

export type LocalStatus = keyof typeof codelessMeanings;

/** Name and meaning of a code, or for a case without one. */
function describeStatus(status: number | LocalStatus): Meaning {
  if (typeof status === 'string') return { name: status, ...codelessMeanings[status] };
  return meanings[status] ?? { name: nameOfCode(status), meaning: 'refused' };
}

/** A record's status, with what the service or this tool said of it, else what the code means. */
export function recordStatus(status: number | LocalStatus, detail = ''): RecordStatus {
  const { name, meaning } = describeStatus(status);
  return { code: typeof status === 'number' ? status : null, name, description: detail === '' ? meaning : detail };
}

/** Said of what was on its way. */
export const interruptedDetail = 'no answer yet when the run was interrupted';

/** The status that an error gives to each input of its request. */
export function statusOfError(error: unknown): RecordStatus {
  if (error instanceof AccountError || !(error instanceof CliError)) return recordStatus('NOT_SENT');
  // it is told once, for the whole run
  if (error instanceof UnavailableError && error.isOutage) return recordStatus('NOT_SENT');
  if (error instanceof InterruptedError) return recordStatus('NO_ANSWER', interruptedDetail);
  const code = error instanceof ApiError ? error.response.code : 0;
  return recordStatus(code === 0 ? 'NO_ANSWER' : code, error.message);
}

const inAppOutcomes: ReadonlySet<Outcome> = new Set(['added', 'updated', 'exists', 'pending']);

/**
 * The end of a source's way.
 *
 * @param inApp - whether the app has the input, where the outcome alone does not tell
 */
export function finalStep(
  source: { readonly id: string | null; readonly source: string },
  outcome: Outcome,
  status: RecordStatus,
  inApp = inAppOutcomes.has(outcome),
): Final {
  return { at: 'final', record: { id: source.id, source: source.source, status, outcome }, inApp };
}

const waitingCodes = new Set<number>([
  statusCodes.inputPending,
  statusCodes.inputInProgress,
  statusCodes.inputModifyPending,
  statusCodes.inputReindexPending,
  statusCodes.inputReindexing,
]);
const okCodes = new Set<number>([statusCodes.inputOk, statusCodes.inputModified, statusCodes.inputReindexed]);

/** How an input stands. Any code this tool does not know is final and failed. */
export function phaseOf(code: number): 'waiting' | 'ok' | 'failed' {
  if (waitingCodes.has(code)) return 'waiting';
  return okCodes.has(code) ? 'ok' : 'failed';
}
