/**
 * A stream as text: UTF-8, or UTF-16 where a byte order mark says so; the mark itself is left out. Bytes that are not
 * UTF-8 become `invalidByte`.
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
  decoder ??= new Decoder('utf-8', head);
  const rest = hasStarted ? decoder.end() : withoutMark(decoder.end());
  if (rest !== '') yield rest;
}

/** Stands for bytes that are not UTF-8: a code point that Unicode keeps out of texts, and that every encoder takes. */
export const invalidByte = '\ufdd0';

/** Decodes pieces of a text, and tells U+FFFD that is in it from the U+FFFD that a decoder puts in place of bad bytes. */
class Decoder {
  readonly #decoder: InstanceType<typeof TextDecoder>;
  readonly #isUtf8: boolean;
  /** Bytes at the end of a piece that may begin a U+FFFD. */
  #held: Uint8Array;

  constructor(encoding: string, held: Uint8Array = new Uint8Array()) {
    // a mark is one at the beginning alone, not after each U+FFFD
    this.#decoder = new TextDecoder(encoding, { ignoreBOM: true });
    this.#isUtf8 = encoding === 'utf-8';
    this.#held = held;
  }

  decode(chunk: Uint8Array): string {
    if (!this.#isUtf8) return this.#decoder.decode(chunk, { stream: true });
    const bytes = this.#held.length === 0 ? viewOf(chunk) : Buffer.concat([this.#held, chunk]);
    const end = bytes.length - beginningOf(replacement, bytes);
    this.#held = bytes.subarray(end);
    return this.#decodePiece(bytes.subarray(0, end), { stream: true });
  }

  end(): string {
    return this.#decodePiece(viewOf(this.#held), { stream: false });
  }

  /** What stands between real U+FFFD is decoded by itself. */
  #decodePiece(bytes: Buffer, { stream }: { readonly stream: boolean }): string {
    const parts: string[] = [];
    let from = 0;
    for (let at = bytes.indexOf(replacement); at >= 0; at = bytes.indexOf(replacement, from)) {
      parts.push(this.#mark(bytes.subarray(from, at), { stream: false }), '\ufffd');
      from = at + replacement.length;
    }
    parts.push(this.#mark(bytes.subarray(from), { stream }));
    return parts.join('');
  }

  #mark(bytes: Uint8Array, options: { readonly stream: boolean }): string {
    return this.#decoder.decode(bytes, options).replaceAll('\ufffd', invalidByte);
  }
}

function withoutMark(text: string): string {
  return text.replace(/^\ufeff/, '');
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** U+FFFD in UTF-8. */
const replacement = Buffer.from('\ufffd');

/** How many bytes at the end of others are the beginning of a longer word, but not all of it. */
function beginningOf(word: Buffer, bytes: Buffer): number {
  for (let length = Math.min(word.length - 1, bytes.length); length > 0; length -= 1) {
    if (bytes.subarray(bytes.length - length).equals(word.subarray(0, length))) return length;
  }
  return 0;
}

/** A whole file of UTF-8 as text, as `texts` has it. */
export function decodeText(bytes: Uint8Array): string {
  return withoutMark(new Decoder('utf-8', bytes).end());
}

/** The longest byte order mark that tells an encoding. */
const markBytes = 2;

function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}

/** A line of text and its number, from 1. */
export interface NumberedLine {
  readonly line: number;
  /** Undefined for a line that is longer than was allowed. */
  readonly text: string | undefined;
}

/**
 * Every line as it comes; LF and CRLF end one. Of a line that is too long nothing is kept.
 *
 * @param end - NUL in place of LF, and then CR is a sign like any other
 */
export async function* numberedLines(
  chunks: AsyncIterable<string>,
  maxChars = Infinity,
  end: '\n' | '\0' = '\n',
): AsyncGenerator<NumberedLine> {
  let line = 1;
  let parts: string[] = [];
  let chars = 0;
  const add = (part: string): void => {
    chars += part.length;
    if (chars > maxChars) parts = [];
    else parts.push(part);
  };
  const take = (): NumberedLine => {
    const text = chars > maxChars ? undefined : parts.join('');
    const taken = { line, text: end === '\n' && text?.endsWith('\r') === true ? text.slice(0, -1) : text };
    line += 1;
    parts = [];
    chars = 0;
    return taken;
  };
  for await (const chunk of chunks) {
    let from = 0;
    for (let to = chunk.indexOf(end); to >= 0; to = chunk.indexOf(end, from)) {
      add(chunk.slice(from, to));
      yield take();
      from = to + 1;
    }
    add(chunk.slice(from));
  }
  if (chars > 0) yield take();
}
