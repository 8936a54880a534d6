import { CliError, exitCodes, type ErrorOptions } from '../errors.js';

/** What the service said, as far as it said anything. */
export interface Refusal {
  readonly method: string;
  readonly path: string;
  readonly httpStatus: number;
  /** The body's `status.code`; 0 where the body had none. */
  readonly code: number;
  readonly description: string;
  readonly details: string;
  readonly reqId: string | undefined;
}

/** The service refused the request as a whole, for good. */
export class ApiError extends CliError {
  readonly exitCode: 3 | 4 = exitCodes.partial;
  readonly refusal: Refusal;
  /** True if an earlier try of the same request may have done the work. */
  readonly repeated: boolean;

  constructor(refusal: Refusal, options: ErrorOptions & { readonly repeated?: boolean } = {}) {
    super(describeRefusal(refusal), options);
    this.refusal = refusal;
    this.repeated = options.repeated ?? false;
  }
}

/** The account says no: key refused or without the scope, no such app, quota gone. No further request is sent. */
export class AccountError extends ApiError {
  override readonly exitCode = exitCodes.account;
}

/** HTTP 413 or code 40033: the same request in smaller pieces may pass. */
export class TooLargeError extends ApiError {}

/** It did not get through, again and again: in smaller pieces it may. A try without an answer may have done the work. */
export class OverloadError extends CliError {
  readonly exitCode = exitCodes.unavailable;
}

/** Nothing was sent, since there is no key. */
export class MissingKeyError extends CliError {
  readonly exitCode = exitCodes.account;
}

/** Retries ran out. */
export class UnavailableError extends CliError {
  readonly exitCode = exitCodes.unavailable;

  /** The last try's refusal, if there was an answer at all. */
  readonly refusal: Refusal | undefined;
  /** True if an earlier request of this run ran out of retries as well, with no success since: the run stops. */
  readonly persistent: boolean;

  constructor(message: string, options: ErrorOptions & Pick<UnavailableError, 'refusal' | 'persistent'>) {
    super(message, { hint: 'trying again later may help', ...options });
    this.refusal = options.refusal;
    this.persistent = options.persistent;
  }
}

/** The media of one input can't be had or saved; those of others may. */
export class MediaError extends CliError {
  readonly exitCode = exitCodes.partial;
}

/** Whoever answers can't prove to be the service: no request was sent, and trying again would not help. */
export class UntrustedServerError extends CliError {
  readonly exitCode = exitCodes.unavailable;
}

/** A request that must not be sent twice lost its answer: nobody knows whether it was done. */
export class AnswerLostError extends CliError {
  readonly exitCode = exitCodes.unavailable;
}

/** A file is no longer what was looked at: its promised length or content can't be sent. */
export class FileChangedError extends Error {
  /** Position of the input in its batch. */
  readonly index: number;

  constructor(index: number, options: { readonly cause?: unknown } = {}) {
    super('file changed while it was read', options);
    this.index = index;
  }
}

function describeRefusal(refusal: Refusal): string {
  const { method, path, httpStatus, code, description, details } = refusal;
  const said = [description, details].filter((text) => text !== '').join(': ');
  return `${method} ${path}: HTTP ${httpStatus}${code === 0 ? '' : `, code ${code}`}${said === '' ? '' : ` ${said}`}`;
}
