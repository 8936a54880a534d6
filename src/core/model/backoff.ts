import type { Clock } from '../../context.js';

export interface BackoffOptions {
  readonly firstMs: number;
  readonly longestMs: number;
  /** How much longer each pause is than the one before. */
  readonly growth?: number;
}

/** The pauses between two polls: longer and longer while nothing happens. */
export class Backoff {
  readonly #options: BackoffOptions;
  #pauseMs: number;

  constructor(options: BackoffOptions) {
    this.#options = options;
    this.#pauseMs = options.firstMs;
  }

  /** Length of the next pause. */
  get pauseMs(): number {
    return this.#pauseMs;
  }

  /** Something happened: the next pause is short again. */
  reset(): void {
    this.#pauseMs = this.#options.firstMs;
  }

  /** Pauses, but not beyond a deadline; the next pause is longer. Rejects with the signal's reason once it is aborted. */
  async wait(clock: Clock, signal: AbortSignal, deadlineMs = Infinity): Promise<void> {
    const leftMs = Math.max(0, deadlineMs - clock.now());
    await clock.sleep(Math.min(this.#pauseMs, leftMs), signal);
    const { longestMs, growth = 1.5 } = this.#options;
    this.#pauseMs = Math.min(longestMs, this.#pauseMs * growth);
  }
}
