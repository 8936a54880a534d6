import { PassThrough, Writable } from 'node:stream';

/** A terminal's facts, as a stream tells them. */
export interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export interface OutputOptions extends Terminal {
  /** The reader goes away after so many writes, as `head` does. */
  readonly closesAfter?: number | undefined;
  /** Told all that was written so far, after each write. */
  readonly onText?: (text: string) => void;
}

/** What a program writes, kept. */
export class MemoryOutput extends Writable {
  readonly isTTY: boolean;
  readonly columns: number;
  readonly rows = 24;
  text = '';
  #writes = 0;
  readonly #options: OutputOptions;

  constructor(options: OutputOptions) {
    super({ decodeStrings: false, highWaterMark: 1024 * 1024 });
    this.isTTY = options.isTTY === true;
    this.columns = options.columns ?? 80;
    this.#options = options;
    // as a real stream of a process: what fails is told to those who listen, and harms nobody else
    this.on('error', () => undefined);
  }

  /** As with a process's own streams, a pipe that ends does not end them. */
  override end(): this {
    return this;
  }

  override _write(chunk: string | Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (this.#writes >= (this.#options.closesAfter ?? Infinity)) {
      done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
      return;
    }
    this.#writes += 1;
    this.text += chunk.toString();
    done();
    this.#options.onText?.(this.text);
  }
}

/** Keys to press once something is shown. */
export interface Typing {
  readonly after: string | RegExp;
  readonly keys: string;
}

/** What a program reads: a text to its end, or a keyboard. */
export class MemoryInput extends PassThrough {
  readonly isTTY: boolean;

  constructor(text: string | undefined, isTTY: boolean) {
    super();
    this.isTTY = isTTY;
    if (text !== undefined) this.end(text);
    else if (!isTTY) this.end();
  }
}

/** Presses the keys of each entry as soon as what it waits for is shown, after what was shown before. */
export function typist(input: PassThrough, script: readonly Typing[]): (shown: string) => void {
  let next = 0;
  let from = 0;
  return (shown) => {
    const step = script[next];
    if (step === undefined) return;
    const rest = shown.slice(from);
    if (typeof step.after === 'string' ? !rest.includes(step.after) : !step.after.test(rest)) return;
    next += 1;
    from = shown.length;
    // the prompt draws first, then listens
    setImmediate(() => input.write(step.keys));
  };
}
