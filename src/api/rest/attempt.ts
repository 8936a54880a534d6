import { messageOf } from '../../errors.js';
import { isObject, type JsonObject } from '../../wire/json.js';
import { statusCodes } from '../../wire/status.js';
import { statusOf, type Status } from '../answers.js';
import { exchange, StalledError, type RawAnswer, type RequestBody, type Sending, type Wire } from './exchange.js';
import { ApiError, FileChangedError, UntrustedServerError, type Refusal } from '../errors.js';
import { retryAfterMs } from '../policy/retry.js';

/** One request, whatever it takes to get its answer. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** After the app's prefix, with its query: `/inputs?page=1`. */
  readonly path: string;
  readonly body?: RequestBody;
  /** Polls: every other request goes first. */
  readonly background?: boolean;
  /** The path names an input: a 404 means that input. Everywhere else it means the app. */
  readonly namesInput?: boolean;
  /** The run can do without its answer: a refusal is told, and ends nothing. */
  readonly optional?: boolean;
  /** False for a request that would do its work twice: it is not sent again once its answer may have been lost. */
  readonly repeatable?: boolean;
  /** True for a request that can be sent in smaller pieces instead: one that does not get through is given up soon. */
  readonly divisible?: boolean;
}

/** A body whose status says success, or a mixed one that names what failed. */
export interface Answer {
  readonly status: Status;
  readonly httpStatus: number;
  readonly body: JsonObject;
  /** True if an earlier try of this request may have done the work already. */
  readonly repeated: boolean;
}

export interface RequestLine {
  readonly method: string;
  readonly path: string;
  /** What came of it: HTTP status and code, or the network's error. */
  readonly outcome: string;
  readonly ms: number;
  readonly reqId: string | undefined;
}

/**
 * What one try came to. `lost`: the service may have done the work although we have no answer. `cut`: it broke off
 * while its body went out.
 */
export type Try =
  | { readonly kind: 'answer'; readonly answer: Omit<Answer, 'repeated'> }
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly retryAfterMs: number | undefined }
  | {
      readonly kind: 'broken';
      readonly reason: string;
      readonly lost: boolean;
      readonly cut: boolean;
      readonly cause: unknown;
    };

export type Failed = Exclude<Try, { readonly kind: 'answer' }>;

export interface ViaProxy {
  readonly proxy?: string | undefined;
}

/** Gateways answer for a service that may have gone on with the work. */
const gatewayStatuses = new Set([500, 502, 504]);

/** @param wire - with the proxy that may stand between, as a hint names it */
export async function tryOnce(call: Call, wire: Wire & ViaProxy, nowMs: () => number): Promise<Try> {
  const sending: Sending = { left: 'not' };
  try {
    const response = await exchange(call, wire, sending);
    const judged = judge(call, response, nowMs());
    return judged.kind === 'refused' ? { ...judged, refusal: withoutKey(judged.refusal, wire.key) } : judged;
  } catch (error) {
    if (error instanceof FileChangedError) throw error;
    wire.leaving.throwIfAborted();
    mustBeTrusted(error, wire);
    const { left } = sending;
    return { kind: 'broken', reason: messageOf(error), lost: left === 'whole', cut: left === 'in part', cause: error };
  }
}

/** Codes of OpenSSL and Node for a certificate that nobody vouches for, that is not the host's, or is out of date. */
const certificateCodes = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

function mustBeTrusted(error: unknown, { baseUrl: { host }, proxy }: Wire & ViaProxy): void {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (typeof code !== 'string' || !certificateCodes.has(code)) return;
  throw new UntrustedServerError(`${host}: its certificate is not trusted: ${messageOf(error)}`, {
    hint: `name the authority that vouches for it: --ca-cert FILE, or NODE_EXTRA_CA_CERTS${proxy === undefined ? '' : `; it may be the certificate of the proxy of ${proxy}`}`,
    cause: error,
  });
}

function judge(call: Call, response: RawAnswer, nowMs: number): Try {
  const { httpStatus } = response;
  const body = parsed(response.text);
  if (body === undefined && httpStatus < 300) {
    const reason = 'the answer is not JSON or was cut short';
    return { kind: 'broken', reason, lost: true, cut: false, cause: undefined };
  }
  const { reqId, ...status } = statusOf(body);
  if (body !== undefined && isAnswer(status.code, httpStatus, body)) {
    return { kind: 'answer', answer: { status, httpStatus, body } };
  }
  const refusal = { method: call.method, path: pathOf(call), httpStatus, reqId, ...status };
  return { kind: 'refused', refusal, retryAfterMs: retryAfterMs(response.retryAfter, nowMs) };
}

/** Some services repeat what they refuse. */
function withoutKey(refusal: Refusal, key: string): Refusal {
  const masked = (text: string): string => text.replaceAll(key, '[key]');
  return { ...refusal, description: masked(refusal.description), details: masked(refusal.details) };
}

/** Mixed answers count, and so do all-failed ones that say what happened to each input. */
function isAnswer(code: number, httpStatus: number, body: JsonObject): boolean {
  if (code === statusCodes.ok || code === statusCodes.accepted || code === statusCodes.mixed) return true;
  if (code === statusCodes.failure) return Array.isArray(body['inputs']) && body['inputs'].length > 0;
  return code === 0 && httpStatus < 300;
}

function parsed(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function mayHaveBeenDone(result: Failed): boolean {
  return result.kind === 'broken' ? result.lost : gatewayStatuses.has(result.refusal.httpStatus);
}

/**
 * True where less might get through: time ran out, or the other side hung up while the body went out, as some do
 * that find it too large.
 */
export function mayBeTooMuch(result: Failed): boolean {
  if (result.kind === 'broken') return result.cut || result.cause instanceof StalledError;
  const { httpStatus, code } = result.refusal;
  return httpStatus === 408 || httpStatus === 504 || code === statusCodes.timedOut;
}

export function reasonOf(call: Call, result: Failed): string {
  if (result.kind === 'refused') return new ApiError(result.refusal).message;
  return `${call.method} ${pathOf(call)}: ${result.reason}`;
}

function pathOf(call: Call): string {
  return call.path.split('?', 1)[0] ?? call.path;
}

export function summaryOf(call: Call, result: Try): Omit<RequestLine, 'ms'> {
  const head = { method: call.method, path: call.path };
  switch (result.kind) {
    case 'answer': {
      const reqId = statusOf(result.answer.body).reqId;
      return { ...head, outcome: `${result.answer.httpStatus} ${result.answer.status.code}`, reqId };
    }
    case 'refused':
      return { ...head, outcome: `${result.refusal.httpStatus} ${result.refusal.code}`, reqId: result.refusal.reqId };
    case 'broken':
      return { ...head, outcome: result.reason, reqId: undefined };
  }
}
