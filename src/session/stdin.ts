import type { Context, TextInput } from '../context.js';
import { interruptible } from '../core/model/interruptible.js';
import { UsageError } from '../errors.js';

/** Standard input, which one reader may have: what a second one got would be what the first one left. */
export class Stdin {
  readonly #stream: TextInput;
  readonly #stopping: AbortSignal;
  #reader: string | undefined;

  constructor({ stdin, stopping }: Pick<Context, 'stdin' | 'stopping'>) {
    this.#stream = stdin;
    this.#stopping = stopping;
  }

  /** True once somebody reads it: nobody can be asked on it any more. */
  get taken(): boolean {
    return this.#reader !== undefined;
  }

  /**
   * Claims it. To be done before anything is sent, so that two claims cost nothing.
   *
   * @param reader - the words that ask for it, as typed: `--manifest -`
   * @returns what comes on it, until the command is interrupted
   * @throws UsageError if it has a reader
   */
  take(reader: string): AsyncIterable<string | Uint8Array> {
    if (this.#reader !== undefined) {
      throw new UsageError(`only one option can read stdin: got '${this.#reader}' and '${reader}'`, {
        hint: 'pass one of them as a file',
      });
    }
    this.#reader = reader;
    return interruptible(this.#stream, this.#stopping, () => {
      this.#stream.destroy?.();
    });
  }
}
