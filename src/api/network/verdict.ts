import { statusCodes } from '../../wire/status.js';
import { parseHttpDate } from './http-date.js';
import { verdictOnCode, type Verdict } from '../policy/retry.js';

const accountStatuses = new Set([401, 402, 403]);
const transientStatuses = new Set([408, 429]);
/** Gateways answer for a service that may have gone on with the work. */
const gatewayStatuses = new Set([500, 502, 504]);

/** An HTTP status and the service's own code, 0 for none. */
export interface Codes {
  readonly httpStatus: number;
  readonly code: number;
}

/** Decides whether a refused request is tried again. The body's code wins over the HTTP status. */
export function verdictOn({ httpStatus, code }: Codes): Verdict {
  const verdict = verdictOnCode(code);
  if (verdict === 'account' || verdict === 'too-large') return verdict;
  if (httpStatus === 413) return 'too-large';
  if (verdict !== undefined) return verdict;
  if (accountStatuses.has(httpStatus)) return 'account';
  return transientStatuses.has(httpStatus) || httpStatus >= 500 ? 'transient' : 'final';
}

/** "Too fast", said with or without the HTTP status for it. */
export function isThrottled({ httpStatus, code }: Codes): boolean {
  return httpStatus === 429 || code === statusCodes.throttled;
}

/** True where the service may have done the work all the same. */
export function isGateway({ httpStatus }: Codes): boolean {
  return gatewayStatuses.has(httpStatus);
}

/** True where time ran out. */
export function isTimeout({ httpStatus, code }: Codes): boolean {
  return httpStatus === 408 || httpStatus === 504 || code === statusCodes.timedOut;
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
  const atMs = parseHttpDate(text, nowMs);
  return atMs === undefined ? undefined : Math.max(0, atMs - nowMs);
}
