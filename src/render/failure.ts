import {
  AccountError,
  ApiBaseError,
  ApiError,
  NoHttp2Error,
  NoProgressError,
  PostponedError,
  RedirectedError,
  UnavailableError,
  UnexpectedAnswerError,
  UntrustedServerError,
  type ErrorResponse,
} from '../api/errors.js';
import type { ServiceAddress } from '../api/trouble.js';
import type { RecordStatus } from '../core/model/steps.js';
import { UnknownColumnsError } from '../core/rows/unknown-columns.js';
import { NoSuchProfileError, SavedValueError } from '../core/settings/settings.js';
import { CliError, errorCode, exitCodeOfError, exitCodes, messageOf, plainTextCode } from '../errors.js';
import { excerpt, excerptWords } from '../core/model/excerpt.js';
import { statusCodes } from '../wire/status.js';
import type { Colours } from './colour.js';
import { maskCredentials, sanitizeForTerminal, safeJson } from './text.js';

export interface FailureForm {
  /** True for a JSON object, for scripts that asked for JSON. */
  readonly json: boolean;
  readonly verbose: boolean;
}

/** The HTTP status. Source: RFC 9110 section 15.5.3. */
const paymentRequired = 402;
const notFound = 404;

/** A reason quotes more than one value at times. */
const maxReasonChars = 600;

const bugHint = 'this is a bug: run it again with -v and report what it prints, with the version';

/** An error as its user sees it: what failed and on what, then the next step. The only place that words an error. */
export function failureText(error: unknown, form: FailureForm): string {
  const exitCode = exitCodeOfError(error);
  const hint = hintFor(error);
  const response = responseOf(error);
  if (form.json) {
    const { code, httpStatus, reqId } = response ?? {};
    return `${safeJson({ error: { message: maskCredentials(excerptWords(messageOf(error))), hint: hint && maskCredentials(hint), exit_code: exitCode, code, http_status: httpStatus, req_id: reqId } })}\n`;
  }
  const lines = [`error: ${sanitizeForTerminal(excerptWords(messageOf(error)))}`];
  if (hint !== undefined) lines.push(`hint: ${sanitizeForTerminal(hint)}`);
  if (form.verbose) lines.push(...detailLines(error, response));
  return lines.map((line) => `${line}\n`).join('');
}

/**
 * One input that could not be added, changed or saved: a line with its code and what was said, or a JSON object.
 *
 * @param subject - the source or the id; null for a row that names no input
 */
export function failedInputText(
  subject: string | null,
  { code, name, description }: RecordStatus,
  form: Colours | 'json',
): string {
  const status = code === null ? '' : `${code} ${name}: `;
  const what = `${subject === null ? '' : `${excerpt(subject)}: `}${status}${excerpt(description, maxReasonChars)}`;
  if (form !== 'json') return `${form.red('failed:')} ${sanitizeForTerminal(what)}\n`;
  const error = { message: maskCredentials(what), exit_code: exitCodes.partial, ...(code === null ? {} : { code }) };
  return `${safeJson({ error })}\n`;
}

/** The next thing to do or to type. */
function hintFor(error: unknown): string | undefined {
  if (error instanceof ApiBaseError && error.problem !== undefined) return apiBaseHints[error.problem];
  if (error instanceof NoHttp2Error) return 'use --transport rest';
  if (error instanceof AccountError) return accountHint(error.response);
  if (error instanceof UntrustedServerError) return trustHint(error);
  if (error instanceof UnavailableError) return unavailableHint(error);
  return error instanceof CliError ? (usageHint(error) ?? error.hint) : bugHint;
}

/** The hints that name options and commands, which the inner layers do not know. */
function usageHint(error: CliError): string | undefined {
  if (error instanceof UnknownColumnsError) return columnsHint(error);
  if (error instanceof SavedValueError) {
    return `clarifai-inputs config set ${error.setting} VALUE --profile ${error.profile}`;
  }
  if (!(error instanceof NoSuchProfileError)) return undefined;
  const { others } = error;
  return others.length === 0 ? 'create it with: clarifai-inputs config init' : `profiles: ${others.join(', ')}`;
}

function columnsHint({ fields, isSingle }: UnknownColumnsError): string {
  if (!isSingle) {
    return `rename columns with --map COLUMN=FIELD, or pass --other-columns ignore|metadata for the rest; fields are ${fields}`;
  }
  return `the first line must name the columns, such as id,url,concepts; remove a title above them, or rename the column with --map COLUMN=FIELD, or pass --other-columns ignore|metadata; fields are ${fields}`;
}

function unavailableHint(error: UnavailableError): string {
  if (error instanceof NoProgressError) return walkHints[error.walk];
  if (error instanceof UnexpectedAnswerError) return otherServerHint;
  if (error instanceof PostponedError) return 'run the same command again then';
  if (error instanceof RedirectedError) return `if that is the service, pass --api-base ${error.origin}`;
  return laterHint(error);
}

/** For answers that no Clarifai service gives. */
const otherServerHint = 'is the API base right? Run again with -v to see the requests';

function accountHint({ code, httpStatus }: ErrorResponse): string {
  if (httpStatus === paymentRequired) return 'the account has a payment problem; check its billing page';
  // the service names each case by a code of its own
  if (code === 0 && httpStatus === notFound) return otherServerHint;
  switch (code) {
    case statusCodes.insufficientScopes:
      return 'add the scopes named above to the key, or use another key';
    case statusCodes.monthlyLimit:
    case statusCodes.exceedsLimits:
      return "the account's quota is used up";
    default:
      return "check the key and the app (CLARIFAI_PAT, 'clarifai-inputs config init'), or try without an account: --sandbox";
  }
}

function trustHint({ proxy }: UntrustedServerError): string {
  const hint = 'if you trust it, pass its certificate authority with --ca-cert FILE or NODE_EXTRA_CA_CERTS';
  return proxy === undefined ? hint : `${hint}; it may be the certificate of the proxy of ${proxy}`;
}

const apiBaseHints: Readonly<Record<NonNullable<ApiBaseError['problem']>, string>> = {
  'not-a-url': 'for example https://api.clarifai.com',
  'plain-http': 'use https, or pass --insecure-http',
  'path-over-grpc': 'leave the path out, or use --transport rest',
};

/** The way that may lead to the end where this one does not. */
const walkHints: Readonly<Record<NoProgressError['walk'], string>> = {
  pages: "use 'clarifai-inputs stream', which walks by cursor",
  cursor: "use 'clarifai-inputs list --all', which walks by page number",
};

function laterHint({ proxy, address, cause }: UnavailableError): string {
  const hint = address === undefined ? 'try again later' : addressHint(address, errorCode(cause) === plainTextCode);
  return proxy === undefined
    ? hint
    : `${hint}; requests go through the proxy of ${proxy}, unless NO_PROXY lists the host`;
}

function addressHint({ origin, setBy }: ServiceAddress, isPlain: boolean): string {
  if (setBy === undefined) return `check the network: ${origin} does not answer`;
  const other = isPlain ? `, or is it ${origin.replace(/^https:/, 'http:')}` : '';
  return `is ${origin} right${other}? (${setBy})`;
}

function responseOf(error: unknown): ErrorResponse | undefined {
  if (error instanceof ApiError || error instanceof UnavailableError) return error.response;
  return undefined;
}

function detailLines(error: unknown, response: ErrorResponse | undefined): readonly string[] {
  const lines: string[] = [];
  if (response?.reqId !== undefined) lines.push(`req_id: ${sanitizeForTerminal(response.reqId)}`);
  for (let cause = causeOf(error); cause !== undefined; cause = causeOf(cause)) {
    lines.push(`cause: ${sanitizeForTerminal(excerptWords(messageOf(cause)))}`);
  }
  if (!(error instanceof CliError) && error instanceof Error) {
    lines.push(...(error.stack ?? '').split('\n').slice(1).map(sanitizeForTerminal));
  }
  return lines;
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}
