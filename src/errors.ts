import { getSystemErrorMap } from 'node:util';

/** Why a run ended, as its exit code; listed in the README. */
export const exitCodes = {
  ok: 0,
  failure: 1,
  usage: 2,
  partial: 3,
  account: 4,
  deadline: 5,
  unavailable: 6,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Which code wins where several hold, first to last. */
const precedence: readonly ExitCode[] = [130, 143, 2, 1, 4, 6, 5, 3, 0];

/** The code that tells most, of those that hold. */
export function worstExitCode(codes: Iterable<ExitCode>): ExitCode {
  const held = new Set(codes);
  return precedence.find((code) => held.has(code)) ?? exitCodes.ok;
}

export interface ErrorOptions {
  readonly cause?: unknown;
  /** The next command to type, not an apology. */
  readonly hint?: string | undefined;
}

/** An error that a user can act on. Its message is what failed and on what, without a final period. */
export abstract class CliError extends Error {
  abstract readonly exitCode: ExitCode;
  readonly hint: string | undefined;

  constructor(message: string, options: ErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.name = new.target.name;
    this.hint = options.hint;
  }
}

/** The words of the command are off: nothing was sent. */
export class UsageError extends CliError {
  readonly exitCode = exitCodes.usage;
}

/** This machine says no: disk full, a file that can't be read or written. Its cause tells the hint if none is given. */
export class LocalError extends CliError {
  readonly exitCode = exitCodes.failure;

  constructor(message: string, options: ErrorOptions = {}) {
    super(message, { ...options, hint: options.hint ?? localHint(options.cause) });
  }
}

const elsewhere = 'or choose another location, then run the command again';
const noRoom = `free up disk space, ${elsewhere}`;
const noRight = `fix the permissions, ${elsewhere}`;
const noFolder = 'choose a folder, or a name that does not exist yet';

/** Advice for a system error, by its code. */
const localHints: ReadonlyMap<unknown, string> = new Map([
  ['ENOSPC', noRoom],
  ['EDQUOT', noRoom],
  ['EACCES', noRight],
  ['EPERM', noRight],
  ['EROFS', noRight],
  ['ENOENT', `create the folder, ${elsewhere}`],
  ['EEXIST', noFolder],
  ['ENOTDIR', noFolder],
]);

function localHint(cause: unknown): string | undefined {
  return localHints.get(errorCode(cause));
}

/** Ctrl-C or a polite kill. */
export class InterruptedError extends CliError {
  readonly exitCode: ExitCode;

  constructor(signalName: 'SIGINT' | 'SIGTERM') {
    super(signalName === 'SIGINT' ? 'interrupted' : 'terminated');
    this.exitCode = signalName === 'SIGINT' ? exitCodes.interrupted : exitCodes.terminated;
  }
}

/** A question that was answered with no, or with something else than was to be typed. */
export class DeclinedError extends CliError {
  readonly exitCode = exitCodes.interrupted;
}

/** Any error that is not a CliError is a bug. */
export function exitCodeOfError(error: unknown): ExitCode {
  return error instanceof CliError ? error.exitCode : exitCodes.failure;
}

/** The message of whatever was thrown; of what the system reports in words, without Node's codes. */
export function messageOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  // a host with several addresses, none of which answered
  if (thrown instanceof AggregateError && thrown.message === '') return messageOf(thrown.errors[0]);
  return systemErrorText(thrown) ?? tlsErrorText(thrown) ?? thrown.message;
}

/** The code that Node or a library gave an error, such as `ENOENT`. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** The code of OpenSSL for an answer in the clear. */
export const plainTextCode = 'ERR_SSL_WRONG_VERSION_NUMBER';

/** What OpenSSL says in a line of numbers and file names, in its words. */
function tlsErrorText(error: Error): string | undefined {
  if (errorCode(error) === plainTextCode) return 'the server does not speak TLS';
  const isTls = errorCode(error)?.startsWith('ERR_SSL_') === true;
  return isTls && 'reason' in error ? `TLS failed: ${String(error.reason)}` : undefined;
}

/** The fields that Node adds to an error of the system. Source: https://nodejs.org/api/errors.html#class-systemerror */
interface SystemError extends Error {
  readonly code: string;
  readonly errno: number;
  readonly syscall: string;
  readonly address?: string;
  readonly port?: number;
  readonly hostname?: string;
}

function systemErrorText(error: Error): string | undefined {
  if (!isSystemError(error)) return undefined;
  const { code, errno, hostname, address, port } = error;
  if (hostname !== undefined) return code === 'ENOTFOUND' ? `no such host: ${hostname}` : `cannot look up ${hostname}`;
  const words = getSystemErrorMap().get(errno)?.[1];
  if (words === undefined || address === undefined) return words;
  return `${words}: ${address}${port === undefined ? '' : `:${port}`}`;
}

function isSystemError(error: Error): error is SystemError {
  return errorCode(error) !== undefined && 'syscall' in error && 'errno' in error && typeof error.errno === 'number';
}
