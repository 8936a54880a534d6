import { isObject, valueAt } from '../../wire/json.js';
import { jsonText } from '../../core/model/json-text.js';
import type { Json, JsonObject } from '../../wire/json.js';
import { safeJson } from '../text.js';

/** A column of a table or CSV. */
export interface Column {
  readonly name: string;
  readonly value: (record: JsonObject) => Json | undefined;
}

/** What is to be shown of each record, and where. */
export interface RecordLayout {
  /** Those that are asked for, else the usual ones of the command. */
  readonly columns: readonly Column[];
  /** Paths in the JSON that are asked for, such as `status.code`: what is left of each object. */
  readonly fields: readonly string[] | undefined;
  readonly isTTY: boolean;
  /** Columns of the terminal. */
  readonly width: number;
}

/** One of the output forms. */
export interface RecordFormat {
  /** A page of records; the first one opens what `end` closes. */
  page(records: readonly JsonObject[], layout: RecordLayout, isFirst: boolean): string;
  /** What stands after the last page, or in place of all where there was none. */
  end(layout: RecordLayout, isEmpty: boolean): string;
  /** One object that is all there is to print, and no list of one: the counts of an app. */
  single(record: JsonObject, layout: RecordLayout): string;
}

/** The column of a path that `--fields` names. */
export function fieldColumn(field: string): Column {
  const path = field.split('.');
  return { name: field, value: (record) => valueAt(record, path) };
}

/** A record as JSON on one line, or what the fields leave of it. */
export function recordJson(record: JsonObject, { fields }: RecordLayout): string {
  return safeJson(fields === undefined ? record : pickFields(record, fields));
}

/** A value as a cell: text as it is, nothing as nothing, the rest as JSON. */
export function cellText(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : jsonText(value);
}

/** The parts of an object that the paths name, where they stood. */
function pickFields(record: JsonObject, fields: readonly string[]): JsonObject {
  const result: Record<string, Json> = {};
  for (const field of fields) {
    const value = valueAt(record, field.split('.'));
    if (value !== undefined) put(result, field.split('.'), value);
  }
  return result;
}

function put(into: Record<string, Json>, [key, ...rest]: readonly string[], value: Json): void {
  if (key === undefined) return;
  const below: Record<string, Json> = isObject(into[key]) ? { ...into[key] } : {};
  if (rest.length > 0) put(below, rest, value);
  Object.defineProperty(into, key, {
    value: rest.length > 0 ? below : value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}
