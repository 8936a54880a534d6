import type { Clock } from '../src/context.js';

interface Sleeper {
  readonly dueMs: number;
  readonly wake: () => void;
}

/** Time that stands still until somebody sleeps: then it jumps to whoever is due first, in the next turn of the loop. */
export class FakeClock implements Clock {
  /** Every wait that was asked for, in order. */
  readonly sleeps: number[] = [];
  #nowMs = Date.UTC(2026, 0, 2, 3, 4, 5);
  #sleepers: Sleeper[] = [];

  now(): number {
    return this.#nowMs;
  }

  advance(ms: number): void {
    this.#nowMs += ms;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    this.sleeps.push(ms);
    signal?.throwIfAborted();
    await new Promise<void>((done) => {
      const wake = (): void => {
        signal?.removeEventListener('abort', abort);
        done();
      };
      const sleeper = { dueMs: this.#nowMs + Math.max(0, ms), wake };
      const abort = (): void => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        wake();
      };
      signal?.addEventListener('abort', abort);
      this.#sleepers.push(sleeper);
      setImmediate(() => {
        this.#wakeFirst();
      });
    });
    signal?.throwIfAborted();
  }

  #wakeFirst(): void {
    const [first] = this.#sleepers.sort((a, b) => a.dueMs - b.dueMs);
    if (first === undefined) return;
    this.#sleepers.shift();
    this.#nowMs = Math.max(this.#nowMs, first.dueMs);
    first.wake();
  }
}
