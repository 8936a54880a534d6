import { createHash, timingSafeEqual } from 'node:crypto';
import { statusCodes } from '../../wire/status.js';
import { Refusal } from '../requests/refusals.js';

/**
 * Passes a request that brings the key, and refuses any other the way the service does.
 *
 * @throws Refusal 11102, 11008 or 11009
 */
export function checkKey(header: string | undefined, key: string): void {
  // A header ends up trimmed, so that an empty key leaves the word alone
  const given = /^Key(?: +(.*))?$/.exec(header ?? '');
  if (given === null) {
    const details = 'Empty or malformed authorization header. Please provide an API key or session token.';
    throw new Refusal(statusCodes.invalidRequest, details);
  }
  const text = given[1] ?? '';
  if (!/^[\x21-\x7e]+$/.test(text)) throw new Refusal(statusCodes.keyInvalid, 'Invalid format of key.');
  // Hashed, so that the time it takes tells nothing, not even the length
  if (!timingSafeEqual(digest(text), digest(key))) throw new Refusal(statusCodes.keyNotFound, 'invalid key(None)');
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
