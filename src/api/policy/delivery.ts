import type { Dispatcher } from 'undici';
import type { Clock } from '../../context.js';
import { CliError, messageOf } from '../../errors.js';
import { statusCodes } from '../../wire/status.js';
import {
  mayBeTooMuch,
  mayHaveBeenDone,
  reasonOf,
  summaryOf,
  tryOnce,
  type Answer,
  type Call,
  type Failed,
  type RequestLine,
  type Try,
} from '../rest/attempt.js';
import type { Wire } from '../rest/exchange.js';
import { AccountError, AnswerLostError, ApiError, OverloadError, TooLargeError, UnavailableError } from '../errors.js';
import { fetchMedia } from '../media.js';
import { isThrottled, longestRetryAfterMs, retryAfterMs, retryDelayMs, verdictOn } from './retry.js';
import { createThrottle, type Throttle } from './throttle.js';

/** A request that can be made smaller is given up after so many tries in a row that may have been too much. */
const maxOverloads = 2;

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
  /** What stands between, as a hint names it; undefined if nothing does. */
  readonly proxy?: string | undefined;
  readonly clock: Clock;
  /** No new try is begun after this. */
  readonly stopping: AbortSignal;
  /** Requests in flight are cut by this. */
  readonly leaving: AbortSignal;
  /** Told of each request once it ended; never sees the key. */
  readonly log: (line: RequestLine) => void;
}

/** The one client of a run: one connection pool, one retry policy, one request budget. */
export class Client {
  readonly #options: ClientOptions;
  readonly #throttle: Throttle;
  readonly #closing = new AbortController();
  /** What is to be sent, or sent again, is given up once the run ends one way or the other. */
  readonly #stopping: AbortSignal;
  #first: Promise<unknown> | undefined;
  /** Once the account said no, nothing more is sent. */
  #refused: AccountError | undefined;
  /** True up to the first sign of life, and from a request whose retries ran out to the next one. */
  #exhausted = true;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#stopping = eitherOf(options.stopping, this.#closing.signal);
    this.#throttle = createThrottle(options.requestsPerSecond, options.clock);
  }

  /**
   * Sends a request, again and again where that may help. The first request of a run goes alone, so that a wrong key
   * or a dead service costs one.
   *
   * @throws AccountError, TooLargeError, ApiError, OverloadError, UnavailableError, AnswerLostError, FileChangedError
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

  /**
   * Fetches media, again where that may help; `onBody` then begins anew.
   *
   * @param unwanted - for what can be done without: it lets other requests go first, is tried twice at most, and is
   *   given up once this is aborted
   * @throws ApiError, UnavailableError
   */
  async fetchMedia(
    url: URL,
    onBody: (body: AsyncIterable<Uint8Array>) => Promise<void>,
    unwanted?: AbortSignal,
  ): Promise<void> {
    const { clock, proxy, leaving: cut } = this.#options;
    const retries = unwanted === undefined ? this.#options.retries : Math.min(1, this.#options.retries);
    const stopping = eitherOf(this.#stopping, unwanted);
    const wire = { ...this.#options, leaving: eitherOf(cut, unwanted) };
    for (let tries = 0; ; tries += 1) {
      await this.#throttle.turn({ background: unwanted !== undefined, signal: stopping });
      const result = await this.#tryMedia(url, wire, onBody);
      if (result === undefined) return;
      if (result.kind === 'refused' && verdictOn(result.refusal) !== 'transient') throw new ApiError(result.refusal);
      // it may lie with another host, and says nothing of the service
      if (tries >= retries) throw ranOut({ method: 'GET', path: shownUrl(url) }, result, { tries: tries + 1, proxy });
      const askedMs = result.kind === 'refused' ? result.retryAfterMs : undefined;
      await clock.sleep(retryDelayMs(tries, askedMs, Math.random()), stopping);
    }
  }

  async #tryMedia(
    url: URL,
    wire: Wire,
    onBody: (body: AsyncIterable<Uint8Array>) => Promise<void>,
  ): Promise<Failed | undefined> {
    const { clock } = this.#options;
    try {
      const { httpStatus, retryAfter } = await fetchMedia(url, wire, onBody);
      if (httpStatus === 200) return undefined;
      const refusal = { method: 'GET', path: shownUrl(url), httpStatus, ...noStatus };
      return { kind: 'refused', refusal, retryAfterMs: retryAfterMs(retryAfter, clock.now()) };
    } catch (error) {
      wire.leaving.throwIfAborted();
      if (error instanceof CliError) throw error;
      return { kind: 'broken', reason: messageOf(error), lost: false, cut: false, cause: error };
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#options.dispatcher.destroy();
  }

  async #deliver(call: Call): Promise<Answer> {
    const { clock, retries } = this.#options;
    let mayBeDone = false;
    let overloads = 0;
    for (let tries = 0; ; tries += 1) {
      if (this.#refused !== undefined) throw this.#refused;
      const result = await this.#attempt(call);
      if (result.kind === 'answer') return { ...result.answer, repeated: mayBeDone };
      this.#failForGood(call, result, mayBeDone);
      mayBeDone ||= mayHaveBeenDone(result);
      if (mayBeDone && call.repeatable === false) throw answerLost(call, result);
      overloads = mayBeTooMuch(result) ? overloads + 1 : 0;
      if (isToBeDivided(call, overloads, retries)) throw new OverloadError(reasonOf(call, result));
      if (tries >= retries) throw this.#ranOut(call, result, tries + 1);
      await clock.sleep(retryDelayMs(tries, askedMsOf(result), Math.random()), this.#stopping);
    }
  }

  async #attempt(call: Call): Promise<Try> {
    const { clock, log } = this.#options;
    const turn = await this.#throttle.turn({ background: call.background ?? false, signal: this.#stopping });
    const startedMs = clock.now();
    const result = await tryOnce(call, this.#options, () => clock.now());
    log({ ...summaryOf(call, result), ms: clock.now() - startedMs });
    if (result.kind === 'refused') {
      if (isThrottled(result.refusal)) turn.refused();
      // what one request is asked holds for all of them
      this.#throttle.rest(Math.min(longestRetryAfterMs, result.retryAfterMs ?? 0));
    }
    if (result.kind === 'answer') {
      turn.answered();
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
    if (verdict === 'final' || call.optional === true) throw new ApiError(result.refusal, { repeated });
    this.#refused = new AccountError(result.refusal, { hint: accountHint(result.refusal.code) });
    throw this.#refused;
  }

  #ranOut(call: Call, result: Failed, tries: number): UnavailableError {
    const persistent = this.#exhausted;
    this.#exhausted = true;
    return ranOut(call, result, { tries, persistent, proxy: this.#options.proxy });
  }
}

interface RanOut {
  readonly tries: number;
  readonly persistent?: boolean;
  readonly proxy: string | undefined;
}

function ranOut(call: Call, result: Failed, { tries, persistent = false, proxy }: RanOut): UnavailableError {
  const refusal = result.kind === 'refused' ? result.refusal : undefined;
  const times = tries === 1 ? '' : `, ${tries} times`;
  const cause = result.kind === 'broken' ? result.cause : undefined;
  const hint =
    proxy && `trying again later may help; the way there is the proxy of ${proxy}, unless NO_PROXY excepts it`;
  return new UnavailableError(`${reasonOf(call, result)}${times}`, {
    refusal,
    persistent,
    cause,
    ...(hint && { hint }),
  });
}

function eitherOf(signal: AbortSignal, other: AbortSignal | undefined): AbortSignal {
  return other === undefined ? signal : AbortSignal.any([signal, other]);
}

const noStatus = { code: 0, description: '', details: '', reqId: undefined };

/** Without what may be secret in it: user, password, query. */
function shownUrl(url: URL): string {
  return url.origin + url.pathname;
}

/** The same request in pieces may pass where it failed again and again as a whole. */
function isToBeDivided(call: Call, overloads: number, retries: number): boolean {
  return call.divisible === true && overloads === Math.min(maxOverloads, retries + 1);
}

function askedMsOf(result: Failed): number | undefined {
  return result.kind === 'refused' ? result.retryAfterMs : undefined;
}

function answerLost(call: Call, result: Failed): AnswerLostError {
  return new AnswerLostError(`${reasonOf(call, result)}; it may have been done`, {
    hint: 'look at the app before sending it again',
    cause: result.kind === 'broken' ? result.cause : undefined,
  });
}

function accountHint(code: number): string {
  if (code === statusCodes.insufficientScopes)
    return 'give the key the scopes that the answer names, or use another key';
  if (code === statusCodes.monthlyLimit || code === statusCodes.exceedsLimits) return "the account's quota is used up";
  return "check the key and the app: 'clarifai-inputs config init', CLARIFAI_PAT, or --sandbox to try without an account";
}
