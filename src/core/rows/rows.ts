import { texts } from './text-decoder.js';
import { UsageError } from '../../errors.js';
import { csvRows } from './csv.js';
import { jsonArrayRows, ndjsonRows } from './json-rows.js';
import type { Row, RowSchema } from './schema.js';

/**
 * Rows of NDJSON, a JSON array or CSV, one by one. What is wrong with one row does not stop the next.
 *
 * @throws UsageError for a CSV header that can't be right
 */
export async function* rows(stream: AsyncIterable<string | Uint8Array>, schema: RowSchema): AsyncGenerator<Row> {
  const chunks = texts(stream);
  const start = await readUntilNonBlank(chunks);
  yield* rowsOf(start, chunks, schema);
}

/** The rows of a text whose beginning was read. */
export async function* rowsOf(start: string, chunks: AsyncIterable<string>, schema: RowSchema): AsyncGenerator<Row> {
  const all = prepend(start, chunks);
  const form = formOf(schema.name, start);
  if (form === 'csv') yield* csvRows(all, schema);
  else if ((schema.columns?.map.size ?? 0) > 0) {
    throw new UsageError(
      `${schema.name} is ${form === 'ndjson' ? 'NDJSON' : 'JSON'}: only the columns of CSV can be renamed`,
    );
  } else yield* form === 'ndjson' ? ndjsonRows(all, schema) : jsonArrayRows(all, schema);
}

/** The first character tells, and the name's extension where it does not. */
function formOf(name: string, start: string): 'ndjson' | 'array' | 'csv' {
  const first = start.trimStart().charAt(0);
  if (first === '{') return 'ndjson';
  if (first === '[' && !/\.(csv|tsv|txt)$/i.test(name)) return 'array';
  return /\.(ndjson|jsonl|json)$/i.test(name) ? 'ndjson' : 'csv';
}

/** Reads until something other than blanks has come. */
export async function readUntilNonBlank(chunks: AsyncGenerator<string>): Promise<string> {
  let start = '';
  while (start.trim() === '') {
    const next = await chunks.next();
    if (next.done === true) break;
    start += next.value;
  }
  return start;
}

/** A text whose beginning was read already. */
export async function* prepend(start: string, chunks: AsyncIterable<string>): AsyncGenerator<string> {
  yield start;
  yield* chunks;
}
