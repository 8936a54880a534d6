import { sanitizeForTerminal } from '../text.js';
import { cellText, type RecordFormat } from './record-format.js';
import { Table, type GivesWay } from './table.js';

/** Columns by name, the most dispensable first. The id always stays: the next command needs it. */
const givesWay: ReadonlyMap<string, GivesWay> = new Map<string, GivesWay>([
  ['id', 'never'],
  ['created_at', 'first'],
  ['modified_at', 'first'],
  ['status', 'second'],
]);

/** Aligned columns on a terminal; elsewhere tab-separated and without a head, as `cut` takes it. */
export function createTableFormat(): RecordFormat {
  let table: Table | undefined;
  return {
    page(records, { columns, isTTY, width }, isFirst) {
      const rows = records.map((record) => columns.map(({ value }) => sanitizeForTerminal(cellText(value(record)))));
      if (!isTTY) return rows.map((row) => `${row.join('\t')}\n`).join('');
      const titles = columns.map(({ name }) => name.toUpperCase());
      table ??= new Table(
        columns.map(({ name }) => givesWay.get(name) ?? 'last'),
        titles,
      );
      const head = isFirst ? [titles] : [];
      return table.page([...head, ...rows], width);
    },
    end: () => '',
    single: (record, { columns }) =>
      columns.map(({ name, value }) => `${name}\t${sanitizeForTerminal(cellText(value(record)))}\n`).join(''),
  };
}
