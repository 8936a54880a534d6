import type { NumberedLine } from './lines.js';

const lineFeed = 10;
const quote = 34;
const comma = 44;
const openBracket = 91;
const backslash = 92;
const closeBracket = 93;
const openBrace = 123;
const closeBrace = 125;

/** An error in the text as a whole. */
export interface ArrayProblem {
  readonly line: number;
  readonly problem: string;
}

/**
 * The text of each element of a JSON array, with the line where it begins: the array is never held as a whole. Of an
 * element that is too long nothing is kept. Several arrays may follow one another, as two commands print them.
 */
export async function* jsonElements(
  chunks: AsyncIterable<string>,
  maxChars: number,
): AsyncGenerator<NumberedLine | ArrayProblem> {
  const splitter = new ElementSplitter(maxChars);
  for await (const chunk of chunks) {
    yield* splitter.split(chunk);
    if (splitter.problem !== undefined) break;
  }
  const problem = splitter.problem ?? splitter.end();
  if (problem !== undefined) yield problem;
}

class ElementSplitter {
  problem: ArrayProblem | undefined;
  readonly #maxChars: number;
  /** Brackets and braces that are open; 0 outside of an array, 1 between its elements. */
  #depth = 0;
  #inString = false;
  #escaped = false;
  #line = 1;
  /** Line of the first character of the element that is not blank. */
  #startLine: number | undefined;
  #parts: string[] = [];
  #chars = 0;

  constructor(maxChars: number) {
    this.#maxChars = maxChars;
  }

  /** The elements that end in a chunk. */
  *split(chunk: string): Generator<NumberedLine> {
    let from = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const code = chunk.charCodeAt(at);
      if (code === lineFeed) this.#line += 1;
      const wasOutside = this.#depth === 0;
      const endsElement = this.#step(code);
      if (this.problem !== undefined) return;
      if (endsElement) yield* this.#take(chunk.slice(from, at));
      if (endsElement || wasOutside) from = at + 1;
    }
    if (this.#depth > 0) this.#keep(chunk.slice(from));
  }

  /** Returns the error at the end of the text, if any. */
  end(): ArrayProblem | undefined {
    if (this.#depth === 0) return undefined;
    return { line: this.#startLine ?? this.#line, problem: 'begins in a JSON array that is never closed' };
  }

  /** Takes a character; true if an element ends before it. */
  #step(code: number): boolean {
    if (this.#inString) {
      this.#stepInString(code);
      return false;
    }
    const isBlank = code <= 32;
    if (this.#depth === 0) {
      if (code === openBracket) this.#depth = 1;
      else if (!isBlank)
        this.problem = { line: this.#line, problem: 'follows the end of a JSON array; it was not read' };
      return false;
    }
    const isEnd = this.#depth === 1 && (code === comma || code === closeBracket);
    if (!isBlank && !isEnd) this.#startLine ??= this.#line;
    this.#stepOutsideString(code);
    return isEnd;
  }

  #stepInString(code: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (code === backslash) this.#escaped = true;
    else if (code === quote) this.#inString = false;
  }

  #stepOutsideString(code: number): void {
    if (code === quote) this.#inString = true;
    else if (code === openBracket || code === openBrace) this.#depth += 1;
    else if (code === closeBracket || (code === closeBrace && this.#depth > 1)) this.#depth -= 1;
  }

  #keep(part: string): void {
    this.#chars += part.length;
    if (this.#chars > this.#maxChars) this.#parts = [];
    else if (this.#startLine !== undefined) this.#parts.push(part);
  }

  *#take(part: string): Generator<NumberedLine> {
    this.#keep(part);
    const text = this.#chars > this.#maxChars ? undefined : this.#parts.join('');
    if (this.#startLine !== undefined) yield { line: this.#startLine, text };
    this.#startLine = undefined;
    this.#parts = [];
    this.#chars = 0;
  }
}
