import { statusCodes } from '../../wire/status.js';

const descriptions: ReadonlyMap<number, string> = new Map<number, string>([
  [statusCodes.ok, 'Ok'],
  [statusCodes.mixed, 'Mixed Success'],
  [statusCodes.failure, 'Failure'],
  [statusCodes.throttled, 'Request was throttled'],
  [statusCodes.keyInvalid, 'Invalid API key or Invalid API key/application pair'],
  [statusCodes.keyNotFound, 'API key not found'],
  [statusCodes.badRequestFormat, 'Bad request format'],
  [statusCodes.doesNotExist, 'Resource does not exist'],
  [statusCodes.invalidRequest, 'Invalid request'],
  [statusCodes.methodNotAllowed, 'Method not allowed'],
  [statusCodes.inputOk, 'Download complete'],
  [statusCodes.inputPending, 'Download pending'],
  [statusCodes.inputFailed, 'Download failed; check URL'],
  [statusCodes.inputInProgress, 'Download in progress'],
  [statusCodes.inputDuplicateUrl, 'Duplicate URL in your application. Check the documentation to allow duplications.'],
  [statusCodes.inputUnsupportedFormat, 'Input image format unsupported'],
  [statusCodes.inputDoesNotExist, 'Input does not exist'],
  [30103, 'Input permission denied'],
  [statusCodes.inputInvalidArgument, 'Input invalid argument'],
  [statusCodes.inputOverLimit, 'Input image is larger than the allowed limit'],
  [statusCodes.inputInvalidUrl, 'Input image URL invalid'],
  [statusCodes.inputModified, 'Input image modification success'],
  [statusCodes.inputModifyPending, 'Input image modification pending'],
  [30203, 'Input image modification failed'],
  [statusCodes.inputInvalidBytes, 'Input image decoding failed. Check URLs and bytes sent'],
  [statusCodes.inputConnectionFailed, 'Connection attempts to the input URL failed'],
  [statusCodes.inputInvalidRequest, 'Invalid input request'],
  [statusCodes.jobQueued, 'Job is queued to be ran.'],
  [statusCodes.jobRunning, 'Job is running.'],
  [statusCodes.jobDone, 'Job successfully ran.'],
  [statusCodes.jobFailed, 'Job failed.'],
  [statusCodes.jobCancelled, 'Job is cancelled.'],
  [statusCodes.datasetInput, 'Dataset input success'],
  [statusCodes.datasetInputThere, 'Dataset input is already in the dataset'],
  [statusCodes.messageTooLarge, 'Request sent is larger than the allowed limit'],
]);

/** The service's own description of a status code. */
export function descriptionOf(code: number): string {
  return descriptions.get(code) ?? `Status ${code}`;
}
