import { sanitizeForTerminal } from '../text.js';
import { cellText, type RecordFormat } from './record-format.js';
import { Table, type GivesWay } from './table.js';

/** Columns by name, the most dispensable first. What the next command needs always stays. */
const givesWay: ReadonlyMap<string, GivesWay> = new Map<string, GivesWay>([
  ['id', 'never'],
  ['concept', 'never'],
  ['created_at', 'first'],
  ['modified_at', 'first'],
  ['status', 'second'],
]);

/**
 * Aligned columns on a terminal; elsewhere tab-separated and without a head, as `cut` takes it. Where a terminal is too
 * narrow for the columns of --fields, or for values that must not be cut, each record becomes a list of its fields.
 */
export function createTableFormat(): RecordFormat {
  let table: Table | undefined;
  const leftOut = new Set<string>();
  return {
    leftOut,
    page(records, layout, isFirst) {
      const { columns, isTTY, width } = layout;
      const rows = records.map((record) => columns.map(({ value }) => sanitizeForTerminal(cellText(value(record)))));
      if (!isTTY) return rows.map((row) => `${row.join('\t')}\n`).join('');
      const names = columns.map(({ name }) => name);
      const titles = names.map((name) => name.toUpperCase());
      table ??= new Table(
        names.map((name) => givesWay.get(name) ?? 'last'),
        titles,
      );
      const text = table.page([...(isFirst ? [titles] : []), ...rows], width);
      const missing = table.leftOut
        .filter((index) => rows.some((row) => row[index] !== ''))
        .flatMap((index) => names[index] ?? []);
      if ((layout.isPicked && missing.length > 0) || (layout.isWhole && table.isCut)) return listsOf(rows, names);
      for (const name of missing) if (givesWay.get(name) !== 'first') leftOut.add(name);
      return text;
    },
    end: () => '',
    single: (record, { columns }) =>
      columns.map(({ name, value }) => `${name}\t${sanitizeForTerminal(cellText(value(record)))}\n`).join(''),
  };
}

/** A line for each field that a record has, and one between records; long values are left to the terminal to wrap. */
function listsOf(rows: readonly (readonly string[])[], names: readonly string[]): string {
  const width = Math.max(...names.map((name) => name.length));
  const lists = rows.map((row) =>
    row.flatMap((cell, index) => (cell === '' ? [] : `${(names[index] ?? '').toUpperCase().padEnd(width)}  ${cell}\n`)),
  );
  return lists.map((lines) => `${lines.join('')}\n`).join('');
}
