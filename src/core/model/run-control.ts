import { CliError } from '../../errors.js';

/**
 * Why a run takes no new work, once it doesn't: Ctrl-C, the account's no, a service that is gone. What was read by
 * then still flows through every stage, so that each source is accounted for.
 */
export class Halt {
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

  get stopped(): boolean {
    return this.#controller.signal.aborted;
  }

  /** The first reason counts. */
  stop(reason: unknown): void {
    if (!this.stopped) this.#controller.abort(reason);
  }

  /** Why the run stopped, if it did; a reason that is no CliError is a bug and is thrown. */
  get reason(): CliError | undefined {
    if (!this.stopped) return undefined;
    const reason: unknown = this.#controller.signal.reason;
    if (reason instanceof CliError) return reason;
    throw reason;
  }
}
