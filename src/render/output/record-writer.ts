import { isObject, valueAt, type Json, type JsonObject } from '../../wire/json.js';
import type { DataOutput } from './data-output.js';
import type { OutputForm } from './output-forms.js';
import { plain, safeJson } from '../text.js';
import { tableLines } from './table.js';
import { jsonText } from '../../core/model/json-text.js';

/** A column of a table or CSV. */
export interface Column {
  readonly name: string;
  readonly value: (record: JsonObject) => Json | undefined;
  /** The cell of CSV, where it is not what a table shows. */
  readonly csv?: (record: JsonObject) => Json | undefined;
  /** What JSON has under this name when it is asked for as a field, where that is not what a table shows. */
  readonly json?: (record: JsonObject) => Json | undefined;
  /** False for a column that only CSV has unless it is asked for. */
  readonly isForTables?: boolean;
}

export interface RecordsOptions {
  readonly form: OutputForm;
  /** Names of columns, or paths in the JSON such as `status.code`: the columns, or what is left of each object. */
  readonly fields: readonly string[] | undefined;
  /** The columns where no fields are asked for. */
  readonly columns: readonly Column[];
}

/** Writes records in one of the output forms, page by page, as they come. */
export class RecordWriter {
  readonly #out: DataOutput;
  readonly #options: RecordsOptions;
  readonly #columns: readonly Column[];
  readonly #paths: readonly Column[];
  /** Fields that no record had so far. */
  readonly #unseen: Set<string>;
  #begun = false;

  constructor(out: DataOutput, options: RecordsOptions) {
    this.#out = out;
    this.#options = options;
    const { fields, columns } = options;
    const byName = new Map(columns.map((column) => [column.name, column]));
    this.#columns =
      fields?.map((field) => byName.get(field) ?? pathColumn(field)) ??
      columns.filter(({ isForTables }) => isForTables !== false || options.form === 'csv');
    this.#paths = (fields ?? []).filter((field) => !byName.has(field)).map(pathColumn);
    this.#unseen = new Set(this.#paths.map(({ name }) => name));
  }

  /** Paths that were asked for and that none of the records had; empty while there was no record. */
  get unseenFields(): readonly string[] {
    return this.#begun ? [...this.#unseen] : [];
  }

  /** True once nobody reads: a reading command may stop. */
  get closed(): boolean {
    return this.#out.closed;
  }

  async write(records: readonly JsonObject[]): Promise<void> {
    if (records.length === 0) return;
    for (const { name, value } of this.#paths) {
      if (this.#unseen.has(name) && records.some((record) => value(record) !== undefined)) this.#unseen.delete(name);
    }
    await this.#out.write(this.#page(records));
    this.#begun = true;
  }

  /** Closes what was opened: even with no record, `json` is an array and a table has its head. */
  async end(): Promise<void> {
    if (this.#options.form === 'json') await this.#out.write(this.#begun ? '\n]\n' : '[]\n');
    else if (!this.#begun && this.#options.form === 'csv') await this.#out.write(this.#csvHead());
  }

  #page(records: readonly JsonObject[]): string {
    switch (this.#options.form) {
      case 'json':
        return (this.#begun ? ',\n' : '[\n') + records.map((record) => this.#json(record)).join(',\n');
      case 'ndjson':
        return records.map((record) => `${this.#json(record)}\n`).join('');
      case 'ids':
        return records.map((record) => this.#id(record)).join('');
      case 'csv':
        return (this.#begun ? '' : this.#csvHead()) + records.map((record) => this.#csvRow(record)).join('');
      case 'table':
        return this.#table(records);
    }
  }

  #json(record: JsonObject): string {
    return safeJson(this.#options.fields === undefined ? record : pickFields(record, this.#columns));
  }

  #id(record: JsonObject): string {
    const id = record['id'];
    if (typeof id !== 'string') return '';
    return `${this.#out.isTTY ? plain(id) : id}\n`;
  }

  #csvHead(): string {
    return csvLine(this.#columns.map(({ name }) => name));
  }

  #csvRow(record: JsonObject): string {
    const cells = this.#columns.map(({ value, csv = value }) => cellText(csv(record)));
    return csvLine(this.#out.isTTY ? cells.map(plain) : cells);
  }

  #table(records: readonly JsonObject[]): string {
    const rows = records.map((record) => this.#columns.map(({ value }) => plain(cellText(value(record)))));
    if (!this.#out.isTTY) return rows.map((row) => `${row.join('\t')}\n`).join('');
    const head = this.#begun ? [] : [this.#columns.map(({ name }) => name.toUpperCase())];
    return tableLines([...head, ...rows], this.#out.columns ?? 80);
  }
}

function pathColumn(field: string): Column {
  const path = field.split('.');
  return { name: field, value: (record) => valueAt(record, path) };
}

/** The parts of an object that fields name: a path keeps its place, a column that is no path of its own has its name. */
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

/** A value as a cell: text as it is, nothing as nothing, the rest as JSON. */
function cellText(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : jsonText(value);
}

/** One line of CSV. Source: RFC 4180; lines end in LF, as the shell's tools want. */
export function csvLine(cells: readonly string[]): string {
  const quoted = cells.map((cell) => (/[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell));
  return `${quoted.join(',')}\n`;
}
