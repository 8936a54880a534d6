import { plain } from '../text.js';
import { cellText, type RecordFormat } from './record-format.js';
import { tableLines } from './table.js';

/** Aligned columns on a terminal; elsewhere tab-separated and without a head, as `cut` takes it. */
export const tableFormat: RecordFormat = {
  page(records, { columns, isTTY, width }, isFirst) {
    const rows = records.map((record) => columns.map(({ value }) => plain(cellText(value(record)))));
    if (!isTTY) return rows.map((row) => `${row.join('\t')}\n`).join('');
    const head = isFirst ? [columns.map(({ name }) => name.toUpperCase())] : [];
    return tableLines([...head, ...rows], width);
  },
  end: () => '',
  single: (record, { columns }) =>
    columns.map(({ name, value }) => `${name}\t${plain(cellText(value(record)))}\n`).join(''),
};
