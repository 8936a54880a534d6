import { LocalError } from '../../errors.js';

/** What the service sent, as JSON. Throws LocalError for what can't be written so: JSON is read deeper than it is written. */
export function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    throw new LocalError('the service sent an input that is nested too deeply, or too large, to be shown', {
      cause: error,
    });
  }
}
