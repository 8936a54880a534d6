import { isObject, valueAt } from '../../wire/json.js';
import { jsonText } from '../../core/model/json-text.js';
import type { Json, JsonObject } from '../../wire/json.js';
import { safeJson } from '../text.js';

/** A column of a table or CSV. */
export interface Column {
  readonly name: string;
  readonly value: (record: JsonObject) => Json | undefined;
  /** The cell of CSV, where it is not what a table shows. */
  readonly csv?: (record: JsonObject) => Json | undefined;
  /** The JSON value of this field, if it differs from the table's. */
  readonly json?: (record: JsonObject) => Json | undefined;
  /** False for a column that only CSV has unless it is asked for. */
  readonly isForTables?: boolean;
}

/** The columns and fields to show of each record. */
export interface RecordLayout {
  /** Those that are asked for, else the usual ones of the command. */
  readonly columns: readonly Column[];
  /** True if fields are asked for: they are what is left of each object. */
  readonly isPicked: boolean;
  /** True if no value may be cut, as in a plan. */
  readonly isWhole: boolean;
  readonly isTTY: boolean;
  /** Columns of the terminal. */
  readonly width: number;
}

/** One of the output forms. */
export interface RecordFormat {
  /** A page of records; the first one opens what `end` closes. */
  page(records: readonly JsonObject[], layout: RecordLayout, isFirst: boolean): string;
  /** The text after the last page, or instead of all pages if there was none. */
  end(layout: RecordLayout, isEmpty: boolean): string;
  /** Names of columns that the terminal had no room for so far. */
  readonly leftOut?: ReadonlySet<string>;
  /** One object that is all there is to print, and no list of one: the counts of an app. */
  single(record: JsonObject, layout: RecordLayout): string;
}

/** The column of a path that `--fields` names. */
export function fieldColumn(field: string): Column {
  const path = field.split('.');
  return { name: field, value: (record) => valueAt(record, path) };
}

/** A record as JSON on one line, or what the fields leave of it. */
export function recordJson(record: JsonObject, { columns, isPicked }: RecordLayout): string {
  return safeJson(isPicked ? pickFields(record, columns) : record);
}

/** A value as a cell: text as it is, nothing as nothing, the rest as JSON. */
export function cellText(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : jsonText(value);
}

/** The parts of an object that fields name: a path keeps its place, a column that is not a path keeps its name. */
function pickFields(record: JsonObject, columns: readonly Column[]): JsonObject {
  const result: Record<string, Json> = {};
  for (const { name, value, json = value } of columns) {
    const path = name.split('.');
    const found = valueAt(record, path) ?? json(record);
    if (found !== undefined) put(result, path, found);
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
