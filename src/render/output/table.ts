import stringWidth from 'string-width';
import { truncated } from '../text-width.js';

const gap = '  ';
/** A column keeps at least so many places when the terminal is narrow. */
const narrowest = 6;

/**
 * Rows as aligned lines no wider than the terminal; the widest columns are cut first.
 *
 * @param rows - cells of plain text, all rows of one length
 * @param width - places that a line may take
 */
export function tableLines(rows: readonly (readonly string[])[], width: number): string {
  const widths = fitted(naturalWidths(rows), width);
  return rows
    .map((row) => row.map((cell, index) => padded(cell, widths[index] ?? 0)).join(gap))
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}

function naturalWidths(rows: readonly (readonly string[])[]): number[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, stringWidth(cell));
  }
  return widths;
}

function fitted(widths: number[], width: number): number[] {
  const room = width - gap.length * (widths.length - 1);
  let excess = widths.reduce((sum, one) => sum + one, 0) - room;
  while (excess > 0) {
    const widest = widths.indexOf(Math.max(...widths));
    const have = widths[widest] ?? 0;
    if (have <= narrowest) break;
    widths[widest] = have - 1;
    excess -= 1;
  }
  return widths;
}

function padded(cell: string, width: number): string {
  const text = truncated(cell, width);
  return text + ' '.repeat(Math.max(0, width - stringWidth(text)));
}
