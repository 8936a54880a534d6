import { LocalError } from '../../errors.js';

/**
 * Serializes the service's data. Throws LocalError if it is nested too deeply: parsing goes deeper than serializing.
 */
export function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    throw tooDeepError(error);
  }
}

/** Data of the service that no stack is deep enough for. */
export function tooDeepError(cause: unknown): LocalError {
  return new LocalError('the service sent an input that is nested too deeply, or too large, to be shown', { cause });
}
