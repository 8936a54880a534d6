import type { RecordStatus } from '../core/model/steps.js';
import type { LocalStatus } from '../core/model/status-catalog.js';
import { statusCodes } from '../wire/status.js';

/** Advice for the status code of an input; '' if there is none. */
const adviceByCode: ReadonlyMap<number, string> = new Map<number, string>([
  [statusCodes.inputOk, ''],
  [statusCodes.inputPending, 'wait'],
  [statusCodes.inputFailed, 'check the URL or the file, then run again with --on-failed retry'],
  [statusCodes.inputInProgress, 'wait'],
  [30004, 'add it again'],
  [30005, 'delete it again'],
  [statusCodes.inputDuplicateUrl, 'run again with --allow-duplicate-url'],
  [
    statusCodes.inputUnsupportedFormat,
    'convert it to JPEG, PNG, TIFF, BMP, WebP or GIF (video: AVI, MP4, WMV, MOV, 3GPP; audio: WAV, MP3)',
  ],
  [statusCodes.inputDoesNotExist, 'check the id'],
  [30103, 'check the key and its scopes'],
  [statusCodes.inputInvalidArgument, 'check the file, its id, concepts and geo'],
  [
    statusCodes.inputOverLimit,
    'make it smaller (image, audio, text 20 MB; video 128 MB; 85 megapixels), add it by its URL, or use --transport grpc',
  ],
  [statusCodes.inputInvalidUrl, 'check the URL'],
  [statusCodes.inputModified, ''],
  [statusCodes.inputModifyPending, 'wait'],
  [30203, 'patch it again'],
  [statusCodes.inputStorageHostFailed, 'run again with --on-failed retry'],
  [statusCodes.inputInvalidBytes, 'the file is damaged: open it, save it again'],
  [statusCodes.inputReindexed, ''],
  [statusCodes.inputReindexPending, 'wait'],
  [30502, 'patch or add it again'],
  [statusCodes.inputReindexing, 'wait'],
  [statusCodes.inputConnectionFailed, 'check that the URL is public, then run again with --on-failed retry'],
  [statusCodes.inputInvalidRequest, 'check its id (1 to 48 of A-Z a-z 0-9 _ -) and its values'],
  [statusCodes.duplicateKey, 'choose another ID, or use --on-conflict skip, update or replace'],
  [statusCodes.jobFailed, 'check the address of the bucket; it must be public, or S3 with --send-credentials'],
  [statusCodes.jobCancelled, 'run the same command again to read the rest'],
  [statusCodes.jobUnexpectedError, 'run the same command again later'],
]);

/** The same for cases that the service has no code for. */
const adviceByCase: Readonly<Record<LocalStatus, string>> = {
  UNREADABLE: 'check the path and the file, then run the command again',
  INVALID_ROW: 'correct the row in its file, then run the command again',
  NO_ANSWER: 'run the command again; what arrived is not sent twice',
  UNCONFIRMED: 'look for it in the app: running the command again may add it twice',
  DUPLICATE: '',
  NOT_SENT: 'run the command again',
  VANISHED: 'run the command again, unless it was deleted on purpose',
  NOT_CONFIRMED: 'pass --yes',
  DELETED: '',
  DELETING: '',
};

/** Advice for a status; '' if there is none. */
export function adviceFor({ code, name }: Pick<RecordStatus, 'code' | 'name'>): string {
  if (code !== null) return adviceByCode.get(code) ?? 'look up the code in the API documentation';
  return isCodelessCase(name) ? adviceByCase[name] : adviceByCase.UNREADABLE;
}

function isCodelessCase(name: string): name is LocalStatus {
  return Object.hasOwn(adviceByCase, name);
}
