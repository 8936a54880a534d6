/** A request that has to be sent again, or is not answered for long, as whoever waits for it is told. */
export interface Trouble {
  /** No answer at all, `too fast`, an answer that says `not now`, or none so far. */
  readonly kind: 'unanswered' | 'throttled' | 'busy' | 'waiting';
  /** The try that failed, or is under way, from 1. */
  readonly attempt: number;
  /** Tries at most; undefined where nothing is given up. */
  readonly attempts: number | undefined;
  /** When the first try began, in ms since the epoch. */
  readonly sinceMs: number;
  /** Until the next try. */
  readonly waitMs: number;
}

/** Where requests go, as a hint asks about it. */
export interface ServiceAddress {
  /** `https://api.clarifai.com`. */
  readonly origin: string;
  /** The option, variable or profile that names it; undefined for the default. */
  readonly setBy: string | undefined;
}
