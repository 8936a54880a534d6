import type { Status } from './answers.js';
import type { ServiceAddress } from './trouble.js';
import { CliError, exitCodes, UsageError } from '../errors.js';

/** The service's answer, as far as it gave one. */
export interface ErrorResponse {
  /** The request as messages name it: `POST /inputs`, `PostInputs`. */
  readonly request: string;
  /** The transport's own word on it, such as `HTTP 404`; '' where it has none. */
  readonly transportStatus: string;
  /** Where HTTP is spoken. */
  readonly httpStatus: number | undefined;
  /** The service's own status code; 0 where it gave none. */
  readonly code: number;
  readonly description: string;
  readonly details: string;
  readonly reqId: string | undefined;
}

/** The service refused the request as a whole, for good. */
export class ApiError extends CliError {
  readonly exitCode: 3 | 4 = exitCodes.partial;
  readonly response: ErrorResponse;

  constructor(response: ErrorResponse) {
    super(describeResponse(response));
    this.response = response;
  }
}

/** The account says no: key refused or without the scope, no such app, quota gone. No further request is sent. */
export class AccountError extends ApiError {
  override readonly exitCode = exitCodes.account;
}

/** The account's no, where it was said of one input of a request. */
export function quotaError(request: string, { code, description, details }: Status): AccountError {
  const transport = { transportStatus: '', httpStatus: undefined, reqId: undefined };
  return new AccountError({ request, code, description, details, ...transport });
}

/** The app has no input of the id that the request names. */
export class NotFoundError extends ApiError {
  /** True if an earlier try of the same request may have done the work, such as deleted it. */
  readonly repeated: boolean;

  constructor(response: ErrorResponse, { repeated }: { readonly repeated: boolean }) {
    super(response);
    this.repeated = repeated;
  }
}

/** What a request finds; undefined where it names what is not there. */
export async function unlessMissing<T>(request: () => Promise<T>): Promise<T | undefined> {
  try {
    return await request();
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}

/** The service says that it is too large: the same request in smaller pieces may pass. */
export class TooLargeError extends ApiError {}

/** It did not get through, again and again: in smaller pieces it may. A try without an answer may have done the work. */
export class SplitRequestError extends CliError {
  readonly exitCode = exitCodes.unavailable;
}

/** No API key is set, so nothing was sent. */
export class MissingKeyError extends CliError {
  readonly exitCode = exitCodes.account;
}

interface UnavailableOptions extends Pick<UnavailableError, 'response' | 'isOutage'> {
  readonly proxy?: string | undefined;
  readonly address?: ServiceAddress | undefined;
  readonly cause?: unknown;
}

/** Retries ran out, or what answers can't be the service. */
export class UnavailableError extends CliError {
  readonly exitCode = exitCodes.unavailable;

  /** The answer to the last try, if there was one. */
  readonly response: ErrorResponse | undefined;
  /** True if an earlier request of this run ran out of retries as well, with no success since: the run stops. */
  readonly isOutage: boolean;
  /** The proxy in between, as a hint names it. */
  readonly proxy: string | undefined;
  /** Where no try arrived: it may be the wrong address. */
  readonly address: ServiceAddress | undefined;

  constructor(message: string, { response, isOutage, proxy, address, cause }: UnavailableOptions) {
    super(message, { cause });
    this.address = address;
    this.response = response;
    this.isOutage = isOutage;
    this.proxy = proxy;
  }
}

/** The next page holds what was there before: the walk would never end. */
export class NoProgressError extends UnavailableError {
  /** How the app was walked; the other way may lead to the end. */
  readonly walk: 'pages' | 'cursor';

  constructor(message: string, walk: NoProgressError['walk']) {
    super(message, { response: undefined, isOutage: true });
    this.walk = walk;
  }
}

/** An answer of success without what it is to hold: it may not be the service that answers. */
export class UnexpectedAnswerError extends UnavailableError {
  constructor(message: string) {
    super(message, { response: undefined, isOutage: true });
  }
}

/** The service asks to wait for longer than a run does. */
export class PostponedError extends UnavailableError {
  /** @param untilMs - when to try again, in ms since the epoch */
  constructor(what: string, untilMs: number, response: ErrorResponse) {
    const until = new Date(untilMs).toISOString().replace(/\.\d+Z$/, 'Z');
    super(`${what}; the service asks to wait until ${until}`, { response, isOutage: true });
  }
}

/** The API base leads to another host, which must not get the key: trying again would not help. */
export class RedirectedError extends UnavailableError {
  /** The other host's origin. */
  readonly origin: string;

  constructor(request: string, { origin }: URL) {
    super(`${request}: redirected to another host, ${origin}, and not followed`, {
      response: undefined,
      isOutage: true,
    });
    this.origin = origin;
  }
}

/** The media of one input can't be had or saved; those of others may. */
export class MediaError extends CliError {
  readonly exitCode = exitCodes.partial;
}

/** Whoever answers can't prove to be the service: no request was sent, and trying again would not help. */
export class UntrustedServerError extends CliError {
  readonly exitCode = exitCodes.unavailable;
  /** The proxy in between, as a hint names it. */
  readonly proxy: string | undefined;

  constructor(message: string, { proxy, cause }: { readonly proxy: string | undefined; readonly cause: unknown }) {
    super(message, { cause });
    this.proxy = proxy;
  }
}

/** Whoever answers does not speak HTTP/2: gRPC is not to be had there, however often it is tried. */
export class NoHttp2Error extends CliError {
  readonly exitCode = exitCodes.unavailable;
}

/** The API base can't be used: nothing was sent. */
export class ApiBaseError extends UsageError {
  readonly problem: 'not-a-url' | 'plain-http' | 'path-over-grpc' | undefined;

  constructor(message: string, problem?: ApiBaseError['problem']) {
    super(message);
    this.problem = problem;
  }
}

/** A request that must not be sent twice lost its answer: it may have been done or not. */
export class UnknownOutcomeError extends CliError {
  readonly exitCode = exitCodes.unavailable;
}

/** The file changed since it was inspected: its announced length or content can't be sent. */
export class FileChangedError extends Error {
  /** Position of the input in its batch. */
  readonly index: number;

  constructor(index: number, options: { readonly cause?: unknown } = {}) {
    super('file changed while it was read', options);
    this.index = index;
  }
}

function describeResponse({ request, transportStatus, code, description, details }: ErrorResponse): string {
  const status = [transportStatus, code === 0 ? '' : `code ${code}`].filter((part) => part !== '').join(', ');
  const text = [description, details].filter((part) => part !== '').join(': ');
  return `${request}: ${[status, text].filter((part) => part !== '').join(' ')}`;
}

/** Removes the key, and what else a request must not show, from a service's text: some repeat what they refuse. */
export function redactSecrets(response: ErrorResponse, secrets: readonly string[]): ErrorResponse {
  const { description, details } = response;
  return { ...response, description: hideSecrets(description, secrets), details: hideSecrets(details, secrets) };
}

/** A text without secrets. */
export function hideSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce((shown, secret) => shown.replaceAll(secret, '[key]'), text);
}
