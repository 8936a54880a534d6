import { texts } from './text-decoder.js';
import { UsageError } from '../../errors.js';
import { numberedLines } from './lines.js';
import { fieldsFor } from './row-fields.js';
import { jsonRow } from './json-rows.js';
import { prepend, readUntilNonBlank, rowsOf } from './rows.js';
import type { RowSchema } from './schema.js';

/**
 * Ids from a list: one a line, NDJSON objects with an `id` among them, or a JSON array or CSV as reading commands print
 * it.
 *
 * @param name - of the list, as errors name it
 * @throws UsageError for a line or row without an id
 */
export async function* readIds(stream: AsyncIterable<string | Uint8Array>, name: string): AsyncGenerator<string> {
  const schema: RowSchema = {
    name,
    known: fieldsFor(['id']),
    required: ['id'],
    columns: { map: new Map(), other: 'ignore' },
  };
  const chunks = texts(stream);
  const start = await readFirstLine(chunks);
  if (isTable(start)) yield* idsOfRows(start, chunks, schema);
  else yield* idsOfLines(prepend(start, chunks), schema);
}

async function* idsOfRows(start: string, chunks: AsyncIterable<string>, schema: RowSchema): AsyncGenerator<string> {
  for await (const { line, fields, problem } of rowsOf(start, chunks, schema)) {
    if (problem !== undefined || fields.id === undefined) throw badId(schema, line, problem);
    yield fields.id;
  }
}

async function* idsOfLines(chunks: AsyncIterable<string>, schema: RowSchema): AsyncGenerator<string> {
  for await (const { line, text = '' } of numberedLines(chunks)) {
    const word = text.trim();
    if (word === '') continue;
    if (!word.startsWith('{')) yield word;
    else {
      const { fields, problem } = jsonRow(line, word, schema);
      if (problem !== undefined || fields.id === undefined) throw badId(schema, line, problem);
      yield fields.id;
    }
  }
}

function badId({ name }: RowSchema, line: number, problem = 'has no id'): UsageError {
  return new UsageError(`${name} line ${line} ${problem}`);
}

/** Reads until the first line that is not blank has ended. */
async function readFirstLine(chunks: AsyncGenerator<string>): Promise<string> {
  let start = await readUntilNonBlank(chunks);
  while (!/\S[^\n\r]*[\n\r]/.test(start)) {
    const next = await chunks.next();
    if (next.done === true) break;
    start += next.value;
  }
  return start;
}

/**
 * True for a JSON array, and for CSV whose header has a column `id` among others. A line `id` alone may as well be the
 * id of an input.
 */
function isTable(start: string): boolean {
  const [first = ''] = start.trimStart().split(/[\n\r]/, 1);
  if (first.startsWith('[') || /^"?sep=/i.test(first)) return true;
  const titles = first.split(/[,;\t]/).map((title) => title.trim().replaceAll(/^"|"$/g, '').toLowerCase());
  return titles.length > 1 && ['id', 'input.id', 'inputid'].some((title) => titles.includes(title));
}
