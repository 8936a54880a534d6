interface Waiting {
  readonly bytes: number;
  readonly start: () => void;
}

/** Lets so many bytes of messages be held at a time; what does not fit waits for its turn, in order. */
export class ReceiveBudget {
  #left: number;
  readonly #waiting: Waiting[] = [];

  constructor(bytes: number) {
    this.#left = bytes;
  }

  /**
   * Resolves when there is room, with the function that gives it back; to call it again does nothing.
   *
   * @throws the signal's reason when it is aborted before
   */
  take(bytes: number, signal: AbortSignal): Promise<() => void> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        bytes,
        start: () => {
          signal.removeEventListener('abort', leave);
          let isHeld = true;
          resolve(() => {
            if (isHeld) this.#left += bytes;
            isHeld = false;
            this.#startNext();
          });
        },
      };
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        reject(signal.reason instanceof Error ? signal.reason : new Error('the call has ended'));
        this.#startNext();
      };
      signal.addEventListener('abort', leave, { once: true });
      this.#waiting.push(waiting);
      if (signal.aborted) leave();
      else this.#startNext();
    });
  }

  #startNext(): void {
    for (let next = this.#waiting[0]; next !== undefined && next.bytes <= this.#left; next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#left -= next.bytes;
      next.start();
    }
  }
}
