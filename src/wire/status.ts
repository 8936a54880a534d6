/**
 * Status codes of the service, for requests (1xxxx, 4xxxx, 9xxxx) and inputs (3xxxx).
 * Source of names and meanings: the official proto files and status code pages.
 */
export const statusCodes = {
  ok: 10000,
  mixed: 10010,
  failure: 10020,
  tryAgain: 10030,
  moved: 10050,
  accepted: 10070,
  accountIssues: 11000,
  tokenInvalid: 11001,
  credentialsInvalid: 11002,
  hourlyLimit: 11003,
  monthlyLimit: 11004,
  throttled: 11005,
  exceedsLimits: 11006,
  insufficientScopes: 11007,
  keyInvalid: 11008,
  keyNotFound: 11009,
  badRequestFormat: 11100,
  doesNotExist: 11101,
  invalidRequest: 11102,
  methodNotAllowed: 11103,
  inputOk: 30000,
  inputPending: 30001,
  inputFailed: 30002,
  inputInProgress: 30003,
  inputDuplicateUrl: 30100,
  inputUnsupportedFormat: 30101,
  inputDoesNotExist: 30102,
  inputInvalidArgument: 30104,
  inputOverLimit: 30105,
  inputInvalidUrl: 30106,
  inputModified: 30200,
  inputModifyPending: 30201,
  inputStorageHostFailed: 30210,
  inputInvalidBytes: 30300,
  inputReindexed: 30500,
  inputReindexPending: 30501,
  inputReindexing: 30503,
  inputConnectionFailed: 39996,
  inputInvalidRequest: 39999,
  duplicateKey: 40010,
  timedOut: 40032,
  messageTooLarge: 40033,
} as const;

/** Names that the gateway sends in place of a number in some answers, such as the one to a throttled request. */
export const codesByName: Readonly<Record<string, number>> = {
  SUCCESS: statusCodes.ok,
  MIXED_STATUS: statusCodes.mixed,
  FAILURE: statusCodes.failure,
  TRY_AGAIN: statusCodes.tryAgain,
  CONN_EXCEED_HOURLY_LIMIT: statusCodes.hourlyLimit,
  CONN_EXCEED_MONTHLY_LIMIT: statusCodes.monthlyLimit,
  CONN_THROTTLED: statusCodes.throttled,
  CONN_EXCEEDS_LIMITS: statusCodes.exceedsLimits,
  CONN_INSUFFICIENT_SCOPES: statusCodes.insufficientScopes,
  CONN_KEY_INVALID: statusCodes.keyInvalid,
  CONN_KEY_NOT_FOUND: statusCodes.keyNotFound,
  CONN_DOES_NOT_EXIST: statusCodes.doesNotExist,
  NOT_FOUND: statusCodes.doesNotExist,
  INPUT_SUCCESS: statusCodes.inputOk,
  INPUT_DOWNLOAD_SUCCESS: statusCodes.inputOk,
  INPUT_IMAGE_DOWNLOAD_SUCCESS: statusCodes.inputOk,
  INPUT_PENDING: statusCodes.inputPending,
  INPUT_DOWNLOAD_PENDING: statusCodes.inputPending,
  INPUT_FAILED: statusCodes.inputFailed,
  INPUT_DOWNLOAD_FAILED: statusCodes.inputFailed,
  INPUT_IN_PROGRESS: statusCodes.inputInProgress,
  INPUT_DOWNLOAD_IN_PROGRESS: statusCodes.inputInProgress,
};

/** The service's name for a code, as far as it is known here. */
export function nameOfCode(code: number): string {
  return Object.keys(codesByName).find((name) => codesByName[name] === code) ?? 'UNKNOWN';
}
