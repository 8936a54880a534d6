import { isObject, type JsonObject } from '../../wire/json.js';
import { statusCodes } from '../../wire/status.js';
import { statusOf, type Status } from '../answers.js';
import { FileChangedError, RedirectedError, redactSecrets, type ErrorResponse } from '../errors.js';
import type { Call, Failure, Outcome, Unanswered } from '../policy/try.js';
import { unansweredBy, type SendState } from '../network/send-state.js';
import { assertTrusted } from '../network/trust.js';
import { isGateway, isThrottled, isTimeout, retryAfterMs, verdictOn } from '../network/verdict.js';
import { exchange, type RawAnswer, type RequestBody, type RestConnection } from './exchange.js';

/** One request of the REST API. */
export interface RestCall extends Pick<Call<unknown>, 'background' | 'optional' | 'repeatable' | 'divisible'> {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** After the app's prefix, with its query: `/inputs?page=1`. */
  readonly path: string;
  readonly body?: RequestBody;
  /** The path names an input, a dataset or a job: a 404 means that. Everywhere else it means the app. */
  readonly namesInput?: boolean;
  /** Texts of the body that no message may repeat. */
  readonly secrets?: readonly string[];
}

/** A body whose status says success, or a mixed one that names what failed. */
export interface RestAnswer {
  readonly status: Status;
  readonly httpStatus: number;
  readonly body: JsonObject;
}

/** Sends a request once. Throws FileChangedError, UntrustedServerError, and the reason of a run that leaves. */
export async function tryOnce(call: RestCall, connection: RestConnection): Promise<Outcome<RestAnswer>> {
  const state: SendState = { sent: 'none' };
  try {
    return judge(call, await exchange(call, connection, state), connection);
  } catch (error) {
    if (error instanceof FileChangedError || error instanceof RedirectedError) throw error;
    connection.leaving.throwIfAborted();
    assertTrusted(error, { host: connection.baseUrl.host, proxy: connection.proxy });
    return unansweredBy(error, state);
  }
}

function judge(call: RestCall, raw: RawAnswer, { key, clock }: RestConnection): Outcome<RestAnswer> {
  const { httpStatus } = raw;
  const body = parseBody(raw.text);
  if (body === undefined && httpStatus < 300) {
    return unreadable(raw.text);
  }
  const { reqId, ...status } = statusOf(body);
  if (body !== undefined && isAnswer(status.code, httpStatus, body)) {
    const answer = { status, httpStatus, body };
    return { kind: 'answered', answer, summary: `${httpStatus} ${status.code}`, reqId };
  }
  const request = `${call.method} ${pathOf(call)}`;
  const { secrets = [] } = call;
  const said = { ...status, request, transportStatus: `HTTP ${httpStatus}`, httpStatus, reqId };
  const response = redactSecrets(said, [key, ...secrets]);
  return refuse(call, { response, httpStatus, retryAfterMs: retryAfterMs(raw.retryAfter, clock.now()) });
}

/** An answer of success that is not the service's, or not the whole of it. */
function unreadable(text: string): Unanswered {
  const isPage = text.trimStart().startsWith('<');
  const reason = isPage ? 'the answer is a web page, not JSON' : 'the answer is not JSON or was cut short';
  return { kind: 'lost', reason, cause: undefined, isStalled: false, isWrongAddress: isPage };
}

interface RefusedAnswer {
  readonly response: ErrorResponse;
  readonly httpStatus: number;
  readonly retryAfterMs: number | undefined;
}

function refuse({ namesInput }: RestCall, { response, httpStatus, retryAfterMs }: RefusedAnswer): Failure {
  const codes = { httpStatus, code: response.code };
  const summary = `${httpStatus} ${response.code}`;
  // the service gives a missing input a code; the 404 of another server has none
  const isOfInput = namesInput === true && response.code !== 0;
  if (httpStatus === 404 && !isOfInput) return { kind: 'account', response, summary };
  const verdict = verdictOn(codes);
  switch (verdict) {
    case 'transient':
      return {
        kind: 'busy',
        response,
        summary,
        retryAfterMs,
        isThrottled: isThrottled(codes),
        mayHaveBeenDone: isGateway(codes),
        isOverload: isTimeout(codes),
      };
    case 'final':
      return { kind: httpStatus === 404 ? 'not-there' : 'refused', response, summary };
    case 'account':
    case 'too-large':
      return { kind: verdict, response, summary };
  }
}

/** Mixed answers count, and so do all-failed ones that say what happened to each input. */
function isAnswer(code: number, httpStatus: number, body: JsonObject): boolean {
  if (code === statusCodes.ok || code === statusCodes.accepted || code === statusCodes.mixed) return true;
  if (code === statusCodes.failure) return Array.isArray(body['inputs']) && body['inputs'].length > 0;
  return code === 0 && httpStatus < 300;
}

function parseBody(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Without its query. */
export function pathOf({ path }: RestCall): string {
  return path.split('?', 1)[0] ?? path;
}
