import { wrapAnsi } from 'fast-wrap-ansi';

/** Continuation lines are indented, so that each message is seen as one. */
const indent = '  ';
/** A terminal narrower than this is left to break lines itself. */
const narrowest = 20;

/** The text before a command to type, and the command. */
const withCommand = /^(.*\S) (clarifai-inputs .*)$/su;

/**
 * A line that stays on the screen, broken between its words; a long word is left to the terminal, which lets it be
 * copied whole.
 *
 * @param width - places in a line; undefined off a terminal, where a line stays as it is
 */
export function wrapLine(line: string, width: number | undefined): string {
  if (width === undefined || width < narrowest || line.length < width / 2) return line;
  const [, before, command] = withCommand.exec(line) ?? [];
  // a command in pieces could not be copied: it gets a line of its own, which the terminal breaks where it must
  if (before !== undefined && command !== undefined && line.length > room(width)) {
    return `${wrapWords(before, width)}\n${indent}${command}`;
  }
  return wrapWords(line, width);
}

/** Places in a line that may be continued. */
function room(width: number): number {
  return width - indent.length - 1;
}

/** A text broken between its words. */
export function wrapWords(line: string, width: number): string {
  return wrapAnsi(line, room(width), { trim: true }).replaceAll('\n', `\n${indent}`);
}
