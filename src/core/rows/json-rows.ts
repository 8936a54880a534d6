import { hasInvalidUtf8, invalidUtf8 } from './text-decoder.js';
import { type Json, type JsonObject, isList, isObject } from '../../wire/json.js';
import { jsonElements } from './json-array.js';
import { numberedLines } from './lines.js';
import {
  badRow,
  listFields,
  maxRowChars,
  parseRow,
  quoteNames,
  type GivenField,
  type Row,
  type RowFields,
  type RowSchema,
} from './schema.js';

const tooLong = `is longer than ${maxRowChars} characters`;

/** Rows of NDJSON: an object a line. */
export async function* ndjsonRows(chunks: AsyncIterable<string>, schema: RowSchema): AsyncGenerator<Row> {
  for await (const { line, text } of numberedLines(chunks, maxRowChars)) {
    if (text === undefined) yield badRow(line, tooLong);
    else if (text.trim() !== '') yield jsonRow(line, text, schema);
  }
}

/** Rows of a JSON array, one by one as they come. */
export async function* jsonArrayRows(chunks: AsyncIterable<string>, schema: RowSchema): AsyncGenerator<Row> {
  for await (const element of jsonElements(chunks, maxRowChars)) {
    if ('problem' in element) yield badRow(element.line, element.problem);
    else if (element.text === undefined) yield badRow(element.line, tooLong);
    else yield jsonRow(element.line, element.text, schema);
  }
}

/** A row of JSON, or what is wrong with it. */
export function jsonRow(line: number, text: string, schema: RowSchema): Row {
  if (hasInvalidUtf8(text)) return badRow(line, invalidUtf8);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const problem = text.trim() === '{' ? 'is not JSON: each line must contain a whole object' : 'is not JSON';
    return badRow(line, problem, { row: text });
  }
  if (!isObject(value)) return badRow(line, 'is JSON, but not an object', { row: text });
  const { given, unknown } = givenFields(value, schema);
  const row = parseRow({ line, given, cleared: clearedNames(value), json: text }, schema);
  if (unknown.length === 0) return row;
  return {
    ...row,
    problem: `has unknown field ${quoteNames(unknown)}; known are ${listFields(schema.known)}`,
    rejected: { ...row.rejected, ...Object.fromEntries(unknown.map((name) => [name, value[name] ?? null])) },
  };
}

interface GivenFields {
  readonly given: readonly GivenField[];
  readonly unknown: readonly string[];
}

function givenFields(row: JsonObject, { known, columns }: RowSchema): GivenFields {
  const isPrinted = known.has('data') && isObject(row['data']);
  const names = Object.keys(row).filter((name) => row[name] !== null);
  const isOther = (name: string): boolean => !known.has(name);
  // what a row says itself comes after what its data says
  const fields = names
    .filter((name) => !isOther(name))
    .toSorted((a, b) => Number(b === 'data') - Number(a === 'data'))
    .map((name) => given(name, row, () => known.get(name)?.json(row[name] ?? null) ?? {}));
  const others = names.filter(isOther);
  if (columns?.other === 'metadata') {
    const keys = others.map((name) => given(name, row, () => metadataKey(name, row[name] ?? null)));
    return { given: [...fields, ...keys], unknown: [] };
  }
  // what the service says of an input may grow
  return { given: fields, unknown: isPrinted || columns?.other === 'ignore' ? [] : others };
}

function given(name: string, row: JsonObject, read: GivenField['read']): GivenField {
  return { name, value: row[name] ?? null, read };
}

function metadataKey(name: string, value: Json): RowFields {
  return { metadataKeys: { [name]: value } };
}

/** Names of fields that are null, empty lists or empty objects, in the row itself or in its data. */
function clearedNames(row: JsonObject): readonly string[] {
  const data = row['data'];
  const entries = [...(isObject(data) ? Object.entries(data) : []), ...Object.entries(row)];
  return entries.filter(([, value]) => isEmpty(value)).map(([name]) => name);
}

function isEmpty(value: Json): boolean {
  if (isList(value)) return value.length === 0;
  return value === null || (isObject(value) && Object.keys(value).length === 0);
}
