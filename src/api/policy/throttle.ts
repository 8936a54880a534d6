import type { Clock } from '../../context.js';

/** The slowest pace that refusals can lead to, in requests a second. */
const slowest = 0.5;
/** How much of the full rate each answered request gives back after a refusal, up to near where it was refused. */
const recovery = 0.02;
/** Near there, from this share of the refused rate on, it climbs so much more slowly. */
const nearRefused = 0.9;
const probing = 0.05;
/** The service counts the requests of any one second. */
const windowMs = 1000;
/** How long a request is thought to be on its way until it is counted, unless it is answered before: at first, at most. */
const firstTransitMs = 50;
const longestTransitMs = 400;

/** One request's slot in the budget. */
export interface Slot {
  /** The request was answered: climb back towards the full rate. */
  answered(): void;
  /** The service said "too fast": halve the rate, once for all requests that were on their way by then. */
  refused(): void;
}

/** One budget of requests for the whole process. */
export interface Throttle {
  /** Waits for this request's slot. Requests in the background (polls) let all others go first. */
  acquire(options: { readonly background: boolean; readonly signal: AbortSignal }): Promise<Slot>;
  /** Nothing goes out for so long. */
  pauseFor(ms: number): void;
}

interface Waiter {
  readonly go: (slot: Slot) => void;
}

/**
 * Spaces requests evenly, without bursts: additive increase, multiplicative decrease.
 *
 * @param perSecond - the full rate; 0 means no limit
 */
export function createThrottle(perSecond: number, clock: Clock): Throttle {
  const rate = new RateController(perSecond, clock);
  const foreground: Waiter[] = [];
  const background: Waiter[] = [];
  let serving: AbortController | undefined;

  async function serve(mine: AbortController): Promise<void> {
    serving = mine;
    try {
      while (foreground.length + background.length > 0) {
        const waitMs = rate.nextAtMs - clock.now();
        // asked again after a pause: a refusal may have made it longer
        if (waitMs > 0) await clock.sleep(waitMs, mine.signal);
        else (foreground.shift() ?? background.shift())?.go(rate.take());
      }
    } catch {
      // nobody waits any more
    } finally {
      if (serving === mine) serving = undefined;
    }
  }

  function leaveIfIdle(): void {
    if (foreground.length + background.length > 0) return;
    serving?.abort();
    serving = undefined;
  }

  return {
    async acquire({ background: last, signal }) {
      signal.throwIfAborted();
      if (perSecond === 0 && rate.nextAtMs <= clock.now()) return rate.take();
      const queue = last ? background : foreground;
      const slot = waitInQueue(queue, signal, leaveIfIdle);
      if (serving === undefined) void serve(new AbortController());
      return await slot;
    },
    pauseFor(ms) {
      rate.pausedUntilMs = Math.max(rate.pausedUntilMs, clock.now() + ms);
    },
  };
}

/** Waits in a queue for a slot; who is told to stop leaves it. */
function waitInQueue(queue: Waiter[], signal: AbortSignal, onLeave: () => void): Promise<Slot> {
  return new Promise<Slot>((resolve, reject) => {
    const leave = (): void => {
      queue.splice(queue.indexOf(waiter), 1);
      // a timer that nobody waits for would keep the process
      onLeave();
      const reason: unknown = signal.reason;
      reject(reason instanceof Error ? reason : new Error('stopped'));
    };
    const waiter = {
      go: (slot: Slot) => {
        signal.removeEventListener('abort', leave);
        resolve(slot);
      },
    };
    signal.addEventListener('abort', leave, { once: true });
    queue.push(waiter);
  });
}

/** A request that went out. */
interface Sent {
  /** When the service has counted it, at the latest. */
  countedMs: number;
}

/** When the next request may go. */
class RateController {
  pausedUntilMs = 0;
  readonly #perSecond: number;
  readonly #clock: Clock;
  /** Times of the requests of the last second, the oldest first. */
  readonly #window: Sent[] = [];
  #rate: number;
  /** The rate that was last refused. */
  #ceiling = Infinity;
  #droppedAtMs = -Infinity;
  #nextSlotMs = 0;
  #transitMs = firstTransitMs;

  constructor(perSecond: number, clock: Clock) {
    this.#perSecond = perSecond;
    this.#clock = clock;
    this.#rate = perSecond;
  }

  /**
   * Evenly spaced, and never more in a second than the full rate as the service counts: a request that is slow on its
   * way arrives close to those after it.
   */
  get nextAtMs(): number {
    const [oldest] = this.#window;
    const full = oldest !== undefined && this.#window.length >= this.#perSecond;
    return Math.max(this.pausedUntilMs, this.#nextSlotMs, full ? oldest.countedMs + windowMs : 0);
  }

  take(): Slot {
    if (this.#perSecond === 0) return unpaced;
    const sentMs = this.#clock.now();
    const sent: Sent = { countedMs: sentMs + this.#transitMs };
    const stepMs = 1000 / this.#rate;
    // a timer that rang a little late must not slow the pace down
    const lateMs = sentMs - this.nextAtMs;
    this.#nextSlotMs = sentMs + stepMs - (lateMs < stepMs / 4 ? lateMs : 0);
    this.#window.push(sent);
    if (this.#window.length > Math.ceil(this.#perSecond)) this.#window.shift();
    const counted = (): void => {
      sent.countedMs = Math.min(sent.countedMs, this.#clock.now());
    };
    return {
      answered: () => {
        counted();
        this.#climb();
      },
      refused: () => {
        counted();
        this.#drop(sentMs);
      },
    };
  }

  #climb(): void {
    const step = this.#rate < this.#ceiling * nearRefused ? recovery : recovery * probing;
    this.#rate = Math.min(this.#perSecond, this.#rate + this.#perSecond * step);
  }

  #drop(sentMs: number): void {
    // it was on its way when the rate dropped
    if (sentMs <= this.#droppedAtMs) return;
    this.#droppedAtMs = this.#clock.now();
    this.#ceiling = this.#rate;
    this.#transitMs = Math.min(longestTransitMs, this.#transitMs * 2);
    this.#rate = Math.max(Math.min(slowest, this.#perSecond), this.#rate / 2);
    this.#nextSlotMs = this.#droppedAtMs + 1000 / this.#rate;
  }
}

/** The slot that is used without a rate limit. */
const unpaced: Slot = { answered: () => undefined, refused: () => undefined };
