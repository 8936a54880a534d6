import { wrapAnsi } from 'fast-wrap-ansi';

/** What continues a line stands a little to the right, so that each message is seen as one. */
const indent = '  ';
/** A terminal narrower than this is left to break lines itself. */
const narrowest = 20;

export interface WrapOptions {
  /** Places in a line; undefined off a terminal, where a line stays as it is. */
  readonly width: number | undefined;
  /** True where the terminal cuts what is too long: then a long word is broken as well, else it can be copied whole. */
  readonly breakWords: boolean;
}

/** A line that stays on the screen, broken between its words; nothing of it is cut. */
export function wrapLine(line: string, { width, breakWords }: WrapOptions): string {
  if (width === undefined || width < narrowest || line.length < width / 2) return line;
  const rows = wrapAnsi(line, width - indent.length - 1, { hard: breakWords, trim: true });
  return rows.replaceAll('\n', `\n${indent}`);
}
