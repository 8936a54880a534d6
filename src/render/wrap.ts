import { wrapAnsi } from 'fast-wrap-ansi';

/** Continuation lines are indented, so that each message is seen as one. */
const indent = '  ';
/** A terminal narrower than this is left to break lines itself. */
const narrowest = 20;

export interface WrapOptions {
  /** Places in a line; undefined off a terminal, where a line stays as it is. */
  readonly width: number | undefined;
  /** True where the terminal cuts what is too long: then a long word is broken as well, else it can be copied whole. */
  readonly breakWords: boolean;
}

/** The text before a command to type, and the command. */
const withCommand = /^(.*\S) (clarifai-inputs .*)$/su;

/** A line that stays on the screen, broken between its words; nothing of it is cut. */
export function wrapLine(line: string, { width, breakWords }: WrapOptions): string {
  if (width === undefined || width < narrowest || line.length < width / 2) return line;
  const [, before, command] = withCommand.exec(line) ?? [];
  // a command in pieces could not be copied: it gets a line of its own, which the terminal breaks where it must
  if (before !== undefined && command !== undefined && line.length >= width && !breakWords) {
    return `${wrapWords(before, width, false)}\n${indent}${command}`;
  }
  return wrapWords(line, width, breakWords);
}

function wrapWords(line: string, width: number, hard: boolean): string {
  return wrapAnsi(line, width - indent.length - 1, { hard, trim: true }).replaceAll('\n', `\n${indent}`);
}
