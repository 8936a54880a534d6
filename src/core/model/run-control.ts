import { AccountError, ApiError, UnavailableError, UnknownOutcomeError } from '../../api/errors.js';
import { CliError, exitCodes } from '../../errors.js';

/**
 * Why a run takes no new work, once it doesn't: Ctrl-C, the account's no, a service that is gone. What was read by
 * then still flows through every stage, so that each source is accounted for.
 */
export class RunControl {
  readonly #controller = new AbortController();

  constructor(stopping: AbortSignal) {
    const stop = (): void => {
      this.stop(stopping.reason);
    };
    if (stopping.aborted) stop();
    else stopping.addEventListener('abort', stop, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get isStopped(): boolean {
    return this.#controller.signal.aborted;
  }

  /** The first reason counts. */
  stop(reason: unknown): void {
    if (!this.isStopped) this.#controller.abort(reason);
  }

  /** Why the run stopped, if it did; a reason that is not a CliError is a bug and is thrown. */
  get reason(): CliError | undefined {
    if (!this.isStopped) return undefined;
    const reason: unknown = this.#controller.signal.reason;
    if (reason instanceof CliError) return reason;
    throw reason;
  }
}

/** True for what stands for the whole run, not for one request that changes something and failed for its own reasons. */
export function stopsRun(error: unknown): boolean {
  if (error instanceof UnavailableError) return error.isOutage;
  if (error instanceof ApiError) return error instanceof AccountError;
  return !(error instanceof UnknownOutcomeError);
}

/** The same for a look-up or a poll: where one is refused, any other would be refused as well. */
export function stopsReading(error: unknown): boolean {
  return !(error instanceof UnavailableError) || error.isOutage;
}

/** True for an error of fetching media that says nothing of other media. */
export function isOfThisMedia(error: unknown): boolean {
  if (!(error instanceof CliError)) return false;
  return error.exitCode === exitCodes.partial || (error.exitCode === exitCodes.unavailable && !stopsRun(error));
}
