import type { JsonObject } from '../../wire/json.js';
import { sanitizeForTerminal } from '../text.js';
import { cellText, type RecordFormat, type RecordLayout } from './record-format.js';

/** A head and a line per record; the head alone where there is none. */
export const csvFormat: RecordFormat = {
  page: (records, layout, isFirst) =>
    (isFirst ? headLine(layout) : '') + records.map((record) => rowLine(record, layout)).join(''),
  end: (layout, isEmpty) => (isEmpty ? headLine(layout) : ''),
  single: (record, layout) => headLine(layout) + rowLine(record, layout),
};

function headLine({ columns }: RecordLayout): string {
  return csvLine(columns.map(({ name }) => name));
}

function rowLine(record: JsonObject, { columns, isTTY }: RecordLayout): string {
  const cells = columns.map(({ value, csv = value }) => cellText(csv(record)));
  return csvLine(isTTY ? cells.map(sanitizeForTerminal) : cells);
}

/** One line of CSV. Source: RFC 4180; lines end in LF, as the shell's tools want. */
export function csvLine(cells: readonly string[]): string {
  const quoted = cells.map((cell) => (/[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell));
  return `${quoted.join(',')}\n`;
}
