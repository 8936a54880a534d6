/** A stream as text: UTF-8, or UTF-16 where a byte order mark says so; the mark itself is left out. */
export async function* texts(stream: AsyncIterable<string | Uint8Array>): AsyncGenerator<string> {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  let head: Uint8Array = new Uint8Array();
  let hasStarted = false;
  for await (const chunk of stream) {
    let text: string;
    if (typeof chunk === 'string') text = chunk;
    else if (decoder !== undefined) text = decoder.decode(chunk, { stream: true });
    else {
      head = Buffer.concat([head, chunk]);
      if (head.length < markBytes) continue;
      decoder = new TextDecoder(encodingOf(head));
      text = decoder.decode(head, { stream: true });
    }
    if (text === '') continue;
    yield hasStarted ? text : text.replace(/^\ufeff/, '');
    hasStarted = true;
  }
  const rest = decoder === undefined ? new TextDecoder().decode(head) : decoder.decode();
  if (rest !== '') yield rest;
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
