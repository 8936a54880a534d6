import type { TextInput } from '../context.js';
import { UsageError } from '../errors.js';

/** Standard input, which one reader may have: what a second one got would be what the first one left. */
export class Stdin {
  readonly #stream: TextInput;
  #reader: string | undefined;

  constructor(stream: TextInput) {
    this.#stream = stream;
  }

  /** True once somebody reads it: nobody can be asked on it any more. */
  get taken(): boolean {
    return this.#reader !== undefined;
  }

  /**
   * Claims it. To be done before anything is sent, so that two claims cost nothing.
   *
   * @param reader - the words that ask for it, as typed: `--manifest -`
   * @throws UsageError if it has a reader
   */
  take(reader: string): TextInput {
    if (this.#reader !== undefined) {
      throw new UsageError(`stdin has one reader, and both '${this.#reader}' and '${reader}' want it`, {
        hint: 'give one of them as a file',
      });
    }
    this.#reader = reader;
    return this.#stream;
  }
}
