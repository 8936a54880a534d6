import type { TextOutput } from '../context.js';
import type { RecordStatus } from '../core/model/steps.js';
import type { Colours } from '../render/colour.js';
import { failedInputText, failureText } from '../render/failure.js';
import { isJsonForm } from '../render/output/output-forms.js';
import { wrapLine } from '../render/wrap.js';
import type { MessageOptions } from './global-options.js';

/** Live drawing on stderr that can insert a line above itself. */
export interface LineWriter {
  line(text: string): void;
  /** Shows in the drawing what the run is held up by; undefined once it goes on. */
  state?(text: string | undefined): void;
}

/**
 * Writes all that goes to stderr, prompts and drawings excepted. With `-o json` or `ndjson`, what went wrong is one
 * JSON object per line; what is for a person alone stays text.
 */
export class Messages {
  readonly #stderr: TextOutput;
  readonly #options: MessageOptions;
  /** Undefined while nothing is drawn. */
  #drawing: LineWriter | undefined;
  /** Hints that were printed: one that is read twice tells nothing new. */
  readonly #hints = new Set<string>();

  constructor(stderr: TextOutput, options: MessageOptions) {
    this.#stderr = stderr;
    this.#options = options;
  }

  /** A line for a person: progress, a summary, what to type next. `--quiet` drops it. */
  info(line: string): void {
    if (!this.#options.quiet) this.#line(line);
  }

  /** The next command to type; printed once, however many failures share it. */
  hint(hint: string): void {
    this.info(`hint: ${hint}`);
  }

  /** A line that `--verbose` asks for. */
  verbose(line: string): void {
    if (this.#options.verbose) this.#line(line);
  }

  /** The subject of a prompt, printed above the question, even with `--quiet`. */
  prompt(line: string): void {
    this.#line(line);
  }

  /** An error: what failed and on what, then the next step. */
  fail(error: unknown): void {
    this.#lines(failureText(error, { json: this.#json, verbose: this.#options.verbose }));
  }

  /** One input of many for which something failed, named by its id. */
  failInput(id: string, status: RecordStatus, colours: Colours): void {
    this.#lines(failedInputText(id, status, this.#json ? 'json' : colours));
  }

  /**
   * The same for a person alone: a script has a record of it on stdout.
   *
   * @param subject - the source or the id; null for a row that names no input
   */
  echoFailure(subject: string | null, status: RecordStatus, colours: Colours): void {
    this.#lines(failedInputText(subject, status, colours));
  }

  /** Draws as it is given, such as a picture. */
  draw(text: string): void {
    this.#stderr.write(text);
  }

  /** Puts lines above a drawing from now on; undefined once it is gone. */
  set drawing(drawing: LineWriter | undefined) {
    this.#drawing = drawing;
  }

  /** Shows what the run is held up by, where something is drawn that can show it; false where nothing is. */
  showState(text: string | undefined): boolean {
    this.#drawing?.state?.(text);
    return this.#drawing?.state !== undefined;
  }

  get #json(): boolean {
    return isJsonForm(this.#options.output);
  }

  #lines(text: string): void {
    for (const line of text.trimEnd().split('\n')) this.#line(line);
  }

  #line(line: string): void {
    if (line.startsWith('hint: ')) {
      if (this.#hints.has(line)) return;
      this.#hints.add(line);
    }
    const width = this.#stderr.isTTY === true ? (this.#stderr.columns ?? 80) : undefined;
    // JSON is for a script, also on a terminal
    const isText = !line.startsWith('{');
    const text = isText ? wrapLine(line, width) : line;
    if (this.#drawing === undefined) this.#stderr.write(`${text}\n`);
    else this.#drawing.line(text);
  }
}
