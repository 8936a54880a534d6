import type { Clock } from '../../context.js';
import {
  AccountError,
  ApiError,
  NotFoundError,
  PostponedError,
  SplitRequestError,
  TooLargeError,
  UnavailableError,
  UnknownOutcomeError,
} from '../errors.js';
import { longestRetryAfterMs, retryDelayMs } from './retry.js';
import { createThrottle, type Throttle } from './throttle.js';
import type { ServiceAddress, Trouble } from '../trouble.js';
import {
  causeOf,
  describeOutcome,
  isRefusal,
  isWrongAddress,
  retryAfterOf,
  isOverload,
  mayHaveBeenDone,
  type Busy,
  type Call,
  type LogLine,
  type Outcome,
  type Refusal,
  type Unanswered,
} from './try.js';

/** A request that can be made smaller is given up after so many tries in a row that may have been too much. */
const maxOverloads = 2;
/** A gateway may show a page for a moment. */
const maxAtWrongAddress = 3;
/** So long nobody wonders whether anything happens. */
const noticeAfterMs = 2_000;

export interface DeliveryOptions {
  /** Further tries after the first one. */
  readonly retries: number;
  /** Waits for a service that is gone, however long that takes. */
  readonly patient?: boolean;
  /** Requests a second; 0 means no limit. */
  readonly requestsPerSecond: number;
  /** The proxy in between, as a hint names it; undefined if there is none. */
  readonly proxy?: string | undefined;
  readonly clock: Clock;
  /** No new try is begun after this. */
  readonly stopping: AbortSignal;
  /** Told of each try once it ended; never sees the key. */
  readonly log: (line: LogLine) => void;
  /** Told before a wait for another try, and with undefined once the service answers again. */
  readonly onTrouble?: ((trouble: Trouble | undefined) => void) | undefined;
  /** For the hint where no try arrived. */
  readonly address?: ServiceAddress | undefined;
}

/** An answer, and how it was reached. */
export interface Delivered<T> {
  readonly answer: T;
  /** True if an earlier try of this request may have done the work already. */
  readonly repeated: boolean;
}

/** Brings the requests of a run to the service: one policy for retries, one budget of requests, whatever the transport. */
export class Delivery {
  readonly #options: DeliveryOptions;
  readonly #throttle: Throttle;
  readonly #closing = new AbortController();
  /** Aborts requests that are still to be sent, or sent again, once the run ends. */
  readonly #stopping: AbortSignal;
  #first: Promise<unknown> | undefined;
  /** Once the account said no, or the service asks to wait too long, nothing more is sent. */
  #runError: AccountError | PostponedError | undefined;
  /** True up to the first sign of life, and from a request whose retries ran out to the next one. */
  #noSuccessYet = true;
  #inTrouble = false;
  /** When the service answered last. */
  #answeredMs = -Infinity;

  constructor(options: DeliveryOptions) {
    this.#options = options;
    this.#stopping = anySignal(options.stopping, this.#closing.signal);
    this.#throttle = createThrottle(options.requestsPerSecond, options.clock);
  }

  /**
   * Sends a request, again and again where that may help. The first request of a run goes alone, so that a wrong key
   * or a dead service costs one.
   *
   * @throws AccountError, NotFoundError, TooLargeError, ApiError, SplitRequestError, UnavailableError,
   *   PostponedError, UnknownOutcomeError, and what a try throws
   */
  async send<T>(call: Call<T>): Promise<Delivered<T>> {
    if (this.#first === undefined) {
      const first = this.#deliver(call);
      this.#first = first.catch(() => undefined);
      return await first;
    }
    await this.#first;
    return await this.#deliver(call);
  }

  /**
   * Sends a request whose outcome says nothing of the service: it may lie with another host. It takes no slot of the
   * service's budget, which is that of its API.
   *
   * @param signal - for what can be done without: it is tried twice at most, and given up once this is aborted
   * @throws ApiError, UnavailableError, and what a try throws
   */
  async sendElsewhere<T>(call: Call<T>, signal?: AbortSignal): Promise<T> {
    const { clock } = this.#options;
    const retries = signal === undefined ? this.#options.retries : Math.min(1, this.#options.retries);
    const stopping = anySignal(this.#stopping, signal);
    for (let tries = 0; ; tries += 1) {
      stopping.throwIfAborted();
      const outcome = await call.try();
      if (outcome.kind === 'answered') return outcome.answer;
      if (isRefusal(outcome)) throw new ApiError(outcome.response);
      if (tries >= retries || isTooLong(outcome))
        throw this.#unavailable(call, outcome, { tries: tries + 1, isOutage: false });
      await clock.sleep(retryDelayMs(tries, retryAfterOf(outcome), Math.random()), stopping);
    }
  }

  /** Gives up what waits for a try. */
  close(): void {
    this.#closing.abort();
  }

  async #deliver<T>(call: Call<T>): Promise<Delivered<T>> {
    const { clock } = this.#options;
    const sinceMs = clock.now();
    let maybeDone = false;
    let overloads = 0;
    for (let tries = 0; ; tries += 1) {
      if (this.#runError !== undefined) throw this.#runError;
      const outcome = await this.#withNotice(sinceMs, tries, () => this.#attempt(call));
      if (outcome.kind === 'answered') return { answer: outcome.answer, repeated: maybeDone };
      if (isRefusal(outcome)) throw this.#finalError(call, outcome, maybeDone);
      maybeDone ||= mayHaveBeenDone(outcome);
      overloads = isOverload(outcome) ? overloads + 1 : 0;
      this.#throwIfOver(call, outcome, { tries: tries + 1, sinceMs, maybeDone, overloads });
      const waitMs = retryDelayMs(tries, retryAfterOf(outcome), Math.random());
      this.#tellTrouble(outcome, { attempt: tries + 1, sinceMs, waitMs });
      await clock.sleep(waitMs, this.#stopping);
    }
  }

  /** Before the first answer of a run, nothing else shows that the service is waited for. */
  async #withNotice<T>(sinceMs: number, tries: number, attempt: () => Promise<T>): Promise<T> {
    if (!this.#noSuccessYet || tries > 0) return await attempt();
    const timer = setTimeout(() => {
      this.#inTrouble = true;
      const { onTrouble, retries } = this.#options;
      onTrouble?.({ kind: 'waiting', attempt: 1, attempts: retries + 1, sinceMs, waitMs: 0 });
    }, noticeAfterMs);
    try {
      return await attempt();
    } finally {
      clearTimeout(timer);
    }
  }

  #tellTrouble(failure: Busy | Unanswered, wait: Pick<Trouble, 'attempt' | 'sinceMs' | 'waitMs'>): void {
    const { onTrouble, patient = false, retries } = this.#options;
    this.#inTrouble = true;
    onTrouble?.({ kind: troubleKind(failure), attempts: patient ? undefined : retries + 1, ...wait });
  }

  #tellAnswer(): void {
    this.#answeredMs = this.#options.clock.now();
    if (!this.#inTrouble) return;
    this.#inTrouble = false;
    this.#options.onTrouble?.(undefined);
  }

  async #attempt<T>(call: Call<T>): Promise<Outcome<T>> {
    const { clock, log } = this.#options;
    const slot = await this.#throttle.acquire({ background: call.background ?? false, signal: this.#stopping });
    const startedMs = clock.now();
    const outcome = await call.try();
    log({ request: call.logName, ...describeOutcome(outcome), ms: clock.now() - startedMs });
    if (outcome.kind === 'busy') {
      if (outcome.isThrottled) slot.refused();
      // what one request is asked holds for all of them
      if (!isTooLong(outcome)) this.#throttle.pauseFor(outcome.retryAfterMs ?? 0);
    }
    if (outcome.kind === 'answered') {
      slot.answered();
      this.#noSuccessYet = false;
      this.#tellAnswer();
    }
    return outcome;
  }

  /** The service is there and answers: only what it was asked is wrong. */
  #finalError(call: Call<unknown>, { kind, response }: Refusal, repeated: boolean): ApiError {
    this.#noSuccessYet = false;
    this.#tellAnswer();
    if (kind === 'too-large') return new TooLargeError(response);
    if (kind === 'not-there') return new NotFoundError(response, { repeated });
    if (kind === 'refused' || call.optional === true) return new ApiError(response);
    const error = new AccountError(response);
    this.#runError = error;
    return error;
  }

  /** Where another try would do harm, or no good. */
  #throwIfOver(call: Call<unknown>, failure: Busy | Unanswered, { tries, sinceMs, maybeDone, overloads }: Tally): void {
    const { retries } = this.#options;
    if (maybeDone && call.repeatable === false) throw unknownOutcome(call, failure);
    this.#throwIfPostponed(call, failure);
    if (shouldSplit(call, overloads, retries)) throw new SplitRequestError(describeFailure(call, failure));
    if (tries >= maxAtWrongAddress && this.#isHopeless(failure))
      throw this.#unavailable(call, failure, { tries, isOutage: true });
    if (tries > retries && !this.#waitsFor(failure, sinceMs)) throw this.#retriesExhausted(call, failure, tries);
  }

  /** True where a run begins at an address that can't be the service's, again and again; one that answered before may come back. */
  #isHopeless(failure: Busy | Unanswered): boolean {
    return isWrongAddress(failure) && this.#answeredMs === -Infinity && this.#options.patient !== true;
  }

  /** True if nothing at all was answered since the first try: then it is not this request that is wrong. */
  #waitsFor(failure: Busy | Unanswered, sinceMs: number): boolean {
    return this.#options.patient === true && (failure.kind === 'unsent' || this.#answeredMs < sinceMs);
  }

  #throwIfPostponed(call: Call<unknown>, failure: Busy | Unanswered): void {
    if (!isTooLong(failure)) return;
    const untilMs = this.#options.clock.now() + failure.retryAfterMs;
    this.#runError = new PostponedError(describeFailure(call, failure), untilMs, failure.response);
    throw this.#runError;
  }

  #retriesExhausted(call: Call<unknown>, failure: Busy | Unanswered, tries: number): UnavailableError {
    // what never arrived says nothing of the request: the service is gone
    const isOutage = this.#noSuccessYet || failure.kind === 'unsent';
    this.#noSuccessYet = true;
    return this.#unavailable(call, failure, { tries, isOutage });
  }

  #unavailable(
    call: Call<unknown>,
    failure: Busy | Unanswered,
    { tries, isOutage }: { readonly tries: number; readonly isOutage: boolean },
  ): UnavailableError {
    const times = tries === 1 ? '' : ` (${tries} attempts)`;
    return new UnavailableError(`${describeFailure(call, failure)}${times}`, {
      response: failure.kind === 'busy' ? failure.response : undefined,
      isOutage,
      proxy: this.#options.proxy,
      address: failure.kind === 'unsent' || isWrongAddress(failure) ? this.#options.address : undefined,
      cause: causeOf(failure),
    });
  }
}

/** The tries of a request so far. */
interface Tally {
  readonly tries: number;
  /** When the first of them began. */
  readonly sinceMs: number;
  readonly maybeDone: boolean;
  /** In a row. */
  readonly overloads: number;
}

function anySignal(signal: AbortSignal, other: AbortSignal | undefined): AbortSignal {
  return other === undefined ? signal : AbortSignal.any([signal, other]);
}

/** The same request in pieces may pass where it failed again and again as a whole. */
function shouldSplit(call: Call<unknown>, overloads: number, retries: number): boolean {
  return call.divisible === true && overloads === Math.min(maxOverloads, retries + 1);
}

function troubleKind(failure: Busy | Unanswered): Trouble['kind'] {
  if (failure.kind !== 'busy') return 'unanswered';
  return failure.isThrottled ? 'throttled' : 'busy';
}

function isTooLong(failure: Busy | Unanswered): failure is Busy & { readonly retryAfterMs: number } {
  return failure.kind === 'busy' && (failure.retryAfterMs ?? 0) > longestRetryAfterMs;
}

function describeFailure(call: Call<unknown>, failure: Busy | Unanswered): string {
  return failure.kind === 'busy' ? new ApiError(failure.response).message : `${call.name}: ${failure.reason}`;
}

function unknownOutcome(call: Call<unknown>, failure: Busy | Unanswered): UnknownOutcomeError {
  return new UnknownOutcomeError(`${describeFailure(call, failure)}; it may have taken effect`, {
    hint: 'check the app before sending it again',
    cause: causeOf(failure),
  });
}
