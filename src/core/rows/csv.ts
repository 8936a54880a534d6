import { hasInvalidUtf8, invalidUtf8 } from './text-decoder.js';
import type { Parser } from 'csv-parse';
import { errorCode, UsageError } from '../../errors.js';
import { openTable, type Dialect } from './dialect.js';
import { countKnownTitles, readHeader, type ColumnGroup, type Header } from './header.js';
import { badRow, maxRowChars, parseRow, type GivenField, type Row, type RowSchema } from './schema.js';

type Cells = readonly string[];

/**
 * Rows of a table with a header, as programs and spreadsheets save it. Lines that hold nothing are passed over.
 *
 * @throws UsageError for a header with unknown, doubled or missing columns
 */
export async function* csvRows(chunks: AsyncIterable<string>, schema: RowSchema): AsyncGenerator<Row> {
  const table = await openTable(chunks, (titles) => countKnownTitles(titles, schema));
  let line = 1 + table.dialect.skippedLines;
  let header: Header | undefined;
  for await (const record of records(table.chunks, table.dialect)) {
    if (typeof record === 'string') {
      if (header === undefined) throw new UsageError(`${schema.name}: the header ${record}`);
      yield badRow(line, `${record}; what follows was not read`);
      return;
    }
    if (record.some((cell) => cell.trim() !== '')) {
      if (header === undefined) header = readHeader(record, schema);
      else yield csvRow(line, { header, cells: record }, schema);
    }
    // only a field can hold a line end; each record ends in one more
    const end = table.dialect.lineEnds.includes('\n') ? '\n' : '\r';
    line += record.reduce((count, cell) => count + cell.split(end).length - 1, 1);
  }
}

/** The cells of each record; if the text stops being CSV, what is wrong there comes last. */
async function* records(chunks: AsyncIterable<string>, dialect: Dialect): AsyncGenerator<Cells | string> {
  const { Parser } = await import('csv-parse');
  const read: Cells[] = [];
  // records are gathered here: read from the stream, those before an error would be lost with it
  const parser = new Parser({
    delimiter: dialect.separator,
    record_delimiter: [...dialect.lineEnds],
    relax_column_count: true,
    // Google Sheets quotes nothing in tables separated by tabs
    relax_quotes: dialect.separator === '\t',
    max_record_size: maxRowChars,
    ...(dialect.quotesAll && { cast: withoutNotAvailable }),
    on_record: (record) => {
      read.push(record);
      return null;
    },
  });
  parser.on('error', () => undefined); // told to whoever wrote
  try {
    for await (const chunk of chunks) {
      const problem = await writeChunk(parser, chunk);
      yield* read.splice(0);
      if (problem === undefined) continue;
      yield problem;
      return;
    }
    const problem = await writeChunk(parser, undefined);
    yield* read.splice(0);
    if (problem !== undefined) yield problem;
  } finally {
    parser.destroy();
  }
}

/** R quotes every text, and writes NA for a value that is missing. */
function withoutNotAvailable(cell: string, { quoting }: { readonly quoting: boolean }): string {
  return !quoting && cell === 'NA' ? '' : cell;
}

/** Writes a chunk, or the end; gives back what is wrong. */
async function writeChunk(parser: Parser, chunk: string | undefined): Promise<string | undefined> {
  const error = await new Promise<unknown>((resolve) => {
    if (chunk === undefined) parser.end(resolve);
    else parser.write(chunk, resolve);
  });
  return error instanceof Error ? describeProblem(error) : undefined;
}

function describeProblem(error: Error): string {
  switch (errorCode(error)) {
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

function csvRow(line: number, row: { readonly header: Header; readonly cells: Cells }, schema: RowSchema): Row {
  const { header, cells } = row;
  if (cells.some(hasInvalidUtf8)) return badRow(line, invalidUtf8);
  const given: GivenField[] = [];
  const cleared: string[] = [];
  for (const group of header.groups) {
    if (group.indexes.every((index) => (cells[index] ?? '').trim() === '')) cleared.push(group.name);
    else given.push(givenBy(group, cells));
  }
  const json = header.groups.filter(({ holdsJson }) => holdsJson).flatMap((group) => cellsOf(group, cells));
  const parsed = parseRow({ line, given, cleared, json: json.join('\n') }, schema);
  const problem = shapeProblem(row);
  // no field of a row has this name: which cell belongs to which column is not known
  return problem === undefined ? parsed : { ...parsed, problem, rejected: { ...parsed.rejected, cells: [...cells] } };
}

function givenBy(group: ColumnGroup, cells: Cells): GivenField {
  const own = cellsOf(group, cells);
  const [only = ''] = own;
  return { name: group.name, value: own.length === 1 ? only : [...own], read: () => group.read(own) };
}

function cellsOf({ indexes, verbatim }: ColumnGroup, cells: Cells): Cells {
  return indexes.map((index) => (verbatim ? (cells[index] ?? '') : (cells[index] ?? '').trim()));
}

/** Spreadsheets write empty cells beyond the last column; anything else there has lost its column. */
function shapeProblem({ header, cells }: { readonly header: Header; readonly cells: Cells }): string | undefined {
  const isMissing = cells.length < header.width;
  const isBeyond = cells.some((cell, index) => cell.trim() !== '' && index >= header.width);
  if (isMissing || isBeyond) return `has ${cells.length} cells, where the header has ${header.width}`;
  const unnamed = header.unnamed.find((index) => (cells[index] ?? '').trim() !== '');
  return unnamed === undefined ? undefined : `has a value in column ${unnamed + 1}, which has no name in the header`;
}
