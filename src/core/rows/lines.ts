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
