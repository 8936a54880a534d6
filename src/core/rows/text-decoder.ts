/**
 * A stream as text: UTF-8, or UTF-16 where a byte order mark says so; the mark itself is left out. Where bytes are not
 * UTF-8, `hasInvalidUtf8` says so of the text.
 */
export async function* texts(stream: AsyncIterable<string | Uint8Array>): AsyncGenerator<string> {
  let decoder: Decoder | undefined;
  let head: Uint8Array = new Uint8Array();
  let hasStarted = false;
  for await (const chunk of stream) {
    let text: string;
    if (typeof chunk === 'string') text = chunk;
    else if (decoder !== undefined) text = decoder.decode(chunk);
    else {
      head = Buffer.concat([head, chunk]);
      if (head.length < markBytes) continue;
      decoder = new Decoder(encodingOf(head));
      text = decoder.decode(head);
    }
    if (text === '') continue;
    yield hasStarted ? text : withoutMark(text);
    hasStarted = true;
  }
  const rest = decoder === undefined ? decodeText(head) : decoder.end();
  if (rest !== '') yield hasStarted ? rest : withoutMark(rest);
}

/** A whole file of UTF-8 as text, as `texts` has it. */
export function decodeText(bytes: Uint8Array): string {
  const decoder = new Decoder('utf-8');
  return withoutMark(decoder.decode(bytes) + decoder.end());
}

/** Stands for bytes that are not UTF-8: Unicode keeps this code point out of texts, and every encoder takes it. */
const invalidByte = '\ufdd0';

/** True for a text of bytes that are not UTF-8: sending it would spoil a name for good. */
export function hasInvalidUtf8(text: string): boolean {
  return text.includes(invalidByte);
}

/** The reason given for such a text. */
export const invalidUtf8 = 'is not UTF-8';

/** Tells a U+FFFD that a text contains from those that a decoder puts in place of invalid bytes. */
class Decoder {
  readonly #decoder: InstanceType<typeof TextDecoder>;
  readonly #isUtf8: boolean;
  /** The end of the last piece, if a U+FFFD may begin there. */
  #held: Buffer = Buffer.alloc(0);

  constructor(encoding: string) {
    // or else a mark would be dropped after each U+FFFD
    this.#decoder = new TextDecoder(encoding, { ignoreBOM: true });
    this.#isUtf8 = encoding === 'utf-8';
  }

  decode(chunk: Uint8Array): string {
    if (!this.#isUtf8) return this.#decoder.decode(chunk, { stream: true });
    const bytes = Buffer.concat([this.#held, chunk]);
    const end = bytes.length - beginningOf(replacement, bytes);
    this.#held = bytes.subarray(end);
    return this.#decodeUtf8(bytes.subarray(0, end), { stream: true });
  }

  end(): string {
    return this.#isUtf8 ? this.#decodeUtf8(this.#held, { stream: false }) : this.#decoder.decode();
  }

  /** The bytes between one U+FFFD and the next are decoded separately. */
  #decodeUtf8(bytes: Buffer, { stream }: { readonly stream: boolean }): string {
    const parts: string[] = [];
    let from = 0;
    for (let at = bytes.indexOf(replacement); at >= 0; at = bytes.indexOf(replacement, from)) {
      parts.push(this.#mark(bytes.subarray(from, at), { stream: false }));
      from = at + replacement.length;
    }
    parts.push(this.#mark(bytes.subarray(from), { stream }));
    return parts.join('\ufffd');
  }

  #mark(bytes: Uint8Array, options: { readonly stream: boolean }): string {
    return this.#decoder.decode(bytes, options).replaceAll('\ufffd', invalidByte);
  }
}

/** U+FFFD in UTF-8. */
const replacement = Buffer.from('\ufffd');

/** How many bytes at the end of others are the beginning of a word, but not all of it. */
function beginningOf(word: Buffer, bytes: Buffer): number {
  for (let length = Math.min(word.length - 1, bytes.length); length > 0; length -= 1) {
    if (bytes.subarray(bytes.length - length).equals(word.subarray(0, length))) return length;
  }
  return 0;
}

function withoutMark(text: string): string {
  return text.replace(/^\ufeff/, '');
}

/** The longest byte order mark that tells an encoding. */
const markBytes = 2;

function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}
