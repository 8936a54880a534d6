import { setTimeout as sleep } from 'node:timers/promises';
import { UntoldError } from './assumption.js';
import type { Gate } from './operations.js';

/** How fast a run goes, and how far. */
export interface Pace {
  /** Between the starts of two requests. */
  readonly gapMs: number;
  /** Between the first two looks at what is going on in the background; later ones are up to five times as far apart. */
  readonly pollMs: number;
  /** For indexing, and for a deletion. */
  readonly waitMs: number;
  /** For one answer. */
  readonly answerMs: number;
  /** For all probes together. */
  readonly totalMs: number;
  readonly requestsPerTransport: number;
}

/** For the live service: below its limit of 15 requests a second. */
export const livePace: Pace = {
  gapMs: 100,
  pollMs: 2000,
  waitMs: 120_000,
  answerMs: 60_000,
  totalMs: 1_200_000,
  requestsPerTransport: 220,
};

/** Lets requests through one after the other, at most so many. */
export class PacedGate implements Gate {
  readonly #pace: Pick<Pace, 'gapMs' | 'answerMs'>;
  readonly #signal: AbortSignal;
  #left: number;
  #nextMs = 0;

  constructor(pace: Pick<Pace, 'gapMs' | 'answerMs'>, requests: number, signal: AbortSignal) {
    this.#pace = pace;
    this.#left = requests;
    this.#signal = signal;
  }

  async pass(): Promise<AbortSignal> {
    this.#signal.throwIfAborted();
    if (this.#left <= 0) throw new UntoldError('the last of the requests that a run may send was spent');
    this.#left -= 1;
    const nowMs = Date.now();
    const startMs = Math.max(nowMs, this.#nextMs);
    this.#nextMs = startMs + this.#pace.gapMs;
    if (startMs > nowMs) await sleep(startMs - nowMs, undefined, { signal: this.#signal });
    // what was sent is waited for even when the run is ended, so that what it adds is there to be deleted
    return AbortSignal.timeout(this.#pace.answerMs);
  }
}

/** The waits between one look and the next. */
export function* pollDelays(pollMs: number): Generator<number, never> {
  for (let delayMs = pollMs; ; delayMs = Math.min(delayMs * 1.5, pollMs * 5)) yield delayMs;
}
