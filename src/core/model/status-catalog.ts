import { AccountError, ApiError } from '../../api/errors.js';
import { CliError, InterruptedError } from '../../errors.js';
import { nameOfCode, statusCodes } from '../../wire/status.js';
import type { Final, Outcome, RecordStatus } from './steps.js';

interface Meaning {
  readonly name: string;
  readonly meaning: string;
  readonly advice: string;
}

/** What the codes of inputs mean, and what to do. Source of names and meanings: the service's proto files and status pages. */
const meanings: Readonly<Record<number, Meaning>> = {
  [statusCodes.inputOk]: { name: 'INPUT_SUCCESS', meaning: 'indexed', advice: '' },
  [statusCodes.inputPending]: { name: 'INPUT_PENDING', meaning: 'waiting to be indexed', advice: 'wait' },
  [statusCodes.inputFailed]: {
    name: 'INPUT_FAILED',
    meaning: 'download or processing failed',
    advice: 'check the URL or the file, then run again with --on-failed retry',
  },
  [statusCodes.inputInProgress]: { name: 'INPUT_IN_PROGRESS', meaning: 'being indexed', advice: 'wait' },
  30004: { name: 'INPUT_STATUS_UPDATE_FAILED', meaning: 'the service lost track of it', advice: 'add it again' },
  30005: { name: 'INPUT_DELETE_FAILED', meaning: 'could not be deleted', advice: 'delete it again' },
  [statusCodes.inputDuplicateUrl]: {
    name: 'INPUT_DUPLICATE',
    meaning: 'the app has this URL already',
    advice: 'add it with --allow-duplicate-url',
  },
  [statusCodes.inputUnsupportedFormat]: {
    name: 'INPUT_UNSUPPORTED_FORMAT',
    meaning: 'not a supported format',
    advice: 'convert it to JPEG, PNG, TIFF, BMP, WebP or GIF (video: AVI, MP4, WMV, MOV, 3GPP; audio: WAV, MP3)',
  },
  [statusCodes.inputDoesNotExist]: { name: 'INPUT_DOES_NOT_EXIST', meaning: 'no such input', advice: 'check the id' },
  30103: { name: 'INPUT_PERMISSION_DENIED', meaning: 'not yours to use', advice: 'check the key and its scopes' },
  [statusCodes.inputInvalidArgument]: {
    name: 'INPUT_INVALID_ARGUMENT',
    meaning: 'empty, or with a value that the service refuses',
    advice: 'check the file, its id, concepts and geo',
  },
  [statusCodes.inputOverLimit]: {
    name: 'INPUT_OVER_LIMIT',
    meaning: 'larger than the service takes',
    advice: 'make it smaller (image, audio, text 20 MB; video 128 MB; 85 megapixels)',
  },
  [statusCodes.inputInvalidUrl]: { name: 'INPUT_INVALID_URL', meaning: 'not a usable URL', advice: 'check the URL' },
  [statusCodes.inputModified]: { name: 'INPUT_MODIFY_SUCCESS', meaning: 'changed', advice: '' },
  [statusCodes.inputModifyPending]: { name: 'INPUT_MODIFY_PENDING', meaning: 'being changed', advice: 'wait' },
  30203: { name: 'INPUT_MODIFY_FAILED', meaning: 'could not be changed', advice: 'patch it again' },
  [statusCodes.inputStorageHostFailed]: {
    name: 'INPUT_STORAGE_HOST_FAILED',
    meaning: "the service's storage failed",
    advice: 'run again with --on-failed retry',
  },
  [statusCodes.inputInvalidBytes]: {
    name: 'ALL_INPUT_INVALID_BYTES',
    meaning: 'could not be decoded',
    advice: 'the file is damaged: open it, save it again',
  },
  [statusCodes.inputReindexed]: { name: 'INPUT_REINDEX_SUCCESS', meaning: 'indexed again', advice: '' },
  [statusCodes.inputReindexPending]: {
    name: 'INPUT_REINDEX_PENDING',
    meaning: 'waiting to be reindexed',
    advice: 'wait',
  },
  30502: { name: 'INPUT_REINDEX_FAILED', meaning: 'could not be reindexed', advice: 'patch or add it again' },
  [statusCodes.inputReindexing]: { name: 'INPUT_REINDEX_IN_PROGRESS', meaning: 'being reindexed', advice: 'wait' },
  [statusCodes.inputConnectionFailed]: {
    name: 'INPUT_CONNECTION_FAILED',
    meaning: 'the service could not reach the URL',
    advice: 'check that the URL is public, then run again with --on-failed retry',
  },
  [statusCodes.inputInvalidRequest]: {
    name: 'INPUT_INVALID_REQUEST',
    meaning: 'refused as invalid',
    advice: 'check its id (1 to 48 of A-Z a-z 0-9 _ -) and its values',
  },
  [statusCodes.duplicateKey]: {
    name: 'DATABASE_DUPLICATE_KEY',
    meaning: 'the app has this id already',
    advice: 'choose another id, or --on-conflict update',
  },
};

/** Cases that the service has no code for. */
const codelessMeanings = {
  UNREADABLE: { meaning: 'can not be sent', advice: 'mend the source, then run the same command again' },
  NO_ANSWER: {
    meaning: 'the service gave no answer',
    advice: 'run the same command again: what arrived is not sent twice',
  },
  DUPLICATE: { meaning: 'the same as an earlier source', advice: '' },
  NOT_SENT: { meaning: 'not sent: the run stopped', advice: 'run the same command again' },
  VANISHED: {
    meaning: 'the app does not have it any more',
    advice: 'run the same command again, if it was not deleted on purpose',
  },
  DELETED: { meaning: 'deleted', advice: '' },
  DELETING: { meaning: 'the service deletes it in the background', advice: '' },
} as const satisfies Readonly<Record<string, Omit<Meaning, 'name'>>>;

export type CodelessCase = keyof typeof codelessMeanings;

/** Name, meaning and advice for a code, or for a case without one. */
function meaningOf(of: number | CodelessCase): Meaning {
  if (typeof of === 'string') return { name: of, ...codelessMeanings[of] };
  return meanings[of] ?? { name: nameOfCode(of), meaning: 'refused', advice: 'look the code up' };
}

/** A record's status, with what the service or this tool said of it, else what the code means. */
export function recordStatus(of: number | CodelessCase, said = ''): RecordStatus {
  const { name, meaning } = meaningOf(of);
  return { code: typeof of === 'number' ? of : null, name, description: said === '' ? meaning : said };
}

/** Said of what was on its way. */
export const interruptedDetail = 'no answer yet when the run was interrupted';

/** What an error means for each input of its request. */
export function statusOfError(error: unknown): RecordStatus {
  if (error instanceof AccountError || !(error instanceof CliError)) return recordStatus('NOT_SENT');
  if (error instanceof InterruptedError) return recordStatus('NO_ANSWER', interruptedDetail);
  const code = error instanceof ApiError ? error.response.code : 0;
  return recordStatus(code === 0 ? 'NO_ANSWER' : code, error.message);
}

/** What to do about a status. */
export function adviceFor({ code, name }: Pick<RecordStatus, 'code' | 'name'>): string {
  return meaningOf(code ?? (isCodelessCase(name) ? name : 'UNREADABLE')).advice;
}

function isCodelessCase(name: string): name is CodelessCase {
  return Object.hasOwn(codelessMeanings, name);
}

/**
 * The end of a source's way.
 *
 * @param inApp - whether the app has the input, where the outcome alone does not tell
 */
export function finalStep(
  of: { readonly id: string | null; readonly source: string },
  outcome: Outcome,
  status: RecordStatus,
  inApp = outcome === 'added' || outcome === 'exists' || outcome === 'pending',
): Final {
  return { at: 'final', record: { id: of.id, source: of.source, status, outcome }, inApp };
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
