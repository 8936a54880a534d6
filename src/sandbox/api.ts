import type { Service } from './operations/service.js';

/** The operations that both protocols serve. */
export interface Api {
  readonly service: Service;
  /** The one key that is accepted. */
  readonly key: string;
  /** Ms since the epoch. */
  readonly now: () => number;
  /** Aborted when the server closes: it ends waits. */
  readonly signal: AbortSignal;
}
