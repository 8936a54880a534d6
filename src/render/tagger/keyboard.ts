import { Transform, type TransformCallback } from 'node:stream';
import type { TextInput } from '../../context.js';

const escapeByte = 0x1b;
/** Prefixes of the sequences of keys such as arrows: CSI and SS3. Source: xterm's control sequences. */
const sequenceStarts = new Set([0x5b, 0x4f]);

/** Stands for Escape: Ctrl-], which readline hands on at once, and which no key of the tagger is. */
export const escapeCharacter = '\u001d';

/**
 * A terminal's keys, with Escape told at once. Node waits half a second for what may follow it, and takes a key that does
 * for a part of it; but a terminal sends a sequence in one piece, and what comes after an Escape is another key.
 */
export class Keyboard extends Transform {
  readonly isTTY = true;
  readonly #source: TextInput;

  constructor(source: TextInput) {
    super();
    this.#source = source;
    // a terminal that was closed can't be read, and is as good as at its end
    source.once('error', this.#end);
    source.pipe(this);
  }

  get isRaw(): boolean {
    return this.#source.isRaw === true;
  }

  /** Has the terminal give each key as it is pressed; called by readline. */
  setRawMode(isRaw: boolean): this {
    this.#source.setRawMode?.(isRaw);
    return this;
  }

  /** Leaves the terminal as it was, for others to read. */
  release(): void {
    this.#source.off('error', this.#end);
    this.#source.unpipe(this);
    this.#source.pause();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    done(null, markEscapes(chunk));
  }

  readonly #end = (): void => {
    this.end();
  };
}

function markEscapes(chunk: Buffer): Buffer {
  if (!chunk.includes(escapeByte)) return chunk;
  const mark = escapeCharacter.charCodeAt(0);
  return Buffer.from(
    chunk.map((byte, index) => (byte === escapeByte && !sequenceStarts.has(chunk[index + 1] ?? 0) ? mark : byte)),
  );
}
