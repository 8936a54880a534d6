/**
 * Promises that are waited for side by side. Unlike Promise.race, which leaves something behind on each promise that
 * comes too late, each is listened to once, so that one may stay open while a million others come and go.
 */
export class PromiseQueue<T> {
  readonly #arrived: (() => T)[] = [];
  #wake = (): void => undefined;
  #pending = 0;

  /** How many were added and not taken yet. */
  get pending(): number {
    return this.#pending;
  }

  add(promise: Promise<T>): void {
    this.#pending += 1;
    promise.then(
      (value) => {
        this.#put(() => value);
      },
      (error: unknown) => {
        this.#put(() => {
          throw error;
        });
      },
    );
  }

  /** The result of the first promise to settle that was not taken yet. */
  async next(): Promise<T> {
    for (;;) {
      const taken = this.#arrived.shift();
      if (taken !== undefined) {
        this.#pending -= 1;
        return taken();
      }
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  #put(taken: () => T): void {
    this.#arrived.push(taken);
    this.#wake();
  }
}
