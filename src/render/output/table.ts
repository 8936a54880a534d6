import stringWidth from 'string-width';
import { truncate } from '../text-width.js';

const gap = '  ';
/** A column keeps at least so many places when the terminal is narrow, and its title if that is longer. */
const narrowest = 6;
/** A long text, such as an address, keeps so many while other columns give way. */
const readable = 32;
/** A time keeps its date. */
const dateWidth = 10;

/** When a column is narrowed where the terminal is too narrow; a column that never is stays whole in every row. */
export type GivesWay = 'first' | 'second' | 'last' | 'never';

/** Rows as aligned lines; columns only grow from one page to the next, so that what comes later stands below. */
export class Table {
  readonly #givesWay: readonly GivesWay[];
  /** Widths of the titles. */
  readonly #titles: readonly number[];
  #natural: readonly number[];
  #widths: readonly number[] = [];

  constructor(givesWay: readonly GivesWay[], titles: readonly string[]) {
    this.#givesWay = givesWay;
    this.#titles = titles.map((title) => stringWidth(title));
    this.#natural = this.#titles;
  }

  /**
   * @param rows - cells of plain text, one for each column
   * @param width - places that a line may take; only a column that never gives way makes it longer
   */
  page(rows: readonly (readonly string[])[], width: number): string {
    this.#natural = this.#givesWay.map((_, index) =>
      rows.reduce((most, row) => Math.max(most, stringWidth(row[index] ?? '')), this.#natural[index] ?? 0),
    );
    const widths = this.#fit(width);
    this.#widths = widths;
    return rows
      .map((row) => row.flatMap((cell, index) => this.#shownCell(cell, index, widths[index] ?? 0)).join(gap))
      .map((line) => `${line.trimEnd()}\n`)
      .join('');
  }

  /** Places of the columns that the latest page left out. */
  get leftOut(): readonly number[] {
    return [...this.#widths.keys()].filter((index) => this.#widths[index] === 0 && (this.#natural[index] ?? 0) > 0);
  }

  /** True if the latest page had no room for the longest text of some column. */
  get isCut(): boolean {
    return this.#widths.some((width, index) => width < (this.#natural[index] ?? 0));
  }

  #shownCell(cell: string, index: number, width: number): readonly string[] {
    if (width === 0) return [];
    const text = this.#givesWay[index] === 'never' ? cell : truncate(cell, width);
    return [text + ' '.repeat(Math.max(0, width - stringWidth(text)))];
  }

  /** Narrows the columns in their order, the widest of each kind first, and leaves out those that still do not fit. */
  #fit(width: number): readonly number[] {
    const widths = [...this.#natural];
    this.#narrow(widths, { kind: 'last', least: readable }, width);
    this.#narrow(widths, { kind: 'first', least: dateWidth }, width);
    this.#leaveOut(widths, 'first', width);
    this.#narrow(widths, { kind: 'second', least: narrowest }, width);
    this.#narrow(widths, { kind: 'last', least: narrowest }, width);
    this.#leaveOut(widths, 'last', width);
    this.#leaveOut(widths, 'second', width);
    this.#widen(widths, width);
    return widths;
  }

  /** From the right; the first column always stays. */
  #leaveOut(widths: number[], kind: GivesWay, width: number): void {
    for (let index = widths.length - 1; index > 0 && excessOf(widths, width) > 0; index -= 1) {
      if (this.#givesWay[index] === kind) widths[index] = 0;
    }
  }

  #narrow(widths: number[], { kind, least }: { readonly kind: GivesWay; readonly least: number }, width: number): void {
    for (let excess = excessOf(widths, width); excess > 0; excess -= 1) {
      const own = widths.map((one, index) =>
        this.#givesWay[index] === kind && one > Math.max(least, this.#titles[index] ?? 0) ? one : 0,
      );
      const most = Math.max(...own);
      if (most === 0) return;
      widths[own.indexOf(most)] = most - 1;
    }
  }

  /** Gives the columns that are shown what the ones that were left out did not need. */
  #widen(widths: number[], width: number): void {
    for (const [index, natural] of this.#natural.entries()) {
      const shown = widths[index] ?? 0;
      if (shown > 0) widths[index] = Math.min(natural, shown + Math.max(0, -excessOf(widths, width)));
    }
  }
}

function excessOf(widths: readonly number[], width: number): number {
  const shown = widths.filter((one) => one > 0);
  return shown.reduce((sum, one) => sum + one, 0) + gap.length * (shown.length - 1) - width;
}
