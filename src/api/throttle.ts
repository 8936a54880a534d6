import type { Clock } from '../context.js';

/** The slowest pace that refusals can lead to, in requests a second. */
const slowest = 0.5;
/** How much of the full rate each answered request gives back after a refusal. */
const recovery = 0.02;

/** One budget of requests for the whole process. */
export interface Throttle {
  /** Waits for this request's turn. Requests in the background (polls) let all others go first. */
  turn(options: { readonly background: boolean; readonly signal: AbortSignal }): Promise<void>;
  /** The service said "too fast": halve the rate. */
  slowDown(): void;
  /** A request was answered: climb back towards the full rate. */
  speedUp(): void;
}

interface Waiter {
  readonly go: () => void;
  readonly signal: AbortSignal;
}

/**
 * Spaces requests evenly, without bursts: additive increase, multiplicative decrease.
 *
 * @param perSecond - the full rate; 0 means no limit
 */
export function createThrottle(perSecond: number, clock: Clock): Throttle {
  let rate = perSecond;
  let nextAt = 0;
  let serving = false;
  const foreground: Waiter[] = [];
  const background: Waiter[] = [];

  async function serve(): Promise<void> {
    serving = true;
    try {
      for (;;) {
        if (foreground.length + background.length === 0) return;
        const waitMs = nextAt - clock.now();
        if (waitMs > 0) await clock.sleep(waitMs);
        const waiter = foreground.shift() ?? background.shift();
        if (waiter === undefined) return;
        if (waiter.signal.aborted) continue;
        nextAt = Math.max(clock.now(), nextAt) + 1000 / rate;
        waiter.go();
      }
    } finally {
      serving = false;
    }
  }

  return {
    async turn(options) {
      options.signal.throwIfAborted();
      if (perSecond === 0) return;
      const { promise, resolve: go, reject } = withResolvers();
      const fail = (): void => {
        reject(options.signal.reason);
      };
      options.signal.addEventListener('abort', fail, { once: true });
      (options.background ? background : foreground).push({ go, signal: options.signal });
      if (!serving) void serve();
      try {
        await promise;
      } finally {
        options.signal.removeEventListener('abort', fail);
      }
    },
    slowDown() {
      rate = Math.max(Math.min(slowest, perSecond), rate / 2);
    },
    speedUp() {
      rate = Math.min(perSecond, rate + perSecond * recovery);
    },
  };
}

/** Promise.withResolvers, which Node 20 does not have. */
function withResolvers(): { promise: Promise<void>; resolve: () => void; reject: (reason: unknown) => void } {
  let resolve = (): void => undefined;
  let reject: (reason: unknown) => void = () => undefined;
  const promise = new Promise<void>((done, fail) => {
    resolve = done;
    reject = fail;
  });
  return { promise, resolve, reject };
}
