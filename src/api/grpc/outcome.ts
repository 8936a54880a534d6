import { fromBinary, type DescMessage } from '@bufbuild/protobuf';
import { isList, valueAt, type JsonObject } from '../../wire/json.js';
import { statusCodes } from '../../wire/status.js';
import { statusOf, type Status } from '../answers.js';
import type { ErrorResponse } from '../errors.js';
import { isGateway, isThrottled, isTimeout, retryAfterMs, verdictOn, type Codes } from '../network/verdict.js';
import type { Failure, Outcome, Unanswered } from '../policy/try.js';
import { headerText, type RawAnswer } from './call.js';
import { grpcStatus, nameOfGrpcStatus, verdictOnStatus } from './status.js';
import { messageToJson } from './to-json.js';

/** The properties of a request that its answer is judged by. */
export interface JudgedCall {
  /** `PostInputs`. */
  readonly method: string;
  readonly response: DescMessage;
  /** It is about one input: what is not there is that input. Everywhere else it is the app. */
  readonly namesInput?: boolean;
  /** It can be too large: a limit that it meets may be one on its size. */
  readonly carriesInputs?: boolean;
}

/** An answer whose status says success, or a mixed one that names what failed, as the REST API prints it. */
export interface GrpcAnswer {
  readonly status: Status;
  readonly body: JsonObject;
}

/** Decides the outcome of an answer. */
export function judge(call: JudgedCall, raw: RawAnswer, nowMs: number): Outcome<GrpcAnswer> {
  if (raw.kind === 'http') return judgeHttp(call, raw, nowMs);
  if (raw.grpcStatus !== grpcStatus.ok) return judgeStatus(call, raw, nowMs);
  const body = decode(call, raw.message);
  if (body === undefined) return lost('the answer contains no readable message');
  const { reqId, ...status } = statusOf(body);
  const summary = `OK ${status.code}`;
  if (isAnswer(status.code, body)) return { kind: 'answered', answer: { status, body }, summary, reqId };
  const response = { ...responseOf(call, ''), ...status, reqId };
  // newer services tell what the status would be over HTTP; a refusal where they don't, unless the code knows better
  const httpStatus = Number(valueAt(body, ['status', 'http_status_code']) ?? 400);
  const isMissing = missingCodes.has(status.code) || httpStatus === 404;
  if (isMissing) return { kind: call.namesInput === true ? 'not-there' : 'account', response, summary };
  return refuse(response, { codes: { httpStatus, code: status.code }, summary, retryAfterMs: pauseOf(raw, nowMs) });
}

const missingCodes: ReadonlySet<number> = new Set([statusCodes.doesNotExist, statusCodes.inputDoesNotExist]);

function decode({ response }: JudgedCall, message: Uint8Array | undefined): JsonObject | undefined {
  try {
    // an answer in which all is left out has no bytes
    return message && messageToJson(response, fromBinary(response, message));
  } catch {
    return undefined;
  }
}

/** Mixed answers count, and so do all-failed ones that say what happened to each input. */
function isAnswer(code: number, { inputs }: JsonObject): boolean {
  if (code === statusCodes.failure) return isList(inputs) && inputs.length > 0;
  return code === statusCodes.ok || code === statusCodes.accepted || code === statusCodes.mixed || code === 0;
}

interface Refused {
  readonly codes: Codes;
  readonly summary: string;
  readonly retryAfterMs: number | undefined;
}

function refuse(response: ErrorResponse, { codes, summary, retryAfterMs: pauseMs }: Refused): Failure {
  const verdict = verdictOn(codes);
  if (verdict === 'final') return { kind: 'refused', response, summary };
  if (verdict !== 'transient') return { kind: verdict, response, summary };
  return {
    kind: 'busy',
    response,
    summary,
    retryAfterMs: pauseMs,
    isThrottled: isThrottled(codes),
    mayHaveBeenDone: isGateway(codes),
    isOverload: isTimeout(codes),
  };
}

/** A gateway answered that stands before the service, and in its own way. */
function judgeHttp(
  call: JudgedCall,
  raw: Extract<RawAnswer, { readonly kind: 'http' }>,
  nowMs: number,
): Outcome<GrpcAnswer> {
  const { httpStatus, headers } = raw;
  if (httpStatus < 300) {
    return { ...lost(`the answer is not gRPC but ${headers['content-type'] ?? 'of no type'}`), isWrongAddress: true };
  }
  const response = {
    ...responseOf(call, `HTTP ${httpStatus}`),
    httpStatus,
    description: 'instead of a gRPC answer',
    details: headers.location === undefined ? '' : `redirected to ${headers.location}, and not followed`,
  };
  const codes = { httpStatus, code: 0 };
  return refuse(response, { codes, summary: `HTTP ${httpStatus}`, retryAfterMs: pauseOf(raw, nowMs) });
}

function judgeStatus(
  call: JudgedCall,
  raw: Extract<RawAnswer, { readonly kind: 'grpc' }>,
  nowMs: number,
): Outcome<GrpcAnswer> {
  const summary = nameOfGrpcStatus(raw.grpcStatus);
  const response = { ...responseOf(call, `gRPC ${summary}`), description: raw.reason };
  const verdict = verdictOnStatus(raw.grpcStatus);
  switch (verdict) {
    case 'lost':
      return lost([summary, raw.reason].filter((part) => part !== '').join(': '));
    case 'account':
      return { kind: 'account', response, summary };
    case 'refused': {
      const isMissing = raw.grpcStatus === grpcStatus.notFound && call.namesInput === true;
      return { kind: isMissing ? 'not-there' : 'refused', response, summary };
    }
    case 'limit':
    case 'busy':
      break;
  }
  if (verdict === 'limit' && call.carriesInputs === true) return { kind: 'too-large', response, summary };
  const isTimeUp = raw.grpcStatus === grpcStatus.deadlineExceeded;
  return {
    kind: 'busy',
    response,
    summary,
    retryAfterMs: pauseOf(raw, nowMs),
    isThrottled: verdict === 'limit',
    mayHaveBeenDone: isTimeUp,
    isOverload: isTimeUp,
  };
}

function lost(reason: string): Unanswered {
  return { kind: 'lost', reason, cause: undefined, isStalled: false, isWrongAddress: false };
}

function responseOf({ method }: JudgedCall, transportStatus: string): ErrorResponse {
  const nothingSaid = { code: 0, description: '', details: '', reqId: undefined };
  return { request: method, transportStatus, httpStatus: undefined, ...nothingSaid };
}

/** How long to wait: in gRPC's way (its proposal A6), or in HTTP's. What can't be read counts as absent. */
function pauseOf({ headers }: RawAnswer, nowMs: number): number | undefined {
  const pushback = headerText(headers['grpc-retry-pushback-ms']);
  if (pushback !== undefined && /^\d{1,10}$/.test(pushback)) return Number(pushback);
  return retryAfterMs(headerText(headers['retry-after']), nowMs);
}
