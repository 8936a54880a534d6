import { isObject } from '../../wire/json.js';
import { UsageError } from '../../errors.js';
import { csvRows } from './csv.js';
import { numberedLines, texts } from './lines.js';
import { badRow, isMangled, mangled, maxRowChars, rowOf, type Row, type RowForm } from './schema.js';

/**
 * Rows of NDJSON or CSV, one by one. What is wrong with one row does not stop the next.
 *
 * @throws UsageError for a CSV header that can't be right
 */
export async function* rows<F>(stream: AsyncIterable<string | Uint8Array>, form: RowForm<F>): AsyncGenerator<Row<F>> {
  const chunks = texts(stream);
  const start = await upToFirstSign(chunks);
  const all = joined(start, chunks);
  if (!isNdjson(form.name, start)) yield* csvRows(all, form);
  else if ((form.columns?.size ?? 0) === 0) yield* jsonRows(all, form);
  else throw new UsageError(`${form.name} is NDJSON, and only columns of CSV are renamed`);
}

/** The name's extension tells, and else the first sign; rows of JSON are that under any name. */
function isNdjson(name: string, start: string): boolean {
  const first = start.trimStart().charAt(0);
  if (/\.(ndjson|jsonl)$/i.test(name) || first === '{') return true;
  if (first === '[' && !/\.csv$/i.test(name)) {
    throw new UsageError(`${name} is a JSON array, not one object a line`, { hint: "make it so with: jq -c '.[]'" });
  }
  return false;
}

/** Reads until something else than blanks has come. */
async function upToFirstSign(chunks: AsyncGenerator<string>): Promise<string> {
  let start = '';
  while (start.trim() === '') {
    const next = await chunks.next();
    if (next.done === true) break;
    start += next.value;
  }
  return start;
}

async function* joined(start: string, chunks: AsyncGenerator<string>): AsyncGenerator<string> {
  yield start;
  yield* chunks;
}

async function* jsonRows<F>(chunks: AsyncIterable<string>, form: RowForm<F>): AsyncGenerator<Row<F>> {
  for await (const { line, text } of numberedLines(chunks, maxRowChars)) {
    if (text === undefined) yield badRow(line, `is longer than ${maxRowChars} characters`);
    else if (text.trim() !== '') yield jsonRow(line, text, form);
  }
}

/** A row of NDJSON, or what is wrong with it. */
export function jsonRow<F>(line: number, text: string, form: RowForm<F>): Row<F> {
  if (isMangled(text)) return badRow(line, mangled);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return badRow(line, 'is not JSON');
  }
  if (!isObject(value)) return badRow(line, 'is JSON, but not an object');
  const given = Object.entries(value).filter(([, json]) => json !== null);
  return rowOf(
    line,
    given.map(([name, json]) => ({ name, read: (field) => field.json(json) })),
    form,
  );
}
