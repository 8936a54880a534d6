import type { ErrorResponse } from '../errors.js';

/** One request as the policy sees it: how to send it once, and what may be done about it. */
export interface Call<T> {
  /** Its name in messages: `POST /inputs`, `PostInputs`. */
  readonly name: string;
  /** Its name in the log, with the parameters. */
  readonly logName: string;
  /** Polls: every other request goes first. */
  readonly background?: boolean | undefined;
  /** The run can do without its answer: a refusal is thrown, and ends nothing. */
  readonly optional?: boolean | undefined;
  /** False for a request that would do its work twice: it is not sent again once its answer may have been lost. */
  readonly repeatable?: boolean | undefined;
  /** True for a request that can be sent in smaller pieces instead: one that does not get through is given up soon. */
  readonly divisible?: boolean | undefined;
  /**
   * Sends it once.
   *
   * @throws what no further try can change: FileChangedError, UntrustedServerError, the reason of a run that ended
   */
  try(): Promise<Outcome<T>>;
}

/** The outcome of one try. */
export type Outcome<T> = Answered<T> | Failure;

/** Success, or a mixed answer that names what failed. */
export interface Answered<T> {
  readonly kind: 'answered';
  readonly answer: T;
  /** For the log. */
  readonly summary: string;
  readonly reqId: string | undefined;
}

export type Failure = Refusal | Busy | Unanswered;

/** The service said no for good: to what was asked, to an ID that does not exist, to the size, to the account. */
export interface Refusal {
  readonly kind: 'refused' | 'not-there' | 'too-large' | 'account';
  readonly response: ErrorResponse;
  readonly summary: string;
}

/** The service said "not now". */
export interface Busy {
  readonly kind: 'busy';
  readonly response: ErrorResponse;
  readonly summary: string;
  /** How long to wait, where it said so. */
  readonly retryAfterMs: number | undefined;
  /** True for "too fast", which slows down all requests. */
  readonly isThrottled: boolean;
  /** True where a gateway answers for a service that may have gone on with the work. */
  readonly mayHaveBeenDone: boolean;
  /** True where time ran out: less may get through. */
  readonly isOverload: boolean;
}

/**
 * No answer. Of what was `lost` all went out, so that the service may have done the work; of what was `cut` only a
 * part; what is `unsent` never arrived.
 */
export interface Unanswered {
  readonly kind: 'lost' | 'cut' | 'unsent';
  readonly reason: string;
  readonly cause: unknown;
  /** True where nothing moved for as long as a request may take. */
  readonly isStalled: boolean;
  /** True if the address cannot be the service's: the host does not exist, does not speak TLS, or sends a web page. */
  readonly isWrongAddress: boolean;
}

/** A try as it is logged. */
export interface LogLine {
  readonly request: string;
  /** The result: the transport's status and the service's code, or the network's error. */
  readonly outcome: string;
  readonly ms: number;
  readonly reqId: string | undefined;
}

/** True if the service may have done the work although it did not say so. */
export function mayHaveBeenDone(failure: Failure): boolean {
  return failure.kind === 'lost' || (failure.kind === 'busy' && failure.mayHaveBeenDone);
}

/**
 * True where less might get through: time ran out, or the other side hung up while the request went out, as some do
 * that find it too large.
 */
export function isOverload(failure: Failure): boolean {
  switch (failure.kind) {
    case 'cut':
      return true;
    case 'lost':
    case 'unsent':
      return failure.isStalled;
    case 'busy':
      return failure.isOverload;
    default:
      return false;
  }
}

/** A try for the log. */
export function describeOutcome(outcome: Outcome<unknown>): Pick<LogLine, 'outcome' | 'reqId'> {
  if ('reason' in outcome) return { outcome: outcome.reason, reqId: undefined };
  return { outcome: outcome.summary, reqId: 'response' in outcome ? outcome.response.reqId : outcome.reqId };
}

/** True for a no that another try does not change. */
export function isRefusal(failure: Failure): failure is Refusal {
  return failure.kind !== 'busy' && !('reason' in failure);
}

/** How long the service asks to wait, in ms. */
export function retryAfterOf(failure: Busy | Unanswered): number | undefined {
  return failure.kind === 'busy' ? failure.retryAfterMs : undefined;
}

/** True if the address cannot be the service's. */
export function isWrongAddress(failure: Busy | Unanswered): boolean {
  return failure.kind !== 'busy' && failure.isWrongAddress;
}

/** What a try failed with; undefined for an answer. */
export function causeOf(failure: Busy | Unanswered): unknown {
  return failure.kind === 'busy' ? undefined : failure.cause;
}
