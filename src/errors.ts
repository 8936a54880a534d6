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

/** This machine says no: disk full, a file that can't be read or written. */
export class LocalError extends CliError {
  readonly exitCode = exitCodes.failure;
}

/** Ctrl-C or a polite kill. */
export class InterruptedError extends CliError {
  readonly exitCode: ExitCode;

  constructor(signalName: 'SIGINT' | 'SIGTERM') {
    super(signalName === 'SIGINT' ? 'interrupted' : 'terminated');
    this.exitCode = signalName === 'SIGINT' ? exitCodes.interrupted : exitCodes.terminated;
  }
}

/** The message of whatever was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
