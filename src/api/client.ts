import type { Dispatcher } from 'undici';
import type { Clock } from '../context.js';
import { messageOf } from '../errors.js';
import type { JsonObject } from '../wire/messages.js';
import { statusCodes } from '../wire/status.js';
import { isObject, statusOf, type Status } from './decode.js';
import {
  AccountError,
  AnswerLostError,
  ApiError,
  FileChangedError,
  TooLargeError,
  UnavailableError,
  type Refusal,
} from './failures.js';
import { retryAfterMs, retryDelayMs, verdictOn } from './retry.js';
import { createThrottle, type Throttle } from './throttle.js';
import { exchange, type RequestBody } from './exchange.js';

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
  /** False for a request that would do its work twice: it is not sent again once its answer may have been lost. */
  readonly repeatable?: boolean;
}

/** A body whose status says success, or a mixed one that names what failed. */
export interface Answer {
  readonly status: Status;
  readonly httpStatus: number;
  readonly body: JsonObject;
  /** True if an earlier try of this request may have done the work already. */
  readonly repeated: boolean;
}

export interface ClientOptions {
  /** With the app's prefix: `https://api.clarifai.com/v2/users/me/apps/demo`. */
  readonly baseUrl: URL;
  readonly key: string;
  readonly timeoutMs: number;
  /** Further tries after the first one. */
  readonly retries: number;
  /** Requests a second; 0 means no limit. */
  readonly requestsPerSecond: number;
  readonly dispatcher: Dispatcher;
  readonly clock: Clock;
  /** No new try is begun after this. */
  readonly stopping: AbortSignal;
  /** Requests in flight are cut by this. */
  readonly leaving: AbortSignal;
  /** Told of each request once it ended; never sees the key. */
  readonly log: (line: RequestLine) => void;
}

export interface RequestLine {
  readonly method: string;
  readonly path: string;
  /** What came of it: HTTP status and code, or the network's error. */
  readonly outcome: string;
  readonly ms: number;
  readonly reqId: string | undefined;
}

/** What one try came to. `lost`: the service may have done the work although we have no answer. */
type Try =
  | { readonly kind: 'answer'; readonly answer: Omit<Answer, 'repeated'> }
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly retryAfterMs: number | undefined }
  | { readonly kind: 'broken'; readonly reason: string; readonly lost: boolean; readonly cause: unknown };

type Failed = Exclude<Try, { readonly kind: 'answer' }>;

/** Gateways answer for a service that may have gone on with the work. */
const gatewayStatuses = new Set([500, 502, 504]);

/** The one client of a run: one connection pool, one retry policy, one request budget. */
export class Client {
  readonly #options: ClientOptions;
  readonly #throttle: Throttle;
  #first: Promise<unknown> | undefined;
  /** Once the account said no, nothing more is sent. */
  #refused: AccountError | undefined;
  /** True from a request whose retries ran out to the next sign of life. */
  #exhausted = false;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#throttle = createThrottle(options.requestsPerSecond, options.clock);
  }

  /**
   * Sends a request, again and again where that may help. The first request of a run goes alone, so that a wrong key
   * or a dead service costs one.
   *
   * @throws AccountError, TooLargeError, ApiError, UnavailableError, AnswerLostError, FileChangedError
   */
  async send(call: Call): Promise<Answer> {
    if (this.#first === undefined) {
      const first = this.#deliver(call);
      this.#first = first.catch(() => undefined);
      return await first;
    }
    await this.#first;
    return await this.#deliver(call);
  }

  async close(): Promise<void> {
    await this.#options.dispatcher.destroy();
  }

  async #deliver(call: Call): Promise<Answer> {
    const { clock, retries, stopping } = this.#options;
    let mayBeDone = false;
    for (let tries = 0; ; tries += 1) {
      if (this.#refused !== undefined) throw this.#refused;
      const result = await this.#attempt(call);
      if (result.kind === 'answer') return { ...result.answer, repeated: mayBeDone };
      this.#failForGood(call, result, mayBeDone);
      mayBeDone ||= mayHaveBeenDone(result);
      if (mayBeDone && call.repeatable === false) throw answerLost(call, result);
      if (tries >= retries) throw this.#ranOut(call, result, tries + 1);
      const askedMs = result.kind === 'refused' ? result.retryAfterMs : undefined;
      await clock.sleep(retryDelayMs(tries, askedMs, Math.random()), stopping);
    }
  }

  async #attempt(call: Call): Promise<Try> {
    const { clock, stopping, log } = this.#options;
    await this.#throttle.turn({ background: call.background ?? false, signal: stopping });
    const startedMs = clock.now();
    const result = await tryOnce(call, this.#options);
    log({ ...summaryOf(call, result), ms: clock.now() - startedMs });
    if (result.kind === 'refused' && result.refusal.httpStatus === 429) this.#throttle.slowDown();
    if (result.kind === 'answer') {
      this.#throttle.speedUp();
      this.#exhausted = false;
    }
    return result;
  }

  #failForGood(call: Call, result: Failed, repeated: boolean): void {
    if (result.kind === 'broken') return;
    const noSuchApp = result.refusal.httpStatus === 404 && call.namesInput !== true;
    const verdict = noSuchApp ? 'account' : verdictOn(result.refusal);
    if (verdict === 'transient') return;
    // the service is there and answers: only what it was asked is wrong
    this.#exhausted = false;
    if (verdict === 'too-large') throw new TooLargeError(result.refusal);
    if (verdict === 'final') throw new ApiError(result.refusal, { repeated });
    this.#refused = new AccountError(result.refusal, { hint: accountHint(result.refusal.code) });
    throw this.#refused;
  }

  #ranOut(call: Call, result: Failed, tries: number): UnavailableError {
    const persistent = this.#exhausted;
    this.#exhausted = true;
    const refusal = result.kind === 'refused' ? result.refusal : undefined;
    const times = tries === 1 ? '' : `, ${tries} times`;
    const cause = result.kind === 'broken' ? result.cause : undefined;
    return new UnavailableError(`${reasonOf(call, result)}${times}`, { refusal, persistent, cause });
  }
}

async function tryOnce(call: Call, options: ClientOptions): Promise<Try> {
  let sent = false;
  try {
    const response = await exchange(call, options, () => (sent = true));
    return judge(call, response, options.clock.now());
  } catch (error) {
    if (error instanceof FileChangedError) throw error;
    options.leaving.throwIfAborted();
    return { kind: 'broken', reason: messageOf(error), lost: sent, cause: error };
  }
}

interface Response {
  readonly httpStatus: number;
  readonly retryAfter: string | undefined;
  readonly text: string;
}

function judge(call: Call, response: Response, nowMs: number): Try {
  const { httpStatus } = response;
  const body = parsed(response.text);
  if (body === undefined && httpStatus < 300) {
    return { kind: 'broken', reason: 'the answer is not JSON or was cut short', lost: true, cause: undefined };
  }
  const { reqId, ...status } = statusOf(body);
  if (body !== undefined && isAnswer(status.code, httpStatus, body)) {
    return { kind: 'answer', answer: { status, httpStatus, body } };
  }
  const refusal = { method: call.method, path: pathOf(call), httpStatus, reqId, ...status };
  return { kind: 'refused', refusal, retryAfterMs: retryAfterMs(response.retryAfter, nowMs) };
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

function mayHaveBeenDone(result: Failed): boolean {
  return result.kind === 'broken' ? result.lost : gatewayStatuses.has(result.refusal.httpStatus);
}

function answerLost(call: Call, result: Failed): AnswerLostError {
  return new AnswerLostError(`${reasonOf(call, result)}; it may have been done`, {
    hint: 'look at the app before sending it again',
    cause: result.kind === 'broken' ? result.cause : undefined,
  });
}

function reasonOf(call: Call, result: Failed): string {
  if (result.kind === 'refused') return new ApiError(result.refusal).message;
  return `${call.method} ${pathOf(call)}: ${result.reason}`;
}

function accountHint(code: number): string {
  if (code === statusCodes.insufficientScopes)
    return 'give the key the scopes that the answer names, or use another key';
  if (code === statusCodes.monthlyLimit || code === statusCodes.exceedsLimits) return "the account's quota is used up";
  return "check the key and the app: 'clarifai-inputs config init', CLARIFAI_PAT, or --sandbox to try without an account";
}

function pathOf(call: Call): string {
  return call.path.split('?', 1)[0] ?? call.path;
}

function summaryOf(call: Call, result: Try): Omit<RequestLine, 'ms'> {
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
