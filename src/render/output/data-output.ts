import type { TextOutput } from '../../context.js';
import { LocalError, messageOf } from '../../errors.js';

/** So much is not gathered any further. */
const manyChars = 64 * 1024;

/** Standard output as a place for data: waits while it is full, and knows when nobody reads it any more. */
export class DataOutput {
  readonly #stream: TextOutput;
  /** A prefix for the first text, such as a byte order mark. */
  #prefix: string;
  #closed = false;
  #failure: Error | undefined;
  /** The text written in this turn of the event loop. */
  #texts: string[] = [];
  #chars = 0;
  /** Once all is on its way that was written up to now. */
  #written = Promise.resolve();

  /** @param prefix - goes before the first text that is written, if there is one */
  constructor(stream: TextOutput, prefix = '') {
    this.#stream = stream;
    this.#prefix = prefix;
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
   * Writes a text, with what else is written in this turn; waits where that is much.
   *
   * @throws LocalError if it can't be written, for example since the disk is full
   */
  async write(text: string): Promise<void> {
    this.#mustWork();
    if (this.#closed || text === '') return;
    if (this.#chars === 0) this.#written = this.#written.then(nextTurn).then(() => this.#flush());
    this.#texts.push(this.#prefix + text);
    this.#prefix = '';
    this.#chars += text.length;
    if (this.#chars >= manyChars) await this.written();
  }

  /**
   * Waits until all is written.
   *
   * @throws LocalError
   */
  async written(): Promise<void> {
    await this.#written;
    this.#mustWork();
  }

  async #flush(): Promise<void> {
    const text = this.#texts.join('');
    this.#texts = [];
    this.#chars = 0;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.#stream.off('drain', done).off('error', done).off('close', done);
        resolve();
      };
      // an error is told by the callback as well, and a pipe may tell it late: one turn is waited for it
      if (this.#stream.write(text)) void nextTurn().then(resolve);
      else this.#stream.once('drain', done).once('error', done).once('close', done);
    });
  }

  #mustWork(): void {
    if (this.#failure === undefined) return;
    throw new LocalError(`standard output can't be written: ${messageOf(this.#failure)}`, { cause: this.#failure });
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
