import { Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import type { TextOutput } from '../../context.js';
import { removeKittyPictures, type CellSize } from '../picture/picture.js';

const escape = '\u001b';
/** Source of these and the other sequences: xterm's control sequences. */
const alternateScreen = { enter: `${escape}[?1049h`, leave: `${escape}[?1049l` };
const clearScreen = `${escape}[2J`;
const clearLine = `${escape}[2K`;
const cursor = { save: `${escape}7`, restore: `${escape}8`, show: `${escape}[?25h` };
const assumed = { columns: 80, rows: 24 };

/** Where a tagger is shown: what there is to see above, its prompt below. */
export interface Screen {
  /** The stream that the prompt writes to. */
  readonly output: NodeJS.WritableStream;
  readonly columns: number;
  /** The lines above the prompt. */
  readonly above: CellSize;
  open(): void;
  /** Shows lines above the prompt. */
  show(lines: readonly string[]): void;
  /** The terminal has another size: begins anew, with the cursor where a prompt of the same height ends. */
  resized(): void;
  close(): void;
}

export interface FullScreenOptions {
  /** Lines of the prompt, always. */
  readonly promptRows: number;
  /** True where pictures are drawn by kitty's protocol: text does not overwrite them. */
  readonly overKitty: boolean;
}

/** The whole of a terminal; what was on it before comes back at the end. */
export function createFullScreen(stderr: TextOutput, { promptRows, overKitty }: FullScreenOptions): Screen {
  const removePictures = overKitty ? removeKittyPictures : '';
  const size = (): CellSize => ({ columns: stderr.columns ?? assumed.columns, rows: stderr.rows ?? assumed.rows });
  const roomAbove = (): CellSize => ({ columns: size().columns - 1, rows: Math.max(0, size().rows - promptRows) });
  const to = (row: number): string => `${escape}[${row};1H`;
  let above = roomAbove();
  let shown: readonly string[] = [];
  return {
    output: stderr,
    get columns() {
      return size().columns;
    },
    get above() {
      return above;
    },
    open: () => void stderr.write(alternateScreen.enter + clearScreen + to(above.rows + 1)),
    show(lines) {
      if (lines === shown) return;
      shown = lines;
      const rows = Array.from({ length: above.rows }, (_, row) => `${to(row + 1)}${clearLine}${lines[row] ?? ''}`);
      stderr.write(cursor.save + removePictures + rows.join('') + cursor.restore);
    },
    resized() {
      above = roomAbove();
      shown = [];
      stderr.write(removePictures + clearScreen + to(size().rows));
    },
    close: () => void stderr.write(removePictures + alternateScreen.leave + cursor.show),
  };
}

/** For a terminal that knows no escape sequences: each change is printed below the one before. */
export function createPlainScreen(stderr: TextOutput): Screen {
  let shown: readonly string[] = [];
  let last = '';
  const output = Object.assign(
    new Writable({
      write(chunk: Buffer, _, done) {
        const text = stripVTControlCharacters(chunk.toString()).trim();
        if (text !== '' && text !== last) stderr.write(`\n${text}\n`);
        if (text !== '') last = text;
        done();
      },
    }),
    { columns: stderr.columns ?? assumed.columns },
  );
  return {
    output,
    columns: output.columns,
    above: { columns: output.columns - 1, rows: 12 },
    open: () => undefined,
    show(lines) {
      if (lines === shown) return;
      shown = lines;
      stderr.write(`\n${lines.join('\n')}\n`);
    },
    resized: () => undefined,
    close: () => undefined,
  };
}
