import type { Parser } from 'csv-parse';
import { UsageError } from '../../errors.js';
import {
  badRow,
  isMangled,
  mangled,
  maxRowChars,
  rowOf,
  unknownText,
  type Field,
  type Row,
  type RowForm,
} from './schema.js';

type Cells = readonly string[];

/**
 * Rows of CSV with a header. LF and CRLF end a row, blank lines are passed over.
 *
 * @throws UsageError for a header with unknown, doubled or missing columns
 */
export async function* csvRows<F>(chunks: AsyncIterable<string>, form: RowForm<F>): AsyncGenerator<Row<F>> {
  let line = 1;
  let header: Cells | undefined;
  for await (const record of records(chunks)) {
    if (typeof record === 'string') {
      if (header === undefined) throw new UsageError(`${form.name}: the header ${record}`);
      yield badRow(line, `${record}; what follows was not read`);
      return;
    }
    if (record.length > 1 || record[0]?.trim() !== '') {
      if (header === undefined) header = headerOf(record, form);
      else yield csvRow(line, { header, cells: record }, form);
    }
    // only a field can hold a line end; each record ends in one more
    line += record.reduce((count, cell) => count + cell.split('\n').length - 1, 1);
  }
}

/** The cells of each record, and, if the text is no CSV from some place on, in the end what is wrong there. */
async function* records(chunks: AsyncIterable<string>): AsyncGenerator<Cells | string> {
  const { Parser } = await import('csv-parse');
  const read: Cells[] = [];
  // records are gathered here: read from the stream, those before an error would be lost with it
  const parser = new Parser({
    record_delimiter: ['\r\n', '\n'],
    relax_column_count: true,
    max_record_size: maxRowChars,
    on_record: (record) => {
      read.push(record);
      return null;
    },
  });
  parser.on('error', () => undefined); // told to whoever wrote
  try {
    for await (const chunk of chunks) {
      const problem = await written(parser, chunk);
      yield* read.splice(0);
      if (problem === undefined) continue;
      yield problem;
      return;
    }
    const problem = await written(parser, undefined);
    yield* read.splice(0);
    if (problem !== undefined) yield problem;
  } finally {
    parser.destroy();
  }
}

/** Writes a chunk, or the end; tells what is wrong. */
async function written(parser: Parser, chunk: string | undefined): Promise<string | undefined> {
  const error = await new Promise<unknown>((resolve) => {
    if (chunk === undefined) parser.end(resolve);
    else parser.write(chunk, resolve);
  });
  return error instanceof Error ? problemOf(error) : undefined;
}

function problemOf(error: Error): string {
  const code = 'code' in error ? error.code : undefined;
  switch (code) {
    case 'CSV_MAX_RECORD_SIZE':
      return `is longer than ${maxRowChars} characters, or a quote in it is never closed`;
    case 'CSV_QUOTE_NOT_CLOSED':
      return 'opens a quote that is never closed';
    case 'CSV_INVALID_CLOSING_QUOTE':
    case 'INVALID_OPENING_QUOTE':
      return 'has a quote where none may be: quote the whole cell, and double the quotes in it';
    default:
      throw error;
  }
}

function headerOf<F>(cells: Cells, form: RowForm<F>): Cells {
  const columns = cells.map((cell) => cell.trim());
  if (columns.some((column) => isMangled(column) || column.includes('\0'))) {
    throw new UsageError(`${form.name}: the header ${mangled}`, { hint: 'save it as CSV in UTF-8' });
  }
  const unmet = [...(form.columns?.keys() ?? [])].find((column) => !columns.includes(column));
  if (unmet !== undefined) throw new UsageError(`${form.name}: no column '${unmet}' to rename`);
  const header = columns.map((column) => form.columns?.get(column) ?? column);
  const unknown = columns.filter((_, index) => !form.known.has(header[index] ?? ''));
  if (unknown.length > 0) throw new UsageError(`${form.name}: ${unknownText('column', unknown, form)}`);
  const doubled = header.find((name, index) => header.indexOf(name) < index);
  if (doubled !== undefined) throw new UsageError(`${form.name}: two columns are '${doubled}'`);
  const missing = form.required.find((name) => !header.includes(name));
  if (missing !== undefined) throw new UsageError(`${form.name}: no column '${missing}'`);
  return header;
}

function csvRow<F>(
  line: number,
  { header, cells }: { readonly header: Cells; readonly cells: Cells },
  form: RowForm<F>,
): Row<F> {
  if (cells.some(isMangled)) return badRow(line, mangled);
  const given = header.flatMap((name, index) => {
    const cell = cells[index] ?? '';
    const text = cell.trim();
    return text === '' ? [] : [{ name, read: (field: Field<F>) => field.cell(field.verbatim === true ? cell : text) }];
  });
  const row = rowOf(line, given, form);
  if (cells.length === header.length) return row;
  return { ...row, problem: `has ${cells.length} cells, where the header has ${header.length}` };
}
