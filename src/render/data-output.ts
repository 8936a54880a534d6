import type { TextOutput } from '../context.js';
import { LocalError } from '../errors.js';

/** Standard output as a place for data: waits while it is full, and knows when nobody reads it any more. */
export class DataOutput {
  readonly #stream: TextOutput;
  #closed = false;
  #failure: Error | undefined;

  constructor(stream: TextOutput) {
    this.#stream = stream;
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED') this.#closed = true;
      else this.#failure ??= error;
    });
  }

  get isTTY(): boolean {
    return this.#stream.isTTY === true;
  }

  /** Columns of the terminal, if it is one. */
  get columns(): number | undefined {
    return this.isTTY ? this.#stream.columns : undefined;
  }

  /** True once the reader went away (`| head`): what is written goes nowhere. */
  get closed(): boolean {
    return this.#closed;
  }

  /**
   * Writes a text and waits until the stream takes more.
   *
   * @throws LocalError if it can't be written, for example since the disk is full
   */
  async write(text: string): Promise<void> {
    this.#mustWork();
    if (this.#closed || text === '') return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.#stream.off('drain', done).off('error', done).off('close', done);
        resolve();
      };
      // an error is told by the callback as well, and a pipe may tell it late: one turn is waited for it
      if (this.#stream.write(text)) setImmediate(resolve);
      else this.#stream.once('drain', done).once('error', done).once('close', done);
    });
    this.#mustWork();
  }

  #mustWork(): void {
    if (this.#failure === undefined) return;
    throw new LocalError(`standard output can't be written: ${this.#failure.message}`, { cause: this.#failure });
  }
}
