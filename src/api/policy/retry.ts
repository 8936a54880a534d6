import { statusCodes } from '../../wire/status.js';
import { isBusyCode } from '../answers.js';

/** First and longest wait of the exponential backoff, in ms. */
const firstDelayMs = 500;
const longestDelayMs = 30_000;
/** A Retry-After is obeyed up to here; a longer one ends the run, so that it can't hang. */
export const longestRetryAfterMs = 5 * 60_000;

/** Codes of the account: nothing that is sent with this key will pass. 69000 and 69001 are billing. */
const accountCodes = new Set<number>([
  statusCodes.accountIssues,
  statusCodes.tokenInvalid,
  statusCodes.credentialsInvalid,
  statusCodes.monthlyLimit,
  statusCodes.exceedsLimits,
  statusCodes.insufficientScopes,
  statusCodes.keyInvalid,
  statusCodes.keyNotFound,
  11104,
  11200,
  69000,
  69001,
]);

export type Verdict = 'transient' | 'account' | 'too-large' | 'final';

/** Decides by the service's own code; undefined if the transport's status has to decide. */
export function verdictOnCode(code: number): Exclude<Verdict, 'final'> | undefined {
  if (accountCodes.has(code)) return 'account';
  if (code === statusCodes.messageTooLarge) return 'too-large';
  return isBusyCode(code) ? 'transient' : undefined;
}

/**
 * Delay before the next try: exponential backoff with full jitter, at least what Retry-After asks.
 *
 * @param attempt - 0 for the first retry
 * @param random - from 0 to 1
 * @returns milliseconds
 */
export function retryDelayMs(attempt: number, retryAfterMs: number | undefined, random: number): number {
  const ceiling = Math.min(longestDelayMs, firstDelayMs * 2 ** attempt);
  const delay = random * ceiling;
  return retryAfterMs === undefined ? delay : retryAfterMs + Math.min(delay, 1000);
}
