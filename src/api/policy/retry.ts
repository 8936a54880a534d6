import { statusCodes } from '../../wire/status.js';
import type { Refusal } from '../errors.js';

/** First and longest wait of the exponential backoff, in ms. */
const firstDelayMs = 500;
const longestDelayMs = 30_000;
/** A Retry-After is obeyed up to here, so that a bad header can't hang a run. */
export const longestRetryAfterMs = 5 * 60_000;

/** Codes that say "not now": throttled, busy, timed out. Source: the service's status code pages. */
const transientCodes = new Set<number>([
  statusCodes.tryAgain,
  statusCodes.hourlyLimit,
  statusCodes.throttled,
  40011,
  40013,
  40015,
  40016,
  40030,
  40031,
  statusCodes.timedOut,
  41000,
]);

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

const accountHttp = new Set([401, 402, 403]);
const transientHttp = new Set([408, 429]);

export type Verdict = 'transient' | 'account' | 'too-large' | 'final';

/** What a refusal means for the next try. The body's code wins over the HTTP status. */
export function verdictOn(refusal: Pick<Refusal, 'httpStatus' | 'code'>): Verdict {
  const { httpStatus, code } = refusal;
  if (accountCodes.has(code)) return 'account';
  if (code === statusCodes.messageTooLarge || httpStatus === 413) return 'too-large';
  if (isBusyCode(code)) return 'transient';
  if (accountHttp.has(httpStatus)) return 'account';
  return transientHttp.has(httpStatus) || httpStatus >= 500 ? 'transient' : 'final';
}

/** "Too fast", said with or without the HTTP status for it. */
export function isThrottled({ httpStatus, code }: Pick<Refusal, 'httpStatus' | 'code'>): boolean {
  return httpStatus === 429 || code === statusCodes.throttled;
}

/** Codes of one input after which adding it once more may help: download and storage trouble, a busy service. */
export function isTransientCode(code: number): boolean {
  return (
    isBusyCode(code) ||
    code === statusCodes.inputFailed ||
    code === statusCodes.inputStorageHostFailed ||
    code === statusCodes.inputConnectionFailed
  );
}

/** 98xxx are the service's internal troubles. */
function isBusyCode(code: number): boolean {
  return transientCodes.has(code) || (code >= 98000 && code < 99000);
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
  return retryAfterMs === undefined ? delay : Math.min(longestRetryAfterMs, retryAfterMs) + Math.min(delay, 1000);
}

/**
 * Reads a Retry-After header in its two forms, seconds and an HTTP date (RFC 9110, section 10.2.3).
 *
 * @returns milliseconds from now, or undefined for a header that says nothing
 */
export function retryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  if (!/^[A-Za-z]{3}, /.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}
